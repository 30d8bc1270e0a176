"""Serializer fields that name people by what they have to do with tickets."""

from typing import Any

from nova.accounts.models import User
from nova.api.fields import Person
from tickets.people import MOVE
from tickets.proxies import may_open_for


class Requester(Person):
    """A person for whom the caller may open tickets. All others are not told from nobody."""

    def admits(self, found: User) -> bool:
        return may_open_for(found.pk, self.context["request"].user)


class Worker(Person):
    """A person who works on tickets: whom others choose from on the page (`tickets.people`)."""

    default_error_messages = {"idle": "This person does not work on tickets."}

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        if not found.has_perm(MOVE):
            self.fail("idle")
        return found
