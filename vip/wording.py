"""Fold texts so that case, punctuation and spacing make no difference, here and in SQL alike.

Postgres folds by the collation of its database, which is another on each server. So both sides
replace character by character from one table, which holds every separator and each capital
letter of the Latin, Greek and Cyrillic scripts that has one small letter.
"""

import string
import unicodedata
from typing import Any

LAST_LETTER = 0x0530
SEPARATORS = string.whitespace + string.punctuation
# Dashes, quotes, dots and spaces of the blocks in which texts of an office have them.
SEPARATORS += "".join(
    chr(code)
    for code in (*range(0x80, 0xC0), *range(0x2000, 0x2070), 0x3000)
    if unicodedata.category(chr(code))[0] in "PZ"
)
_LETTERS = {
    chr(code): chr(code).lower()
    for code in range(0x80, LAST_LETTER)
    if len(chr(code).lower()) == 1 and chr(code).lower() != chr(code)
}
REPLACED = "".join([*SEPARATORS, *_LETTERS])
REPLACING = " " * len(SEPARATORS) + "".join(_LETTERS.values())
_TABLE = str.maketrans(REPLACED + string.ascii_uppercase, REPLACING + string.ascii_lowercase)
# Takes the table as two parameters. In the collation C, `lower` knows the letters of ASCII alone.
FOLDED = "btrim(regexp_replace(translate(lower(({text}) COLLATE \"C\"), %s, %s), ' +', ' ', 'g'))"


def fold(text: str) -> str:
    """Return the words of a text in small letters, with one space between them."""
    return " ".join(filter(None, text.translate(_TABLE).split(" ")))


def folded_sql(text: str) -> tuple[str, list[Any]]:
    """Return what folds the SQL expression `text` as `fold` does, and its parameters."""
    return FOLDED.format(text=text), [REPLACED, REPLACING]
