"""How people are called in texts: by which words one may mean whom. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from nova.cosmo.reading import Word, folded
from nova.cosmo.vocabulary import CHIEFS, DEPENDENT, HONORIFICS, IN_TITLES, TITLES

MOST_WORDS = 6  # of a name or a title
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
Key = tuple[str, ...]


class Naming(IntEnum):
    """In which way somebody is called; the greater says more."""

    FIRST = 1
    LAST = 2
    TITLE = 3
    INITIAL = 4
    FULL = 5


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant."""

    id: int
    name: str
    title: str = ""


@dataclass(frozen=True)
class Unit:
    """A word of a title, or several that are one, and the words of the text that it spans."""

    text: str
    first: int
    last: int


class Directory:
    """By which words whom of some people one may mean."""

    def __init__(self, people: Iterable[Known]) -> None:
        self.names: dict[Key, dict[int, Naming]] = {}
        self.titles: dict[Key, set[int]] = {}
        for person in people:
            for key, naming in names_of(person.name):
                borne = self.names.setdefault(key, {})
                borne[person.id] = max(naming, borne.get(person.id, naming))
            for key in titles_of(person.title):
                self.titles.setdefault(key, set()).add(person.id)

    @cached_property
    def beginnings(self) -> set[str]:
        """Return with which words a name may begin: others need no look."""
        return {key[0] for key in self.names}


def names_of(name: str) -> Iterator[tuple[Key, Naming]]:
    """Yield the words by which one may mean a person of this name."""
    for spelling in dict.fromkeys([name, name.translate(UMLAUTS)]):
        words = tuple(word for word in folded(spelling) if word not in HONORIFICS)
        if words:
            yield from _names(words)


def _names(words: Key) -> Iterator[tuple[Key, Naming]]:
    first, last = words[0], words[-1]
    if len(words) == 1:
        yield words, Naming.LAST
        return
    for key in (words[:MOST_WORDS], (first, last), (last, first), (last, *words[:-1])):
        yield key, Naming.FULL
    yield (first[0], last), Naming.INITIAL
    for start in range(1, min(len(words), MOST_WORDS)):
        yield words[start:][:MOST_WORDS], Naming.LAST
    for end in range(1, min(len(words), MOST_WORDS)):
        yield words[:end], Naming.FIRST


def titles_of(title: str) -> Iterator[Key]:
    """Yield the words by which one may mean whoever bears this title."""
    words = folded(title)
    key = tuple(unit.text for unit in units_of(words))
    if key:
        yield key[:MOST_WORDS]
    if not DEPENDENT.intersection(words):
        yield from ((word,) for word in key if word in CHIEFS)


def spellings_of(title: str) -> list[str]:
    """Return how else a title of one short form is written, and as it is."""
    key = [unit.text for unit in units_of(folded(title))]
    ways = [key[0], *TITLES[key[0]]] if len(key) == 1 and key[0] in TITLES else []
    return [title, *ways]


_LONG: Mapping[Key, str] = {folded(long): short for short, ways in TITLES.items() for long in ways}
_LONGEST = max(map(len, _LONG))


def units_of(words: Sequence[str]) -> list[Unit]:
    """Return the words of a title in their short forms, without those that only join them."""
    found, place = [], 0
    while place < len(words):
        unit = _unit_at(words, place)
        if unit.text not in IN_TITLES:
            found.append(unit)
        place = unit.last + 1
    return found


def _unit_at(words: Sequence[str], place: int) -> Unit:
    for length in range(min(_LONGEST, len(words) - place), 0, -1):
        short = _LONG.get(tuple(words[place : place + length]))
        if short:
            return Unit(short, place, place + length - 1)
    return Unit(words[place], place, place)


def texts(words: Sequence[Word]) -> Key:
    return tuple(word.text for word in words)
