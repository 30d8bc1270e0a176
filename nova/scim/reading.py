"""People and groups as SCIM shows them. Reads rows that were fetched with all that is needed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from scim2_models import Meta, Resource
from scim2_models.resources.user import GroupMembership, Name

from nova.accounts import models
from nova.scim import schemas
from nova.scim.schemas import PROVIDER, Address, Email, EnterpriseUser, NovaUser, PhoneNumber

# The library composes these models with their extensions, which types cannot follow.
PERSON: Any = PROVIDER.model_for("User")
GROUP: Any = PROVIDER.model_for("Group")
# Attributes that are kept by the name that SCIM has for them, and the field of its model.
TEXTS = {
    "nickName": "nick_name",
    "userType": "user_type",
    "preferredLanguage": "preferred_language",
    "locale": "locale",
    "timezone": "timezone",
}
NAMES = {
    "name.formatted": "formatted",
    "name.familyName": "family_name",
    "name.givenName": "given_name",
    "name.middleName": "middle_name",
    "name.honorificPrefix": "honorific_prefix",
    "name.honorificSuffix": "honorific_suffix",
}
ENTERPRISE = {
    "employeeNumber": "employee_number",
    "costCenter": "cost_center",
    "organization": "organization",
    "division": "division",
    "department": "department",
}
PLACES = {
    "formatted": "formatted",
    "streetAddress": "street_address",
    "locality": "locality",
    "region": "region",
    "postalCode": "postal_code",
    "country": "country",
    "primary": "primary",
}
Attributes = Mapping[str, Any]


def nowhere(tenant_id: int) -> str:
    """Return the domain of addresses that stand for none: no mail can reach them."""
    return f"scim-{tenant_id}.invalid"


def person_resource(person: models.User) -> Resource[Any]:
    """Return a person whose department, manager and memberships were fetched."""
    said: Attributes = person.attributes
    resource: Resource[Any] = PERSON(
        id=str(person.pk),
        external_id=person.external_id,
        user_name=said.get("userName") or person.user_name or person.email,
        name=_filled(Name, said, NAMES),
        display_name=_display_name(person),
        title=person.title or None,
        active=person.is_active,
        emails=_emails(person) or None,
        phone_numbers=_numbers(person) or None,
        addresses=_addresses(said) or None,
        groups=[_membership(row) for row in person.memberships.all()] or None,
        meta=_meta("User", person.joined_at, person.changed_at, person.version),
        **{field: said.get(name) for name, field in TEXTS.items()},
    )
    resource[EnterpriseUser] = _enterprise(person)
    resource[NovaUser] = _nova(said)
    return resource


def group_resource(group: models.Group, members: Iterable[int] | None) -> Resource[Any]:
    """Return a group with the ids of its members. None leaves them out."""
    resource: Resource[Any] = GROUP(
        id=str(group.pk),
        external_id=group.external_id,
        display_name=group.name,
        members=[_member(pk) for pk in members or ()] or None,
        meta=_meta("Group", group.created_at, group.changed_at, group.version),
    )
    return resource


def _meta(
    kind: str, created_at: datetime | None, changed_at: datetime | None, version: int
) -> Meta:
    return Meta(
        resource_type=kind,
        created=created_at or changed_at,
        last_modified=changed_at or created_at,
        version=f'W/"{version}"',
    )


def _tells(said: Attributes, name: str) -> bool:
    """Say whether to show what is a column here: unless a provider took it away."""
    return "userName" not in said or name in said


def _display_name(person: models.User) -> str | None:
    return person.name if person.name and _tells(person.attributes, "displayName") else None


def _filled(model: Any, said: Attributes, fields: Mapping[str, str]) -> Any:
    found = {field: said[name] for name, field in fields.items() if name in said}
    return model(**found) if found else None


def _emails(person: models.User) -> list[Email]:
    rest = _rest(Email, "emails", person.attributes)
    if person.email.endswith(f"@{nowhere(person.tenant_id)}"):
        return rest
    return [Email(value=person.email, **_main("emails", person.attributes)), *rest]


def _numbers(person: models.User) -> list[PhoneNumber]:
    rest = _rest(PhoneNumber, "phoneNumbers", person.attributes)
    if not person.phone:
        return rest
    return [PhoneNumber(value=person.phone, **_main("phoneNumbers", person.attributes)), *rest]


def _main(name: str, said: Attributes) -> dict[str, Any]:
    return {"type": said.get(f"{name}.main", "work"), "primary": said.get(f"{name}.primary", True)}


def _rest(model: Any, name: str, said: Attributes) -> list[Any]:
    """Return the addresses or numbers beside the main one, of which only the kind is kept."""
    begin, of_main = f"{name}.", (f"{name}.main", f"{name}.primary")
    return [
        model(value=value, type=key.removeprefix(begin))
        for key, value in said.items()
        if key.startswith(begin) and key not in of_main
    ]


def _addresses(said: Attributes) -> list[Address]:
    begin, address = "addresses.", cast(Any, Address)
    kinds = dict.fromkeys(key.split(".")[1] for key in said if key.startswith(begin))
    return [
        address(
            type=kind,
            **{field: said.get(f"{begin}{kind}.{name}") for name, field in PLACES.items()},
        )
        for kind in kinds
    ]


def _enterprise(person: models.User) -> EnterpriseUser | None:
    said = person.attributes
    found: dict[str, Any] = {
        field: said[name] for name, field in ENTERPRISE.items() if name in said
    }
    if person.department:
        found["department"] = person.department.name
    if person.manager:
        found["manager"] = schemas.Manager(
            value=str(person.manager.pk),
            ref=_at("Users", person.manager.pk),
        )
    return EnterpriseUser(**found) if found else None


def _nova(said: Attributes) -> NovaUser | None:
    found: dict[str, Any] = {
        field: said[name]
        for name, field in (("isVIP", "isVIP"), ("vip_level", "vip_level"))
        if name in said
    }
    if ids := said.get("assistants"):
        found["assistants"] = [schemas.Assistant(value=pk, ref=_at("Users", pk)) for pk in ids]
    return NovaUser(**found) if found else None


def _at(what: str, pk: Any) -> Any:
    """Return a reference from the root of SCIM, whose address the library knows."""
    return f"{what}/{pk}"


def _membership(row: models.GroupMembership) -> GroupMembership:
    return GroupMembership(
        value=str(row.group_id),
        ref=_at("Groups", row.group_id),
        display=row.group.name,
        type="direct",
    )


def _member(pk: int) -> schemas.GroupMember:
    return schemas.GroupMember(value=str(pk), ref=_at("Users", pk), type="User")
