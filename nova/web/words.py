"""Translations that a page says again and again, each looked up once per language."""

from functools import lru_cache

from django.utils import translation


def gettext(text: str) -> str:
    """Translate into the language of the reader. Most of Django's own work here is to look up."""
    return _known(text, translation.get_language())


@lru_cache(maxsize=2048)
def _known(text: str, language: str | None) -> str:
    return translation.gettext(text)
