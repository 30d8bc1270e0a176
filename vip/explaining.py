"""Say why somebody is a VIP: in one sentence, and ground by ground."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from nova.accounts.choices import VipLevel
from nova.accounts.models import User
from tickets.choices import VipSource
from vip.models import Designation
from vip.reading import standing_of
from vip.rules import Ground, Standing

SEE = "tickets.view_vip_flag"


@dataclass(frozen=True)
class Line:
    """One ground in words, and the designation that it comes from, if it does."""

    ground: Ground
    designation: Designation | None

    @property
    def level(self) -> str:
        return str(VipLevel(self.ground.level).label)

    @property
    def source(self) -> str:
        return str(VipSource(self.ground.source).label)

    @property
    def through(self) -> str:
        """Say what of the person it covers: themselves, or to what they belong."""
        if self.designation is None:
            return ""
        if self.designation.person_id:
            return _("in person")
        if self.designation.target_kind == "group":
            return _("as one of %(group)s") % {"group": self.designation.target}
        return str(self.designation.target)

    @property
    def whose(self) -> str:
        """Say by whose word it holds."""
        if self.designation is not None:
            return _("by the word of %(author)s") % {"author": self.designation.author.name}
        if self.ground.rule_id is not None:
            return _("by a rule")
        if self.ground.source == VipSource.COSMO:
            return _("by the words on the ticket")
        return _("by the word of the identity provider")


def lines_of(standing: Standing) -> list[Line]:
    """Return every ground in words, the one that speaks first."""
    ids = [ground.designation_id for ground in standing.grounds if ground.designation_id]
    found = Designation.objects.named().in_bulk(ids) if ids else {}
    return [Line(g, found.get(g.designation_id or 0)) for g in standing.grounds]


def why_vip(person: User, viewer: User, *, at: datetime) -> str:
    """Say in one sentence why a person is a VIP, to those who may know; "" if there is no why.

    What else makes them one follows, and what was told of them and does not count.
    """
    if not viewer.has_perm(SEE):
        return ""
    standing = standing_of(person, at=at)
    lines = lines_of(standing)
    said = [sentence(person, lines[0])] if lines else []
    if len(lines) > 1:
        others = "; ".join(brief(line) for line in lines[1:])
        said.append(_("Also: %(grounds)s.") % {"grounds": others})
    return " ".join([*said, *standing.notes])


def sentence(person: User, line: Line) -> str:
    """Say a ground as a whole sentence."""
    words = {"person": person, **_words(line)}
    if line.ground.rule_id is not None:
        return _("%(person)s is a VIP (%(level)s) by the rule %(reason)s.") % words
    if line.designation is None:
        return _("%(person)s is a VIP (%(level)s) %(whose)s: %(reason)s.") % words
    if line.ground.ends_at:
        return (
            _(
                "%(person)s is a VIP (%(level)s, %(through)s) %(whose)s, from %(day)s until "
                "%(end)s: %(reason)s."
            )
            % words
        )
    said = _("%(person)s is a VIP (%(level)s, %(through)s) %(whose)s, since %(day)s: %(reason)s.")
    return said % words


def brief(line: Line) -> str:
    """Say a ground beside others."""
    by = ", ".join(filter(None, [line.through, line.whose]))
    words = {**_words(line), "by": by}
    if line.ground.ends_at:
        return _("%(level)s, %(by)s, until %(end)s: %(reason)s") % words
    return _("%(level)s, %(by)s: %(reason)s") % words


def _words(line: Line) -> dict[str, str]:
    starts_at, ends_at = line.ground.starts_at, line.ground.ends_at
    return {
        "level": line.level,
        "through": line.through,
        "whose": line.whose,
        "reason": line.ground.reason.rstrip("."),
        "day": formats.date_format(starts_at) if starts_at else "",
        "end": formats.date_format(ends_at) if ends_at else "",
    }
