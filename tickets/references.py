"""A ticket's reference, such as T-1042, as part of an address."""


class ReferenceConverter:
    """Takes `t-1042` too, and hands on `T-1042`."""

    regex = r"[Tt]-\d{1,18}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
