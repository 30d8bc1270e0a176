"""SCIM filters as conditions on rows. Values are bound, never spelled out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Lower
from django.db.models.lookups import (
    Contains,
    EndsWith,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from scim2_models import InvalidFilterException
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from nova.accounts.models import GroupMembership
from nova.scim.writing import key_of

Condition = Callable[[Any], Q]
SURROGATE = re.compile(r"[\ud800-\udfff]")  # half of a letter, which JSON may spell
NOBODY, ALL = Q(pk__in=[]), ~Q(pk__in=[])
LOOKUPS: Mapping[CompareOperator, Any] = {
    CompareOperator.eq: Exact,
    CompareOperator.co: Contains,
    CompareOperator.sw: StartsWith,
    CompareOperator.ew: EndsWith,
    CompareOperator.gt: GreaterThan,
    CompareOperator.ge: GreaterThanOrEqual,
    CompareOperator.lt: LessThan,
    CompareOperator.le: LessThanOrEqual,
}


@dataclass(frozen=True)
class Field:
    """What an attribute is compared by: an expression that is never null, and a value like it.

    `equals` is the condition that an index answers, where there is one. `there` says that there
    is a value at all, unless that is whatever is not equal to an empty one.
    """

    expression: Any
    read: Callable[[Any], Any]
    equals: Condition | None = None
    orders: bool = True
    there: Q | None = None

    def compared(self, operator: CompareOperator, said: Any) -> Q:
        """Return the condition; None is what an attribute without a value is equal to."""
        if operator == CompareOperator.ne:
            return ~self.compared(CompareOperator.eq, said)
        if not self.orders and operator != CompareOperator.eq:
            raise InvalidFilterException(detail=f"{operator} is not for this attribute")
        if isinstance(said, str) and SURROGATE.search(said):
            raise InvalidFilterException(detail=f"{said!r} holds half of a letter")
        value = self.read("" if said is None else said)
        if operator == CompareOperator.eq and self.equals:
            return self.equals(value)
        return Q(LOOKUPS[operator](self.expression, value))

    def present(self) -> Q:
        return ~self.compared(CompareOperator.eq, None) if self.there is None else self.there


def _text(*sources: Any, equals: Condition | None = None) -> Field:
    whole = Coalesce(*sources, Value(""), output_field=TextField())
    return Field(Lower(whole), lambda said: str(said).lower(), equals)


def _kept(name: str) -> Any:
    """Return an identity attribute as text."""
    return KeyTextTransform(name, "attributes")


def _kept_text(name: str) -> Field:
    return _text(_kept(name))


def _flag(expression: Any, there: Q = ALL) -> Field:
    return Field(expression, _truth, orders=False, there=there)


def _instant(*sources: str) -> Field:
    return Field(Coalesce(*sources) if len(sources) > 1 else F(sources[0]), _when, there=ALL)


def _key(condition: Callable[[int], Q], there: Q = ALL) -> Field:
    """Return a reference, which is there or not and has no order."""

    def equals(value: str) -> Q:
        key = key_of(value)
        return NOBODY if key is None else condition(key)

    return Field(None, str, equals, orders=False, there=there)


def _truth(said: Any) -> bool:
    return str(said).lower() == "true"


def _when(said: Any) -> datetime:
    try:
        when = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise InvalidFilterException(detail=f"{said!r} is no instant") from error
    if when.tzinfo is None:
        raise InvalidFilterException(detail=f"{said!r} does not say its time zone")
    return when


def _named(name: str) -> Q:
    return Q(user_name=name) | Q(user_name=None, email=name)


def _in_group(**which: int) -> Q:
    return Q(Exists(GroupMembership.objects.filter(person=OuterRef("pk"), **which)))


def _with_member(**which: int) -> Q:
    return Q(Exists(GroupMembership.objects.filter(group=OuterRef("pk"), **which)))


EXTERNAL_ID = Field(
    Coalesce("external_id", Value("")), str, lambda value: Q(external_id=value or None)
)
KEPT = (
    *("nickName", "userType", "preferredLanguage", "locale", "timezone", "employeeNumber"),
    *("costCenter", "organization", "division", "vip_level", "name.formatted"),
    *("name.familyName", "name.givenName", "name.middleName", "name.honorificPrefix"),
    "name.honorificSuffix",
)
PEOPLE: Mapping[str, Field] = {
    "id": _key(lambda key: Q(pk=key)),
    "externalid": EXTERNAL_ID,
    "username": _text("user_name", "email", equals=_named),
    "displayname": _text("name"),
    "title": _text("title"),
    "active": _flag(F("is_active")),
    "emails.value": _text("email", equals=lambda value: Q(email=value)),
    "emails.type": _text(_kept("emails.main"), Value("work")),
    "emails.primary": _flag(Value(value=True)),
    "phonenumbers.value": _text("phone"),
    "phonenumbers.type": _text(_kept("phoneNumbers.main"), Value("work")),
    "department": _text(Cast("department__name", TextField()), _kept("department")),
    "manager.value": _key(lambda key: Q(manager=key), ~Q(manager=None)),
    "groups.value": _key(lambda key: _in_group(group=key), _in_group()),
    "isvip": _flag(
        Coalesce(Cast(_kept("isVIP"), BooleanField()), Value(value=False)),
        Q(attributes__has_key="isVIP"),
    ),
    "meta.created": _instant("joined_at", "changed_at"),
    "meta.lastmodified": _instant("changed_at", "joined_at"),
    **{name.lower(): _kept_text(name) for name in KEPT},
}
GROUPS: Mapping[str, Field] = {
    "id": _key(lambda key: Q(pk=key)),
    "externalid": EXTERNAL_ID,
    "displayname": _text("name"),
    "members.value": _key(lambda key: _with_member(person=key), _with_member()),
    "meta.created": _instant("created_at"),
    "meta.lastmodified": _instant("changed_at"),
}


class Conditions(FilterVisitor[Q]):
    """Turns a filter into a `Q`. `within` is the attribute whose values are selected."""

    def __init__(self, fields: Mapping[str, Field], within: str = "") -> None:
        self.fields, self.within = fields, within

    def visit_comparison(self, node: Comparison) -> Q:
        return self._field(node.attr_path).compared(node.op, node.value)

    def visit_present(self, node: Present) -> Q:
        return self._field(node.attr_path).present()

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        terms = [self.visit(term) for term in node.terms]
        if node.op == LogicalOperator.and_:
            return reduce(lambda one, other: one & other, terms)
        return reduce(lambda one, other: one | other, terms)

    def visit_value_path(self, node: ValuePath) -> Q:
        return Conditions(self.fields, f"{node.attr_path.attr}.").visit(node.val_filter)

    def _field(self, path: AttrPath) -> Field:
        name = f"{self.within}{path.attr}" + (f".{path.sub_attr}" if path.sub_attr else "")
        field = self.fields.get(name.lower()) or self.fields.get(f"{name}.value".lower())
        if field is None:
            raise InvalidFilterException(detail=f"{name!r} is not to be filtered by")
        return field
