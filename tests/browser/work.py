"""The worker of the tests: it runs the rounds of beat when it is told to, at the test's time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from nova.events.tasks import catch_up
from nova.notifications.tasks import deliver
from nova.tenancy.fence import every_tenant
from sla.tasks import sweep
from tickets.tasks import close_settled, lift_waiting


class Worker:
    """A thread of its own, as a task may not run where an event loop does."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="worker")

    def work(self) -> None:
        """Do all that is due now, and what comes of it."""
        self.do(_round)

    def do(self, work: Callable[[], None]) -> None:
        """Do one thing."""
        self._thread.submit(work).result(30)

    def go_home(self) -> None:
        """Let go of the database."""
        self._thread.submit(connections.close_all).result(10)
        self._thread.shutdown()


def _round() -> None:
    for task in (sweep, lift_waiting, close_settled, catch_up):
        task()
    for tenant_id in list(every_tenant()):
        deliver(tenant_id)
