"""What people mean by the words that they look for: the same in every list and search. Pure.

All words must stand in a text, those in quotes beside each other, those after a minus not at all;
the last word may not be typed to its end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Meaning:
    """A `query` as Postgres' `to_tsquery` reads it, and the words in every text that it finds.

    Without such words there is nothing to look for.
    """

    query: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    text: str  # words with one space between
    is_wanted: bool
    is_open: bool  # may be the beginning of a word

    @property
    def query(self) -> str:
        return f"{'' if self.is_wanted else '!'}'{self.text}'"


def meaning_of(typed: str) -> Meaning:
    """Return what was meant; nothing that somebody types is an error."""
    terms = list(_terms(typed))
    words = tuple(word for term in terms if term.is_wanted for word in term.text.split())
    query = " & ".join(term.query for term in terms)
    return Meaning(query + ":*" if terms and terms[-1].is_open else query, words)


def _terms(typed: str) -> Iterator[_Term]:
    for found in TERM.finditer(typed):
        words = re.findall(r"\w+", found["phrase"] or found["word"] or "")
        is_wanted, is_phrase = not found["minus"], found["phrase"] is not None
        if is_phrase or not is_wanted:
            words = [" ".join(words)] if words else []
        yield from (_Term(word, is_wanted, is_wanted and not is_phrase) for word in words)
