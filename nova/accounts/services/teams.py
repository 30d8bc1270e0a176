"""How people come into teams and leave them by other ways than Core's page of the team."""

from datetime import datetime

from django.db import transaction

from nova.accounts.events import TeamJoined, TeamLeft
from nova.accounts.models import Team, TeamMembership, User
from nova.events.bus import publish


@transaction.atomic
def join_team(person: User, team: Team, *, actor: User, now: datetime) -> None:
    """Put a person into a team. Who is in it stays, and nothing is told."""
    _row, is_new = TeamMembership.objects.get_or_create(
        team=team, person=person, defaults={"tenant_id": team.tenant_id}
    )
    if is_new:
        event = TeamJoined(
            tenant_id=team.tenant_id, person_id=person.pk, team_id=team.pk, team=team.name
        )
        publish(event, actor=actor, now=now)


@transaction.atomic
def leave_team(person: User, team: Team, *, actor: User, now: datetime) -> None:
    """Take a person out of a team. Who is not in it stays out, and nothing is told."""
    taken, _by_model = TeamMembership.objects.filter(team=team, person=person).delete()
    if taken:
        event = TeamLeft(
            tenant_id=team.tenant_id, person_id=person.pk, team_id=team.pk, team=team.name
        )
        publish(event, actor=actor, now=now)
