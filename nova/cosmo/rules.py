"""Say for whom a text is, how sure that is, and why. Pure.

Confidence is a sum of parts between 0 and 1, and each part has its reason:

    phrase    0.50  "on behalf of …", "this is for …": says plainly for whom it is
              0.30  a bare "for …", "I am …'s assistant"
              0.10  none: somebody is named and no more
    naming    0.50  first and last name      0.40  initial or "Mr" with the last name; "our CFO"
              0.20  last name, or a title without "our" or "the"           0.10  first name
    title     0.10  name and title beside each other mean one person; they mean two: -0.20
    doubt    -0.30  "if", "perhaps"          -0.20  "the CFO's office"
    ambiguity       divided by how many people the words may mean
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from nova.cosmo.naming import Directory, Naming
from nova.cosmo.reading import Word, words_of
from nova.cosmo.sighting import Reading, Sighting, readings_of, sightings_in

NAMED = Decimal("0.1")
AMOUNTS = {
    Naming.FULL: Decimal("0.5"),
    Naming.INITIAL: Decimal("0.4"),
    Naming.TITLE: Decimal("0.4"),
    Naming.LAST: Decimal("0.2"),
    Naming.FIRST: Decimal("0.1"),
}
HONOURED, BARE_TITLE = Decimal("0.4"), Decimal("0.2")
AGREES, CONTRADICTS = Decimal("0.1"), Decimal("-0.2")
SUPPOSED, BELONGS = Decimal("-0.3"), Decimal("-0.2")
MOST_ALIKE = 5  # words that may mean more people mean nobody
MOST_QUOTED = 120
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """A part of the confidence, and why."""

    name: str
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Mention:
    """That a text means a person by the words from `start` up to `end`.

    `says_for`: a phrase says that it is for them. `is_unique`: the words mean nobody else.
    """

    person_id: int
    start: int
    end: int
    words: str
    says_for: bool
    is_unique: bool
    parts: tuple[Part, ...]

    @property
    def confidence(self) -> Decimal:
        total = sum((part.amount for part in self.parts), Decimal(0))
        return min(max(total, Decimal(0)), Decimal(1)).quantize(CENT)


def mentions_in(
    text: str, directory: Directory, *, apart_from: Collection[int] = ()
) -> list[Mention]:
    """Return whom a text means, each once by the words that say the most, the surest first.

    `apart_from` are those whose name in it means nothing, such as who signed it.
    """
    words = words_of(text)
    sightings = sightings_in(words, directory)
    best: dict[int, Mention] = {}
    for sighting, reading in zip(sightings, readings_of(words, sightings), strict=True):
        if _counts(words, sighting, reading):
            for mention in _mentions(text, words, sighting, reading):
                known = best.get(mention.person_id)
                if known is None or mention.confidence > known.confidence:
                    best[mention.person_id] = mention
    meant = [mention for pk, mention in best.items() if pk not in apart_from]
    return sorted(meant, key=lambda m: (-m.confidence, m.start, m.person_id))


def _counts(words: list[Word], sighting: Sighting, reading: Reading) -> bool:
    if reading.is_negated or len(sighting.people) > MOST_ALIKE:
        return False
    if sighting.naming not in (Naming.FIRST, Naming.LAST) or sighting.is_honoured:
        return True
    # "for long" is nobody's name, though somebody's name is Long.
    return reading.phrase is not None and words[sighting.first].is_capital


def _mentions(
    text: str, words: list[Word], sighting: Sighting, reading: Reading
) -> Iterator[Mention]:
    first, last = min(reading.first, sighting.first), max(reading.last, sighting.last)
    start, end = words[first].start, words[last - 1].end
    parts = tuple(_parts(sighting, reading))
    for person_id in sighting.people:
        yield Mention(
            *(person_id, start, end, " ".join(text[start:end].split())[:MOST_QUOTED]),
            says_for=reading.phrase is not None,
            is_unique=len(sighting.people) == 1,
            parts=parts,
        )


def _parts(sighting: Sighting, reading: Reading) -> Iterator[Part]:
    found = [_phrase(reading), _naming(sighting), *_doubts(sighting, reading)]
    yield from found
    alike = len(sighting.people)
    if alike > 1:
        total = sum((part.amount for part in found), Decimal(0))
        lost = (total / alike - total).quantize(CENT)
        yield Part("ambiguity", lost, _("%(count)s people may be meant") % {"count": alike})


def _phrase(reading: Reading) -> Part:
    if reading.phrase is None:
        return Part("phrase", NAMED, _("Somebody is named"))
    weight = reading.phrase.weight
    if weight == Decimal("0.5"):
        return Part("phrase", weight, _("It says plainly for whom it is"))
    return Part("phrase", weight, _("It may say for whom it is"))


def _naming(sighting: Sighting) -> Part:
    naming = sighting.naming
    if naming == Naming.LAST and sighting.is_honoured:
        return Part("naming", HONOURED, _("By form of address and last name"))
    if naming == Naming.TITLE and not sighting.has_determiner:
        return Part("naming", BARE_TITLE, _("By a title that may mean the work"))
    return Part("naming", AMOUNTS[naming], str(_reasons()[naming]))


def _reasons() -> dict[Naming, str]:
    return {
        Naming.FULL: _("By full name"),
        Naming.INITIAL: _("By initial and last name"),
        Naming.TITLE: _("By title"),
        Naming.LAST: _("By last name alone"),
        Naming.FIRST: _("By first name alone"),
    }


def _doubts(sighting: Sighting, reading: Reading) -> Iterator[Part]:
    if sighting.agrees:
        yield Part("title", AGREES, _("Name and title mean the same person"))
    if sighting.agrees is False:
        yield Part("title", CONTRADICTS, _("Name and title mean different people"))
    if reading.is_supposed:
        yield Part("doubt", SUPPOSED, _("It only supposes it"))
    if sighting.is_a_belonging and not (reading.phrase and reading.phrase.after):
        yield Part("doubt", BELONGS, _("It may mean somebody's office, not them"))
