"""The language of rules: conditions on what is known of a person. Pure.

A condition is JSON, such as {"match": "all", "clauses": [{"attribute": "title", "operator":
"contains", "value": "chief"}]}. An attribute is `title`, `department`, `site`, `group`, or any
name under which an identity provider says something. One that says several things, as `group`
may, meets a clause when one of them does; `is_not` is met when none of them is the value.
Case, punctuation and spacing make no difference (`vip.wording`). There are no patterns: what
an admin writes must not be able to hold up the desk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator

from vip.wording import fold

MOST_CLAUSES, MOST_VALUES, LONGEST = 20, 100, 150


class Operator(TextChoices):
    """How a clause compares. Stored in conditions."""

    IS = "is", gettext_lazy("is")
    IS_NOT = "is_not", gettext_lazy("is not")
    STARTS_WITH = "starts_with", gettext_lazy("starts with")
    CONTAINS = "contains", gettext_lazy("contains the words")
    IS_ONE_OF = "is_one_of", gettext_lazy("is one of")
    IS_TRUE = "is_true", gettext_lazy("is true")
    EXISTS = "exists", gettext_lazy("exists")


# What Nova itself knows of people; every other name is the identity provider's.
OWN = ("title", "department", "site", "group")
SILENT = (Operator.IS_TRUE, Operator.EXISTS)
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "condition",
    "description": "Whom a rule is for.",
    "type": "object",
    "required": ["match", "clauses"],
    "additionalProperties": False,
    "properties": {
        "match": {"enum": ["all", "any"]},
        "clauses": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_CLAUSES,
            "items": {
                "type": "object",
                "required": ["attribute", "operator"],
                "additionalProperties": False,
                "properties": {
                    "attribute": {"type": "string", "minLength": 1, "maxLength": 100},
                    "operator": {"enum": [str(value) for value in Operator.values]},
                    "value": {},
                },
                "allOf": [
                    {
                        "if": {"properties": {"operator": {"enum": list(map(str, SILENT))}}},
                        "then": {"not": {"required": ["value"]}},
                        "else": {"required": ["value"]},
                    },
                    {
                        "if": {"properties": {"operator": {"const": "is_one_of"}}},
                        "then": {
                            "properties": {
                                "value": {
                                    "type": "array",
                                    "minItems": 1,
                                    "maxItems": MOST_VALUES,
                                    "items": TEXT,
                                }
                            }
                        },
                        "else": {"properties": {"value": TEXT}},
                    },
                ],
            },
        },
    },
}
_VALIDATOR = Draft202012Validator(SCHEMA)
Condition = Mapping[str, Any]
Clause = Mapping[str, Any]


class Malformed(ValueError):
    """A condition that cannot be read. `errors` maps places (`clauses.0.value`) to complaints."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{where}: {what}" for where, what in errors.items()))


@dataclass(frozen=True)
class Facts:
    """What conditions look at. `attributes` is what an identity provider says, by its names."""

    title: str = ""
    department: str = ""
    site: str = ""
    groups: Sequence[str] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, attribute: str) -> list[str]:
        """Return, folded, all that is known under a name; what cannot be seen is not there."""
        name = fold(attribute)
        if name in OWN:
            own = {"title": [self.title], "department": [self.department], "site": [self.site]}
            found = [fold(text) for text in own.get(name, self.groups)]
        else:
            found = [fold(text) for text in said(self.attributes, name)]
        return [text for text in found if text]


def said(attributes: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield as text what a provider says under a folded name."""
    for key, value in attributes.items():
        if fold(key) == name:
            yield from _texts(value)


def check_condition(stated: object) -> None:
    """Raise `Malformed`, with every error and its place, unless `stated` keeps to the language."""
    errors = {
        ".".join(map(str, error.absolute_path)) or "condition": error.message
        for error in _VALIDATOR.iter_errors(stated)
    }
    if not errors and isinstance(stated, Mapping):
        errors = dict(_unseen(stated["clauses"]))
    if errors:
        raise Malformed(errors)


def matches(condition: Condition, facts: Facts) -> bool:
    """Say whether a condition is met."""
    met = (_is_met(clause, facts) for clause in condition["clauses"])
    return all(met) if condition["match"] == "all" else any(met)


def in_words(condition: Condition) -> str:
    """Say a condition as a person would, such as: title contains the words “chief”."""
    joined = _(" and ") if condition["match"] == "all" else _(" or ")
    return joined.join(_clause_in_words(clause) for clause in condition["clauses"])


def values_of(clause: Clause) -> list[str]:
    """Return, folded, what a clause compares with."""
    value = clause.get("value", [])
    return [fold(text) for text in (value if isinstance(value, list) else [value])]


def looks_at(condition: Condition, *names: str) -> bool:
    """Say whether a condition looks at one of these attributes."""
    return any(fold(clause["attribute"]) in names for clause in condition["clauses"])


def _is_met(clause: Clause, facts: Facts) -> bool:
    texts, values = facts.texts(clause["attribute"]), values_of(clause)
    match clause["operator"]:
        case Operator.IS | Operator.IS_ONE_OF:
            return any(text in values for text in texts)
        case Operator.IS_NOT:
            return not any(text in values for text in texts)
        case Operator.STARTS_WITH:
            return any(text.startswith(values[0]) for text in texts)
        case Operator.CONTAINS:
            return any(f" {values[0]} " in f" {text} " for text in texts)
        case Operator.IS_TRUE:
            return "true" in texts
    return bool(texts)


def _texts(value: Any) -> Iterator[str]:
    """Yield what one value says; what is neither text, number nor truth says nothing."""
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, list):
                yield from _texts(item)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, float):
        yield format(Decimal(repr(value)), "f")  # as Postgres writes it
    elif isinstance(value, str | int):
        yield str(value)


def _unseen(clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
    for place, clause in enumerate(clauses):
        if not fold(clause["attribute"]):
            yield f"clauses.{place}.attribute", _("Nothing of this can be compared.")
        if not all(values_of(clause)):
            yield f"clauses.{place}.value", _("Nothing of this can be compared.")


def _clause_in_words(clause: Clause) -> str:
    value = clause.get("value", [])
    values = value if isinstance(value, list) else [value]
    quoted = ", ".join(f"“{text}”" for text in values)
    words = f"{clause['attribute']} {Operator(clause['operator']).label} {quoted}"
    return words.rstrip()
