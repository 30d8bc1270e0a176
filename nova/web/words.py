"""The words of one language, and who reads them: all that a text on a page depends on."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from django.utils import timezone, translation


class Words(dict[str, str]):
    """Translations into one language, each looked up once: a page says hundreds."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def gettext(self, text: str) -> str:
        return self[text]

    def __missing__(self, text: str) -> str:
        with translation.override(self.language):
            self[text] = said = translation.gettext(text)
        return said


@lru_cache(maxsize=64)
def words_of(language: str) -> Words:
    """Return the words of a language that Nova speaks."""
    return Words(language)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is put into words: when, in which zone and language. One for a page."""

    now: datetime
    zone: tzinfo
    words: Words


def present_words() -> Words:
    """Return the words of the present request's language."""
    return words_of(translation.get_language() or "en")


def present_reader(now: datetime) -> Reader:
    """Return who reads the answer to the present request."""
    return Reader(now, timezone.get_current_timezone(), present_words())
