"""Find where a text names people, and which words say that it is for them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nova.cosmo import vocabulary as said
from nova.cosmo.naming import MOST_WORDS, Directory, Naming, texts, units_of
from nova.cosmo.reading import Word, folded, runs_on

MOST_SIGHTINGS = 50
MOST_FILLERS = 4
WITH_INITIAL = 3  # words of "Dana M. Fischer"
MOST_BETWEEN = 2  # a name and its title
SUPPOSING_WITHIN = 6  # words before a phrase


@dataclass(frozen=True)
class Phrase:
    """Words around a name by which a text is for that person, and how much they say."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    weight: Decimal


def _phrases(ways: Sequence[str], weight: str) -> Iterator[Phrase]:
    for way in ways:
        before, _, after = way.partition("…")
        yield Phrase(folded(before), folded(after), Decimal(weight))


PHRASES = sorted(
    [
        *_phrases(said.PLAIN, "0.5"),
        *_phrases(said.OF_ASSISTANTS, "0.3"),
        *_phrases(said.BARE, "0.3"),
    ],
    key=lambda phrase: (phrase.weight, len(phrase.before) + len(phrase.after)),
    reverse=True,
)
BARE = {folded(way.replace("…", "")) for way in said.BARE}


@dataclass(frozen=True)
class Sighting:
    """That the words from `first` up to `last` name one of these people.

    `agrees` says whether name and title, side by side, mean the same person.
    """

    first: int
    last: int
    people: frozenset[int]
    naming: Naming
    has_determiner: bool = False
    is_honoured: bool = False
    agrees: bool | None = None
    is_a_belonging: bool = False


@dataclass(frozen=True)
class Reading:
    """The phrase at a sighting, if any: where it begins and ends, and what weakens it."""

    first: int
    last: int
    phrase: Phrase | None = None
    is_negated: bool = False
    is_supposed: bool = False


def sightings_in(words: Sequence[Word], directory: Directory) -> list[Sighting]:
    """Return where people are named, in the order of the text. Of what overlaps the fullest."""
    found = [*_names(words, directory), *_titles(words, directory)]
    found.sort(key=lambda s: (s.naming, s.last - s.first), reverse=True)
    kept: list[Sighting] = []
    taken: set[int] = set()
    for sighting in found:
        places = range(sighting.first, sighting.last)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(sighting)
    kept.sort(key=lambda s: s.first)
    return _side_by_side(words, kept[:MOST_SIGHTINGS])


def _names(words: Sequence[Word], directory: Directory) -> Iterator[Sighting]:
    plain = texts(words)
    for first in range(len(words)):
        if plain[first] in directory.beginnings:
            yield from _names_at(words, plain, first, directory)


def _names_at(
    words: Sequence[Word], plain: tuple[str, ...], first: int, directory: Directory
) -> Iterator[Sighting]:
    for last in range(min(first + MOST_WORDS, len(words)), first, -1):
        if not runs_on(words, first, last):
            continue
        key = plain[first:last]
        borne = directory.names.get(key) or directory.names.get(_without_initial(key))
        if borne:
            naming = max(borne.values())
            people = frozenset(pk for pk, way in borne.items() if way == naming)
            is_a_belonging = _is_a_belonging(words, last)
            found = Sighting(first, last, people, naming, is_a_belonging=is_a_belonging)
            yield _honoured(words, found)


def _without_initial(key: tuple[str, ...]) -> tuple[str, ...]:
    """Return first and last name where an initial stands between them."""
    return key[::2] if len(key) == WITH_INITIAL and len(key[1]) == 1 else key


def _honoured(words: Sequence[Word], sighting: Sighting) -> Sighting:
    before = sighting.first - 1
    is_so = before >= 0 and words[before].text in said.HONORIFICS
    return replace(sighting, is_honoured=is_so and runs_on(words, before, sighting.last))


def _titles(words: Sequence[Word], directory: Directory) -> Iterator[Sighting]:
    units = units_of(texts(words))
    for start, unit in enumerate(units):
        for end in range(min(start + MOST_WORDS, len(units)), start, -1):
            people = directory.titles.get(tuple(u.text for u in units[start:end]))
            sighting = people and _title(words, unit.first, units[end - 1].last + 1, people)
            if sighting:
                yield sighting


def _title(words: Sequence[Word], first: int, last: int, people: set[int]) -> Sighting | None:
    before = words[first - 1].text if first and not words[first].breaks else ""
    if not runs_on(words, first, last) or before in said.NO_MORE:
        return None
    return Sighting(
        *(first, last, frozenset(people), Naming.TITLE),
        has_determiner=before in said.DETERMINERS,
        is_a_belonging=_is_a_belonging(words, last),
    )


