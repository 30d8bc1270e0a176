"""Find by one query whom a condition matches today. It agrees with `vip.conditions`."""

from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from nova.accounts.choices import PersonKind
from nova.accounts.models import User
from nova.accounts.models.people import UserQuerySet
from vip.conditions import OWN, Clause, Condition, Operator, values_of
from vip.wording import fold, folded_sql

Sql = tuple[str, list[Any]]
# What is known of a person under a name that is Nova's own.
TEXTS = {
    "title": "SELECT accounts_user.title",
    "department": "SELECT name FROM accounts_department WHERE id = accounts_user.department_id",
    "site": "SELECT name FROM accounts_site WHERE id = accounts_user.site_id",
    "group": """
        SELECT of.name FROM accounts_groupmembership AS mine
        JOIN accounts_group AS of ON of.id = mine.group_id
        WHERE mine.person_id = accounts_user.id
    """,
}
# What a provider says: texts, numbers and truths, alone or in a list.
SAID = """
    SELECT one.value #>> '{{}}' FROM jsonb_each(accounts_user.attributes) AS said,
        jsonb_array_elements(
            CASE jsonb_typeof(said.value) WHEN 'array' THEN said.value
            ELSE jsonb_build_array(said.value) END
        ) AS one
    WHERE jsonb_typeof(one.value) IN ('string', 'number', 'boolean') AND {name} = %s
"""
COMPARED = {
    Operator.IS: "text = ANY(%s)",
    Operator.IS_ONE_OF: "text = ANY(%s)",
    Operator.IS_NOT: "text = ANY(%s)",
    Operator.STARTS_WITH: "starts_with(text, (%s::text[])[1])",
    Operator.CONTAINS: "strpos(' ' || text || ' ', ' ' || (%s::text[])[1] || ' ') > 0",
    Operator.IS_TRUE: "text = 'true'",
    Operator.EXISTS: "true",
}


def people_matching(condition: Condition) -> UserQuerySet:
    """Return the people of this tenant whom a condition matches: those who may come in."""
    clauses = [_clause(clause) for clause in condition["clauses"]]
    joint = " AND " if condition["match"] == "all" else " OR "
    words = joint.join(f"({sql})" for sql, _ in clauses)
    values = [value for _, given in clauses for value in given]
    here = User.objects.active().filter(kind=PersonKind.PERSON, departed_at=None)
    met: UserQuerySet = here.filter(RawSQL(words, values, BooleanField()))  # noqa: S611  our own words
    return met


def _clause(clause: Clause) -> Sql:
    texts, named = _texts(fold(clause["attribute"]))
    folded, table = folded_sql("known.text")
    operator = Operator(clause["operator"])
    compared = COMPARED[operator]
    given = [values_of(clause)] if "%s" in compared else []
    sql = (
        f"EXISTS (SELECT FROM (SELECT {folded} FROM ({texts}) AS known(text)) AS folded(text) "  # noqa: S608
        f"WHERE text <> '' AND {compared})"
    )
    # In the order of the places that they fill.
    values = [*table, *named, *given]
    return (f"NOT {sql}" if operator == Operator.IS_NOT else sql), values


def _texts(name: str) -> Sql:
    if name in OWN:
        return TEXTS[name], []
    folded, table = folded_sql("said.key")
    return SAID.format(name=folded), [*table, name]
