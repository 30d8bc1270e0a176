"""What a SCIM client says of a person, as the columns and attributes in which Nova keeps it."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from scim2_models import InvalidValueException

from nova.accounts.models import Department, User
from nova.accounts.zones import zone_names
from nova.scim.reading import ENTERPRISE, NAMES, PLACES, TEXTS, nowhere
from nova.scim.schemas import EnterpriseUser, NovaUser

Told = Any  # a resource of a model that the library composed
LONGEST = 2000
MOST_ATTRIBUTES = 200
LARGEST = 2**63 - 1  # what events can tell of


def columns_of(said: Told, custom: Mapping[str, Any], tenant_id: int) -> dict[str, Any]:
    """Return all that a resource says of a person but `active`, as fields of theirs.

    `custom` is what it says in unknown extensions. Raises `InvalidValueException`.
    """
    attributes = {**_attributes(said), **custom}
    email = _email(said, tenant_id)
    name = said.user_name.lower()
    fields = {
        "email": email,
        "user_name": None if name == email else name,
        "external_id": said.external_id or None,
        "name": _name(said),
        "title": said.title or "",
        "phone": getattr(_main(said.phone_numbers), "value", None) or "",
        "department": _department(attributes.get("department")),
        "manager": _manager(said[EnterpriseUser]),
        "attributes": attributes,
    }
    if said.timezone in zone_names():
        fields["zone"] = said.timezone
    _check(fields)
    return fields


def person_ids(values: Iterable[str | None]) -> list[int]:
    """Return the ids of people whom a provider may name. Raises `InvalidValueException`."""
    named = [str(value) for value in values]
    wanted = {key for value in named if (key := key_of(value)) is not None}
    found = User.objects.provisioned().filter(pk__in=wanted).values_list("pk", flat=True)
    ids = set(found) if wanted else set()
    for value in named:
        if key_of(value) not in ids:
            raise InvalidValueException(detail=f"There is no user {value!r}")
    return sorted(ids)


def key_of(resource_id: str | None) -> int | None:
    """Return the key of the row that has this id for SCIM, or None where that is no key."""
    text = resource_id or ""
    is_key = text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - a bigint
    return int(text) if is_key else None


def _attributes(said: Told) -> dict[str, Any]:
    enterprise, nova = said[EnterpriseUser], said[NovaUser]
    found = {
        "userName": said.user_name,
        "displayName": said.display_name,
        **{name: getattr(said, field) for name, field in TEXTS.items()},
        **{name: getattr(said.name, field, None) for name, field in NAMES.items()},
        **{name: getattr(enterprise, field, None) for name, field in ENTERPRISE.items()},
        **_rest("emails", said.emails),
        **_rest("phoneNumbers", said.phone_numbers),
        **_addresses(said.addresses),
        "vip_level": str(nova.vip_level) if nova and nova.vip_level else None,
        "assistants": _assistants(nova),
    }
    texts = {name: value for name, value in found.items() if value not in (None, "", [])}
    is_vip = getattr(nova, "is_vip", None)
    return texts if is_vip is None else {**texts, "isVIP": is_vip}


def _name(said: Told) -> str:
    """Return what to call a person; providers need not say it in one piece."""
    parts = [getattr(said.name, part, None) for part in ("given_name", "family_name")]
    whole = getattr(said.name, "formatted", None) or " ".join(filter(None, parts))
    return said.display_name or whole or said.user_name


def _email(said: Told, tenant_id: int) -> str:
    """Return the main address, else a user name that is one, else one that stands for none."""
    main = getattr(_main(said.emails), "value", None)
    for address in (main, said.user_name):
        if address and _is_address(address):
            return str(address).lower()
        if address and address is main:
            raise InvalidValueException(detail=f"{address!r} is no e-mail address")
    digest = hashlib.sha256(said.user_name.lower().encode()).hexdigest()[:32]
    return f"{digest}@{nowhere(tenant_id)}"


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _main(entries: list[Any] | None) -> Any:
    """Return the entry that is primary, or for work, or the first."""
    given = [entry for entry in entries or () if entry.value]
    ranked = sorted(given, key=lambda entry: (not entry.primary, entry.type not in ("work", None)))
    return ranked[0] if ranked else None


def _rest(name: str, entries: list[Any] | None) -> dict[str, Any]:
    """Return the entries beside the main one by their kind, one of each, and the main one's."""
    main = _main(entries)
    found = {
        f"{name}.{entry.type or 'other'}": entry.value
        for entry in entries or ()
        if entry is not main
    }
    if main is not None and main.type not in ("work", None):
        found[f"{name}.main"] = str(main.type)
    if main is not None and main.primary is False:
        found[f"{name}.primary"] = False
    return found


def _addresses(entries: list[Any] | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries or ():
        kind = str(entry.type or "work")
        found |= {
            f"addresses.{kind}.{name}": getattr(entry, field) for name, field in PLACES.items()
        }
    return found


def _department(name: str | None) -> Department | None:
    return Department.objects.filter(name__iexact=name).order_by("pk").first() if name else None


def _manager(said: EnterpriseUser | None) -> User | None:
    if said is None or said.manager is None or not said.manager.value:
        return None
    return User.objects.get(pk__in=person_ids([said.manager.value]))


def _assistants(said: NovaUser | None) -> list[str]:
    entries = said.assistants if said else None
    return [str(pk) for pk in person_ids(entry.value for entry in entries)] if entries else []


def _check(fields: Mapping[str, Any]) -> None:
    """Raise `InvalidValueException` for what is longer than Nova keeps."""
    for name, value in fields.items():
        longest = getattr(User._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and longest and len(value) > longest:
            raise InvalidValueException(detail=f"{name} is longer than {longest} letters")
    attributes = fields["attributes"]
    if len(attributes) > MOST_ATTRIBUTES:
        raise InvalidValueException(detail=f"There are more than {MOST_ATTRIBUTES} attributes")
    for name, value in attributes.items():
        if isinstance(value, int) and abs(value) > LARGEST:
            raise InvalidValueException(detail=f"{name[:100]} is too large a number")
        if len(name) + len(str(value)) > LONGEST:
            raise InvalidValueException(detail=f"{name[:100]} is longer than {LONGEST} letters")
