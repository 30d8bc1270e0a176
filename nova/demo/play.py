"""Play the demo's scenes: each is a call of the service that a person's click would be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from nova.accounts.models import User
from nova.demo.cast import Cast
from nova.demo.files import upload
from nova.demo.plot import Role, Scene
from tickets import services as tickets
from tickets.choices import Kind
from tickets.intake import TicketDraft
from tickets.models import Ticket


class Stage:
    """A tenant's stage. Play the scenes in the order of time, inside the tenant's fence."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.dice = Random(cast.organisation.name)  # noqa: S311 - files, not secrets
        self.opened: dict[int, Ticket] = {}
        self.verbs: dict[str, Callable[[Scene, User], object]] = {
            "open": self._open,
            "assign": self._assign,
            "move": self._move,
            "say": self._say,
            "watch": self._watch,
            "edit": self._edit,
            "track": self._track,
            "attach": self._attach,
            "rate": self._rate,
        }

    def play(self, scene: Scene) -> None:
        self.verbs[scene.verb](scene, self.cast.people[scene.who.email])

    def _open(self, scene: Scene, actor: User) -> None:
        cast, role, case = self.cast, scene.role, scene.role.case
        requester = cast.people[role.requester.email]
        subcategory = cast.categories[case.category, case.subcategory]
        site = cast.places.sites[role.requester.site]
        draft = TicketDraft(
            requester=requester,
            submitted_by=actor,
            title=role.words(case.title),
            description=role.words(case.description),
            opened_at=scene.at,
            kind=case.kind,
            type=case.type,
            impact=case.impact,
            urgency=case.urgency,
            source=scene.says["source"],
            module=case.module,
            category_id=subcategory.parent_id,
            subcategory_id=subcategory.pk,
            service_id=cast.services[case.service].pk,
            region_id=site.region_id,
            team_id=cast.teams[role.team].pk,
            location=f"{role.requester.site}, {role.details['room']}",
            tags=case.tags,
            custom_fields=_fields(scene),
        )
        self.opened[scene.ticket] = tickets.open_ticket(draft, actor=actor, now=scene.at)

    def _assign(self, scene: Scene, actor: User) -> None:
        tickets.assign_ticket(self._id(scene), {"assignee": actor}, actor=actor, now=scene.at)

    def _move(self, scene: Scene, actor: User) -> None:
        behind = self._behind(scene)
        tickets.move_ticket(
            self._id(scene), actor=actor, on_behalf_of=behind, now=scene.at, **scene.says
        )

    def _say(self, scene: Scene, actor: User) -> None:
        behind = self._behind(scene)
        tickets.add_comment(
            self._id(scene), actor=actor, on_behalf_of=behind, now=scene.at, **scene.says
        )

    def _watch(self, scene: Scene, actor: User) -> None:
        person = self.cast.people[scene.says["person"].email]
        tickets.add_watcher(self.opened[scene.ticket], person, actor=actor, now=scene.at)

    def _edit(self, scene: Scene, actor: User) -> None:
        tickets.edit_ticket(self._id(scene), scene.says["changes"], actor=actor, now=scene.at)

    def _track(self, scene: Scene, actor: User) -> None:
        tickets.track_time(
            self.opened[scene.ticket],
            worked_on=scene.at.date(),
            is_billable=self.opened[scene.ticket].type == "customer",
            actor=actor,
            now=scene.at,
            **scene.says,
        )

    def _attach(self, scene: Scene, actor: User) -> None:
        file = upload(self.dice, scene.role.details, f"{scene.at:%Y-%m-%d %H:%M:%S}")
        behind = self._behind(scene)
        tickets.attach_file(self._id(scene), file, actor=actor, on_behalf_of=behind, now=scene.at)

    def _rate(self, scene: Scene, actor: User) -> None:
        behind = self._behind(scene)
        tickets.rate_ticket(
            self._id(scene), actor=actor, on_behalf_of=behind, now=scene.at, **scene.says
        )

    def _behind(self, scene: Scene) -> User | None:
        """Return in whose name somebody acts who sent the ticket for another."""
        role = scene.role
        is_proxy = scene.who == role.submitter != role.requester
        return self.cast.people[role.requester.email] if is_proxy else None

    def _id(self, scene: Scene) -> int:
        return self.opened[scene.ticket].pk


def _fields(scene: Scene) -> dict[str, Any]:
    """Return what the requester filled in of the tenant's own fields."""
    role: Role = scene.role
    if role.case.kind == Kind.INCIDENT:
        return {"asset_tag": role.details["laptop"], "on_air": "on-air" in role.case.tags}
    if role.case.kind == Kind.REQUEST:
        needed = scene.at.date() + timedelta(days=5)
        return {"cost_centre": "4711", "needed_by": needed.isoformat()}
    return {"risk": "medium"} if role.case.kind == Kind.CHANGE else {}


def overhear(cast: Cast, now: datetime) -> int:
    """Open what Cosmo reads as soon as Nova runs: one it is sure of, and one it asks about."""
    for row in cast.organisation.overheard:
        author = cast.people[row.email]
        draft = TicketDraft(
            requester=author,
            submitted_by=author,
            title=row.title,
            description=row.description,
            opened_at=now,
            service_id=cast.services[row.service].pk,
            team_id=cast.teams[cast.organisation.services[row.service]].pk,
        )
        tickets.open_ticket(draft, actor=author, now=now)
    return len(cast.organisation.overheard)
