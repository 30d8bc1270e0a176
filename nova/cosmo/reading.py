"""Take a text apart: what its author says in it now, word by word. Pure, and linear in time."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nova.cosmo.vocabulary import CLOSINGS, HONORIFICS

LONGEST = 10_000  # characters that are read: who writes more has said for whom it is before
WORD = re.compile(r"[\w\u0300-\u036f]+")
SENTENCE_ENDS = re.compile(r"[!?;]|\n\s*\n")
# What a mail program writes above what it quotes.
ABOVE_QUOTES = re.compile(r"(?i)on .{1,150} wrote:|am .{1,150} schrieb .{1,100}:|le .{1,150} :")
DIVIDER = re.compile(r"(?i)-{2,}\s?(original message|ursprüngliche nachricht|forwarded message).*")
MOST_IN_A_LINE = 300  # characters of one that a mail program or a closing would be


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands. `breaks`: a sentence ends before it."""

    text: str
    start: int
    end: int
    is_capital: bool = False
    breaks: bool = False


def fold(word: str) -> str:
    """Return a word without case, accents and underscores."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c) and c != "_")


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a short text."""
    return tuple(filter(None, map(fold, WORD.findall(text))))


_CLOSINGS = {folded(closing) for closing in CLOSINGS}


def words_of(text: str) -> list[Word]:
    """Return the words of what the author of a text says now, with their places in it."""
    return list(_each_word(_spoken(text[:LONGEST])))


def _each_word(text: str) -> Iterator[Word]:
    before, end = "", 0
    for found in WORD.finditer(text):
        word = fold(found[0])
        if word:
            gap = text[end : found.start()]
            yield Word(
                *(word, *found.span()),
                is_capital=found[0].lstrip("_")[:1].isupper(),
                breaks=bool(SENTENCE_ENDS.search(gap)) or _is_stop(gap, before),
            )
            before, end = word, found.end()


def _is_stop(gap: str, before: str) -> bool:
    """Say whether a dot ends a sentence: not after "Dr" or an initial."""
    return "." in gap and len(before) > 1 and before not in HONORIFICS


def _spoken(text: str) -> str:
    """Blank what is quoted, and all from the signature on. What stays keeps its place."""
    kept, is_over = [], False
    for line in text.splitlines(keepends=True):
        is_over = is_over or _is_end(line.strip(), line.rstrip("\r\n"))
        is_said = not is_over and not line.lstrip().startswith((">", "|"))
        kept.append(line if is_said else "\n" * len(line))
    return "".join(kept)


def _is_end(bare: str, line: str) -> bool:
    if line in ("--", "-- "):
        return True
    if not bare or len(bare) > MOST_IN_A_LINE:
        return False
    if ABOVE_QUOTES.fullmatch(bare) or DIVIDER.fullmatch(bare):
        return True
    return folded(bare) in _CLOSINGS


def runs_on(words: Sequence[Word], start: int, end: int) -> bool:
    """Say whether the words from `start` up to `end` are of one sentence."""
    return not any(word.breaks for word in words[start + 1 : end])
