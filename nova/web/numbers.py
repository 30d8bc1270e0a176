"""Numbers as clients write them."""

LONGEST = 18  # digits: what is longer is beyond what Postgres counts


def number_in(text: str) -> int | None:
    """Return the whole number that `text` is; None where it is none that Nova could know."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_plain else None
