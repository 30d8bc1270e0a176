"""The base class of events. Standard library only: any app may import it."""

from dataclasses import dataclass
from typing import Any, ClassVar

Change = tuple[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, named in the past tense. Fields are ids, numbers, strings, and lists of them.

    `subject` says which field names the thing that it happened to, for timelines. `is_public`
    facts may reach the requester. `needs` names the permission without which a reader must not
    learn of the fact at all; `secret_fields` those without which single fields are withheld.
    """

    types: ClassVar[dict[str, type["Event"]]] = {}
    name: ClassVar[str]
    subject: ClassVar[str] = ""
    is_public: ClassVar[bool] = False
    needs: ClassVar[str] = ""
    secret_fields: ClassVar[dict[str, str]] = {}

    tenant_id: int

    def __init_subclass__(cls) -> None:
        app = cls.__module__.removeprefix("nova.").removesuffix(".events")
        cls.name = f"{app}.{cls.__name__}"
        Event.types[cls.name] = cls

    def payload(self) -> dict[str, Any]:
        """Return the fields as they are stored."""
        fields = dict(vars(self))  # no copy in depth: a fact holds nothing that could change
        del fields["tenant_id"]
        return fields
