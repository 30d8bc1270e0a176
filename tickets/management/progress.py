"""Show at the terminal how far an import has come, how fast it goes and how long it will take."""

from django.core.management.base import OutputWrapper

from tickets.services.import_runs import Totals

EVERY_SECONDS = 5.0  # where the output is no terminal, and each state a line of its own


class Progress:
    """One line that is written over and over on a terminal, or a line now and then elsewhere."""

    def __init__(self, out: OutputWrapper, started: float) -> None:
        self.out = out
        self.started = started
        self.is_terminal = out.isatty()
        self.shown = started

    def show(self, totals: Totals, share: float, moment: float) -> None:
        """Say where `totals` stand; `share` of the file is read, and it is now `moment`."""
        if not self.is_terminal and moment - self.shown < EVERY_SECONDS:
            return
        self.shown = moment
        spent = max(moment - self.started, 0.001)
        left = spent / share - spent if share else 0.0
        text = (
            f"{share:4.0%}  {totals.incidents:,} incidents  {totals.read:,} events"
            f"  {totals.incidents / spent:,.0f} incidents/s  {_span(left)} left"
        )
        self.out.write(
            f"\r{text:<78}" if self.is_terminal else text, ending="" if self.is_terminal else "\n"
        )
        self.out.flush()

    def end(self, totals: Totals, moment: float) -> None:
        """Say how long it took."""
        spent = max(moment - self.started, 0.001)
        text = (
            f"{totals.incidents:,} incidents in {_span(spent)},"
            f" {totals.incidents / spent:,.0f} incidents/s, {totals.read / spent:,.0f} events/s"
        )
        self.out.write(f"\r{text:<78}" if self.is_terminal else text)


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
