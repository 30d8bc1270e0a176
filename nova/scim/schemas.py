"""What SCIM clients may say here: the attributes of people and groups, and what is tolerated.

The library's own models also have what Nova has no use for, such as passwords and certificates.
What is not declared is dropped, because providers send all that they know and repeat for ever
what was refused; attributes of unknown extensions are kept (`nova.scim.custom`).
"""

from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator
from scim2_models import (
    URN,
    AnyExtension,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    ExtensibleStringEnum,
    Extension,
    External,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.user import GroupMembership, Name

MOST_ROWS = 200
MOST_OPERATIONS = 100
MOST_BYTES = 1 << 20


class Kind(ExtensibleStringEnum):
    work = "work"
    home = "home"
    other = "other"


class PhoneKind(ExtensibleStringEnum):
    work = "work"
    home = "home"
    mobile = "mobile"
    fax = "fax"
    pager = "pager"
    other = "other"


class Email(ComplexAttribute):
    value: str | None = None
    type: Kind | None = None
    primary: bool | None = None


class PhoneNumber(ComplexAttribute):
    value: str | None = None
    type: PhoneKind | None = None
    primary: bool | None = None


class Address(ComplexAttribute):
    formatted: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    type: Kind | None = None
    primary: bool | None = None


class User(Resource[AnyExtension]):
    """A person, as RFC 7643 names what is known of them."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    Name: ClassVar[type[ComplexAttribute]] = Name
    display_name: str | None = None
    nick_name: str | None = None
    title: str | None = None
    user_type: str | None = None
    preferred_language: str | None = None
    locale: str | None = None
    timezone: str | None = None
    active: Annotated[bool | None, Required.true] = True  # may be left out, but not taken away
    emails: list[Email] | None = None
    Emails: ClassVar[type[ComplexAttribute]] = Email
    phone_numbers: list[PhoneNumber] | None = None
    PhoneNumbers: ClassVar[type[ComplexAttribute]] = PhoneNumber
    addresses: list[Address] | None = None
    Addresses: ClassVar[type[ComplexAttribute]] = Address
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_null(cls, said: Any) -> Any:
        """Take an `active` that is null as one that is not said, as RFC 7643 (2.5) has it."""
        if not isinstance(said, dict):
            return said
        return {
            name: value
            for name, value in said.items()
            if value is not None or str(name).lower() != "active"
        }


class Manager(ComplexAttribute):
    """The person above. Entra ID sends the bare id, and nobody sends the address."""

    value: Annotated[str | None, CaseExact.true] = None
    ref: Reference["User"] | None = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )

    @model_validator(mode="before")
    @classmethod
    def _read_bare_id(cls, said: Any) -> Any:
        return {"value": said} if isinstance(said, str) else said


class EnterpriseUser(Extension):
    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    cost_center: str | None = None
    organization: str | None = None
    division: str | None = None
    department: str | None = None
    manager: Manager | None = None
    Manager: ClassVar[type[ComplexAttribute]] = Manager


class Level(ExtensibleStringEnum):
    exec = "exec"
    gold = "gold"
    priority = "priority"


class Assistant(ComplexAttribute):
    """A person who acts for this one."""

    value: Annotated[str | None, CaseExact.true] = None
    ref: Reference["User"] | None = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class NovaUser(Extension):
    """What Nova alone asks of a person: whether they are a VIP, and who assists them."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:nova:2.0:User")

    is_vip: bool | None = Field(None, serialization_alias="isVIP", validation_alias="isVIP")
    vip_level: Level | None = Field(
        None, serialization_alias="vip_level", validation_alias="vip_level"
    )
    assistants: list[Assistant] | None = None
    Assistants: ClassVar[type[ComplexAttribute]] = Assistant


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource):
    """A set of people."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    members: list[GroupMember] | None = None
    Members: ClassVar[type[ComplexAttribute]] = GroupMember


CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=MOST_ROWS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="API key",
            description="An API key of Nova with the scope accounts.provision_people",
            spec_uri=Reference[External]("https://datatracker.ietf.org/doc/html/rfc6750"),
            primary=True,
        )
    ],
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, NovaUser, Group],
    resource_types=[
        ResourceType.from_resource(User[EnterpriseUser | NovaUser]),
        ResourceType.from_resource(Group),
    ],
    config=CONFIG,
    policy=ScimPolicy(
        unknown=ScimPolicy.Unknown.ignore,
        remove_value_as_filter=ScimPolicy.RemoveValue.apply,
        unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
    ),
)
