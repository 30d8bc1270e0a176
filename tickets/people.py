"""Who may work on tickets, as a choice by team."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from nova.accounts.models import TeamMembership, User

MOVE = "tickets.move_ticket"
Group = tuple[str, list[tuple[int, str]]]


def workers(tenant_id: int) -> dict[int, str]:
    """Return the names of all who may move tickets, by id, in their order."""
    people = User.objects.filter(tenant=tenant_id).with_permission(MOVE).who_sign_in()
    return {person.pk: str(person) for person in people.only("name", "email").order_by("name")}


def by_team(people: dict[int, str]) -> list[Group]:
    """Return people as groups of choices; one of several teams stands in each of them."""
    memberships = TeamMembership.objects.filter(person__in=people).order_by("team__name")
    groups: dict[str, set[int]] = {}
    for team, person_id in memberships.values_list("team__name", "person_id"):
        groups.setdefault(team, set()).add(person_id)
    alone = people.keys() - set().union(*groups.values()) if groups else people.keys()
    if alone:
        groups[_("Without a team")] = set(alone)
    return [(name, _choices(people, members)) for name, members in groups.items()]


def _choices(people: dict[int, str], members: Iterable[int]) -> list[tuple[int, str]]:
    return [(pk, name) for pk, name in people.items() if pk in members]
