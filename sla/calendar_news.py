"""Who is told of calendars after the commit, and in which words. Wired in `nova.settings`."""

from django.urls import reverse

from nova.accounts.models import User
from nova.events.models import EventRecord
from nova.notifications.choices import Channel
from nova.notifications.services import notify
from sla.events import CalendarDrafted, CalendarPublished, HolidaysEnded

ARRANGE = "sla.manage_sla"
NOBODY_AT_CHAT = [Channel.IN_APP, Channel.EMAIL]


def tell_draft(event: CalendarDrafted, record: EventRecord) -> None:
    """Tell those who arrange calendars of a draft that a feed brought about."""
    if event.is_from_feed:
        words = {"calendar": event.calendar, "number": event.number, "days": len(event.changes)}
        _tell(record, "sla/mail/calendar_drafted", words, _year(event.calendar_id, event.number))


def tell_published(event: CalendarPublished, record: EventRecord) -> None:
    """Tell those who arrange calendars of hours that a feed put in force by itself."""
    if event.is_from_feed:
        words = {"calendar": event.calendar, "number": event.number, "days": len(event.changes)}
        _tell(record, "sla/mail/calendar_published", words, _year(event.calendar_id, event.number))


def tell_ended(event: HolidaysEnded, record: EventRecord) -> None:
    """Tell those who arrange calendars that holidays are missing."""
    words = {"calendar": event.calendar, "year": event.year, "last": event.year - 1}
    link = reverse("admin:sla_calendar_change", args=[event.calendar_id])
    _tell(record, "sla/mail/holidays_ended", words, link)


def _tell(record: EventRecord, template: str, words: dict[str, object], link: str) -> None:
    notify(
        User.objects.filter(tenant=record.tenant_id).with_permission(ARRANGE),
        template=template,
        context=words,
        channels=NOBODY_AT_CHAT,
        record=record,
        link=link,
    )


def _year(calendar_id: int, number: int) -> str:
    return f"{reverse('admin:sla_calendar_year', args=[calendar_id])}?version={number}"
