"""How far it is with many people, in words."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from vip.models import Reassessment


def progress_of(row: Reassessment) -> str:
    """Return a bar while it is at work, and the counts."""
    words = {
        "done": row.done,
        "total": row.total,
        "people": row.people_changed,
        "tickets": row.tickets_changed,
    }
    said = _(
        "%(done)s of %(total)s people looked at: %(people)s changed their level, and "
        "%(tickets)s open tickets with them"
    )
    if not row.is_at_work:
        return said % words
    bar = '<progress max="100" value="{}" aria-label="{}">{} %</progress> {}'
    return format_html(bar, row.percent, _("Progress"), row.percent, said % words)
