"""What an identity provider says outright: `isVIP` and `vip_level`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from vip.conditions import said
from vip.wording import fold

NONE = ("", "none", "false", "no")
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")


@dataclass(frozen=True)
class Saying:
    """The level that a provider gives a person, in which words, and what is odd in them."""

    level: str = ""
    reason: str = ""
    note: str = ""


def saying_of(attributes: Mapping[str, Any], default: str) -> Saying:
    """Return what the attributes come to. `default` is the level of who is one without a level.

    That somebody is none outweighs a level; a level that Nova does not know makes nobody a VIP.
    """
    flags = {fold(text) for text in said(attributes, "isvip")}
    levels = [fold(text) for text in said(attributes, "vip level")]
    stated = next((text for text in levels if text not in NONE), "")
    is_no, is_yes = bool(flags.intersection(FALSE)), bool(flags.intersection(TRUE))
    if is_no:
        odd = is_yes or stated
        return Saying(note=_contradiction(stated) if odd else "")
    if stated in VipLevel.values:
        return Saying(stated, _("vip_level is %(level)s") % {"level": stated})
    note = _unknown(stated) if stated else ""
    if is_yes:
        return Saying(default, _("isVIP is true"), note)
    return Saying(note=note)


def _contradiction(stated: str) -> str:
    if not stated:
        return _("The identity provider says isVIP both true and false; it counts as false.")
    words = _("The identity provider says vip_level “%(level)s”, but isVIP false, which counts.")
    return words % {"level": stated}


def _unknown(stated: str) -> str:
    return _("The identity provider says vip_level “%(level)s”, which is not known here.") % {
        "level": stated
    }
