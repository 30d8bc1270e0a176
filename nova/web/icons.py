"""Icons: the drawings of Lucide, each made once per process."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """Draw one icon; silent to screen readers unless it has a label of its own."""
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    svg = lucide(name, size=size, **{"class": "icon", **said})
    return mark_safe(" ".join(svg.split()))  # noqa: S308  a drawing of the package, no more