def _is_a_belonging(words: Sequence[Word], last: int) -> bool:
    """Say whether it goes on as in "the CFO's office"."""
    after = [word.text for word in words[last : last + 2]]
    return "s" in after and not said.BELONGINGS.isdisjoint(after)


def _side_by_side(words: Sequence[Word], sightings: Sequence[Sighting]) -> list[Sighting]:
    """Join a name and a title that stand beside each other: they speak of one person."""
    kept: list[Sighting] = []
    for sighting in sightings:
        beside = kept[-1] if kept else None
        if beside and _are_beside(words, beside, sighting):
            kept[-1] = _joined(beside, sighting)
        else:
            kept.append(sighting)
    return kept


def _are_beside(words: Sequence[Word], one: Sighting, other: Sighting) -> bool:
    is_pair = (one.naming == Naming.TITLE) != (other.naming == Naming.TITLE)
    between = words[one.last : other.first]
    return (
        is_pair
        and one.agrees is None
        and len(between) <= MOST_BETWEEN
        and all(word.text in said.FILLERS for word in between)
        and runs_on(words, one.last - 1, other.first + 1)
    )


def _joined(one: Sighting, other: Sighting) -> Sighting:
    name, title = (other, one) if one.naming == Naming.TITLE else (one, other)
    both = name.people & title.people
    is_full = name.naming in (Naming.FULL, Naming.INITIAL)
    return replace(
        name,
        first=one.first,
        last=other.last,
        people=both or name.people,
        naming=name.naming if is_full or not both else Naming.TITLE,
        has_determiner=True,
        agrees=bool(both),
    )


def readings_of(words: Sequence[Word], sightings: Sequence[Sighting]) -> list[Reading]:
    """Return the phrase at each sighting. In "for A and B" both are named by one phrase."""
    found: list[Reading] = []
    for place, sighting in enumerate(sightings):
        reading = _reading(words, sighting)
        if reading.phrase is None and place and _goes_on(words, sightings[place - 1], sighting):
            reading = replace(found[-1], last=sighting.last)
        found.append(reading)
    return found


def _goes_on(words: Sequence[Word], one: Sighting, other: Sighting) -> bool:
    between = words[one.last : other.first]
    return (
        0 < len(between) <= MOST_FILLERS
        and any(word.text in said.ALSO for word in between)
        and all(word.text in said.ALSO | said.FILLERS for word in between)
        and runs_on(words, one.last - 1, other.first + 1)
    )


def _reading(words: Sequence[Word], sighting: Sighting) -> Reading:
    starts = list(_starts(words, sighting))
    for phrase in PHRASES:
        for start in starts:
            first, last = start - len(phrase.before), sighting.last + len(phrase.after)
            if _is_said(words, phrase, (first, start), (sighting.last, last)):
                return _weighed(words, phrase, first, last)
    before = _sentence_before(words, starts[-1])
    return Reading(starts[-1], sighting.last, is_negated=_is_negated(before))


def _starts(words: Sequence[Word], sighting: Sighting) -> Iterator[int]:
    """Yield where a phrase before a sighting may end: also before "our" or "my boss"."""
    start = sighting.first
    yield start
    for _ in range(MOST_FILLERS):
        if not start or words[start].breaks or words[start - 1].text not in said.FILLERS:
            return
        start -= 1
        yield start


def _is_said(
    words: Sequence[Word], phrase: Phrase, before: tuple[int, int], after: tuple[int, int]
) -> bool:
    if before[0] < 0 or after[1] > len(words):
        return False
    return (
        texts(words[slice(*before)]) == phrase.before
        and texts(words[slice(*after)]) == phrase.after
        and runs_on(words, before[0], after[1])
    )


def _weighed(words: Sequence[Word], phrase: Phrase, first: int, last: int) -> Reading:
    before = _sentence_before(words, first)
    if phrase.before in BARE and before and before[-1] in said.OTHER_FOR:
        return Reading(first, last)
    is_supposed = not said.SUPPOSING.isdisjoint(before[-SUPPOSING_WITHIN:])
    return Reading(first, last, phrase, _is_negated(before), is_supposed)


def _sentence_before(words: Sequence[Word], place: int) -> list[str]:
    found: list[str] = []
    while place > 0 and not words[place].breaks and len(found) < SUPPOSING_WITHIN:
        place -= 1
        found.insert(0, words[place].text)
    return found


def _is_negated(before: list[str]) -> bool:
    while before and before[-1] in said.BESIDE_NEGATIONS:
        before = before[:-1]
    return bool(before) and before[-1] in said.NEGATIONS
