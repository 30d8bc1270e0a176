"""A real server of iCalendar files, which misbehaves on request."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.misbehaving import Server, running


class Feed(Server):
    @property
    def url(self) -> str:
        return f"{self.address}/secret/holidays.ics"

    def closes(self, *dates: str) -> None:
        """Let the feed say that these dates are closed."""
        events = [f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{on}\r\nEND:VEVENT" for on in dates]
        self.content = "\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""]).encode()


@contextmanager
def feed_server() -> Iterator[Feed]:
    with running(Feed()) as server:
        yield server
