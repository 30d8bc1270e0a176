"""The facts that accounts announces. What happens to people is for those who manage them."""

from dataclasses import dataclass, field
from typing import ClassVar

from nova.events.base import Change, Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    """Something about a person. Unless a kind says otherwise, those who manage people learn it."""

    subject: ClassVar[str] = "person_id"
    needs: ClassVar[str] = "accounts.manage_people"

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonAdded(PersonEvent):
    """Somebody came, or came back after an identity provider had deleted them."""

    email: str
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonEdited(PersonEvent):
    """`changes` is by column, `attributes` by the name of what an identity provider says.

    The latter may tell who is a VIP. None is that there is no such attribute.
    """

    secret_fields: ClassVar[dict[str, str]] = {"attributes": "tickets.view_vip_flag"}

    changes: dict[str, Change]
    attributes: dict[str, Change] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(PersonEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class PersonDeparted(PersonEvent):
    """An identity provider deleted a person, who is inactive, in no group and without roles."""

    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonReactivated(PersonEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RoleGranted(PersonEvent):
    role_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class RoleRevoked(PersonEvent):
    role_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class TeamJoined(PersonEvent):
    """Somebody came into a team with a group of theirs."""

    team_id: int
    team: str


@dataclass(frozen=True, kw_only=True)
class TeamLeft(PersonEvent):
    """Somebody left a team with a group of theirs."""

    team_id: int
    team: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(PersonEvent):
    """`way` is how: "page" or "token"."""

    way: str
    address: str


@dataclass(frozen=True, kw_only=True)
class SignInFailed(PersonEvent):
    """`reason` is what was wrong: "password" or "code"."""

    reason: str
    address: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(PersonEvent):
    """`way` is "own" for a person who knew the old one, "reset" for a link by mail."""

    way: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorSet(PersonEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(PersonEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesMade(PersonEvent):
    pass


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(PersonEvent):
    codes_left: int


@dataclass(frozen=True, kw_only=True)
class ApiKeyCreated(PersonEvent):
    key_id: int
    key: str
    scopes: list[str]
    expires_at: str | None


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(PersonEvent):
    key_id: int
    key: str


@dataclass(frozen=True, kw_only=True)
class GroupEvent(Event):
    """Something about a group. `group` is its name at the time."""

    subject: ClassVar[str] = "group_id"
    needs: ClassVar[str] = "accounts.manage_groups"

    group_id: int
    group: str


@dataclass(frozen=True, kw_only=True)
class GroupCreated(GroupEvent):
    """A group that has nobody in it yet."""


@dataclass(frozen=True, kw_only=True)
class GroupEdited(GroupEvent):
    changes: dict[str, Change]


@dataclass(frozen=True, kw_only=True)
class GroupMembershipChanged(GroupEvent):
    """Who came into a group and who left it, by id. Never both empty."""

    added: list[int]
    removed: list[int]


@dataclass(frozen=True, kw_only=True)
class GroupDeleted(GroupEvent):
    """A group that has nobody in it any more."""


@dataclass(frozen=True, kw_only=True)
class ProxyEvent(PersonEvent):
    """Something about who acts for a person. `proxy_id` is who does, `appointment_id` the row."""

    needs: ClassVar[str] = "accounts.manage_proxies"

    proxy_id: int
    appointment_id: int


@dataclass(frozen=True, kw_only=True)
class ProxyAppointed(ProxyEvent):
    scopes: list[str]
    starts_at: str
    ends_at: str | None
    source: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ProxyDismissed(ProxyEvent):
    """`reason` is "deactivated" where one of the two was let in no more."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportEvent(Event):
    """Something about an import of people. What it did to each of them is told of them."""

    subject: ClassVar[str] = "import_id"
    needs: ClassVar[str] = "accounts.import_people"
    # Who may not see VIPs sees no import that tells attributes, nor what its file is called.
    secret_fields: ClassVar[dict[str, str]] = {"file_name": "tickets.view_vip_flag"}

    import_id: int
    file_name: str


@dataclass(frozen=True, kw_only=True)
class PeopleImportStarted(ImportEvent):
    """Somebody let a file be applied, or undone, to so many people; or go on with it."""

    people: int
    is_undo: bool


@dataclass(frozen=True, kw_only=True)
class PeopleImportStopped(ImportEvent):
    """It goes no further for the reason that it says; what was done by then stays done."""

    done: int
    because: str


@dataclass(frozen=True, kw_only=True)
class PeopleImported(ImportEvent):
    """A file was applied: so many people came, so many changed, and so many rows were left out."""

    new: int
    changed: int
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class PeopleImportUndone(ImportEvent):
    """Of what a file had changed so many people left, were put back, or were left alone."""

    departed: int
    put_back: int
    left: int


@dataclass(frozen=True, kw_only=True)
class RecordChanged(Event):
    """Somebody changed a record in Nova Core: `action` is "added", "changed" or "deleted".

    `record` is the model, such as "accounts.site"; `label` is what the record called itself.
    """

    subject: ClassVar[str] = "record_id"
    needs: ClassVar[str] = "accounts.enter_core"

    record: str
    record_id: int
    label: str
    action: str
    changes: dict[str, Change]
