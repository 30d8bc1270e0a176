"""The languages that people may speak: codes such as "de", by their names."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

# Django's list, without the variants of one language.
LANGUAGES = {
    code: _(info["name"])
    for code, info in sorted(LANG_INFO.items(), key=lambda item: item[1].get("name", ""))
    if "name" in info and "-" not in code
}


def named(codes: list[str]) -> list[str]:
    """Return the names of languages; a code that is not known stands for itself."""
    return [str(LANGUAGES.get(code, code)) for code in codes]
