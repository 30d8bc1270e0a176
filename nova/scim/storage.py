"""Where the SCIM library reads and writes: people and groups of the tenant whose key was shown."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from django.db import DatabaseError, transaction
from django.db.models import Prefetch, QuerySet
from scim2_models import (
    Error,
    InvalidFilterException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SCIMException,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from nova.accounts import models, services
from nova.api.problems import problem_of
from nova.errors import Refused
from nova.scim import custom
from nova.scim.assistants import assistants_of, follow_assistants, restore_assistants
from nova.scim.filters import GROUPS, PEOPLE, Conditions
from nova.scim.reading import group_resource, person_resource
from nova.scim.schemas import MOST_ROWS
from nova.scim.writing import columns_of, key_of, person_ids

Parameters = ResponseParameters[Any]
NONE = 0  # no row has this key


class NovaStorage(ScimStorage):
    """Calls the services of accounts as `actor`, the account of the identity provider.

    What is read in order to be changed is locked until the request ends.
    """

    def __init__(self, actor: models.User, now: datetime) -> None:
        self.actor, self.now = actor, now

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Undo what fails, and say in SCIM's words why."""
        try:
            with transaction.atomic():
                yield
        except services.Taken as taken:
            raise UniquenessException(detail=str(taken)) from taken
        except (Refused, DatabaseError) as error:
            problem = problem_of(error)
            if problem is None:
                raise
            said = Error(status=problem["status"], detail=problem["detail"])
            raise SCIMException.from_error(said) from error

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: Parameters | None = None,
    ) -> Resource[Any]:
        lock = response_parameters is None
        if resource_type.name == "User":
            return person_resource(self._person(resource_id, lock=lock))
        group = self.group(resource_id, lock=lock)
        wanted = _members_wanted(response_parameters)
        return group_resource(group, _members_of(group) if wanted else None)

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """Return a page of one kind, or of people and the groups after them."""
        total, found = 0, list[Resource[Any]]()
        start = max((search_request.start_index or 1) - 1, 0)
        asked = search_request.count
        most = MOST_ROWS if asked is None else max(min(asked, MOST_ROWS), 0)
        for kind in resource_types:
            rows = self._matching(kind, search_request, is_alone=len(resource_types) == 1)
            page, count = _page(rows, max(start - total, 0), most - len(found))
            found += self._shown(kind, page, search_request)
            total += count
        return SearchPage(total, found)

    def _matching(
        self, kind: ResourceType, asked: SearchRequest[Any], *, is_alone: bool
    ) -> QuerySet[Any]:
        """Return the rows of a kind that match. Beside another, one may not have the attribute."""
        is_people = kind.name == "User"
        rows: QuerySet[Any] = self._people() if is_people else self._groups()
        if asked.filter is None:
            return rows
        try:
            return rows.filter(Conditions(PEOPLE if is_people else GROUPS).visit(asked.filter.ast))
        except InvalidFilterException:
            if is_alone:
                raise
            return rows.none()

    def _shown(
        self, kind: ResourceType, page: list[Any], asked: SearchRequest[Any]
    ) -> list[Resource[Any]]:
        if kind.name == "User":
            return [person_resource(row) for row in page]
        members = _members(page) if _members_wanted(asked) else {}
        return [group_resource(row, members.get(row.pk)) for row in page]

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if resource_type.name == "User":
            return self._create_person(resource)
        told = cast(Any, resource)
        group = services.create_group(
            told.display_name,
            external_id=told.external_id or None,
            actor=self.actor,
            now=self.now,
        )
        return self._set_members(group, told.members)

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
        extra: custom.Said | None = None,
        keeps_extra: bool = True,
    ) -> Resource[Any]:
        """Replace what is known. `extra` changes what unknown extensions say, or replaces it."""
        if resource_type.name == "User":
            return self._update_person(resource, expected_version, extra or {}, keeps_extra)
        told = cast(Any, resource)
        group = self.group(told.id, lock=True)
        _check_version(group.version, expected_version)
        fields = {"name": told.display_name, "external_id": told.external_id or None}
        services.edit_group(group.pk, fields, actor=self.actor, now=self.now)
        return self._set_members(group, told.members)

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        expected_version: str | None = None,
    ) -> None:
        if resource_type.name == "User":
            person = self._person(resource_id, lock=True)
            _check_version(person.version, expected_version)
            services.depart_person(person.pk, actor=self.actor, now=self.now)
        else:
            group = self.group(resource_id, lock=True)
            _check_version(group.version, expected_version)
            services.delete_group(group.pk, actor=self.actor, now=self.now)

    def group(self, resource_id: str, *, lock: bool) -> models.Group:
        """Return a group. Raises `NotFoundException`."""
        rows = self._groups().filter(pk=key_of(resource_id) or NONE)
        return _one(rows.select_for_update() if lock else rows, resource_id)

    def move_members(
        self, group: models.Group, *, add: Collection[str], remove: Collection[str]
    ) -> Resource[Any]:
        """Put people into a locked group and out of it; who stays is not looked at."""
        changed = services.change_members(
            group.pk,
            add=person_ids(add),
            remove=[key for key in map(key_of, remove) if key is not None],
            actor=self.actor,
            now=self.now,
        )
        return group_resource(changed, None)

    def _create_person(self, told: Resource[Any]) -> Resource[Any]:
        extra = custom.said_in(told.unknown_attributes)
        columns = columns_of(told, extra, self.actor.tenant_id)
        is_active = cast(Any, told).active
        person = services.provision_person(
            **columns, is_active=is_active, actor=self.actor, now=self.now
        )
        acting: dict[str, Any] = {"actor": self.actor, "now": self.now}
        follow_assistants(person, (), **acting)
        if person.version > 1:  # who came back may be an assistant of others still
            restore_assistants(person, **acting)
        return person_resource(self._person(str(person.pk)))

    def _update_person(
        self, told: Resource[Any], expected: str | None, extra: custom.Said, keeps_extra: bool
    ) -> Resource[Any]:
        person = self._person(str(told.id), lock=True)
        _check_version(person.version, expected)
        whole = custom.merged(person.attributes if keeps_extra else {}, extra)
        columns = columns_of(told, whole, self.actor.tenant_id)
        before = assistants_of(person)
        acting: dict[str, Any] = {"actor": self.actor, "now": self.now}
        changed = services.reprovision_person(person.pk, columns, **acting)
        follow_assistants(changed, before, **acting)
        if "active" in told.model_fields_set:
            self._set_active(changed, cast(Any, told).active)
        return person_resource(self._person(str(person.pk)))

    def _set_active(self, person: models.User, told: bool) -> None:
        if told == person.is_active:
            return
        acting: dict[str, Any] = {"actor": self.actor, "now": self.now}
        if not told:
            services.deactivate_person(person.pk, **acting)
            return
        restore_assistants(services.reactivate_person(person.pk, **acting), **acting)

    def _set_members(self, group: models.Group, told: Any) -> Resource[Any]:
        wanted = set(person_ids(member.value for member in told or ()))
        inside = set(_members_of(group))
        group = services.change_members(
            group.pk, add=wanted - inside, remove=inside - wanted, actor=self.actor, now=self.now
        )
        return group_resource(group, _members_of(group))

    def _person(self, resource_id: str, *, lock: bool = False) -> models.User:
        rows = self._people().filter(pk=key_of(resource_id) or NONE)
        return _one(rows.select_for_update(of=("self",)) if lock else rows, resource_id)

    def _people(self) -> QuerySet[models.User]:
        memberships = models.GroupMembership.objects.select_related("group").order_by("pk")
        people = models.User.objects.visible_to(self.actor).provisioned()
        return people.select_related("department", "manager").prefetch_related(
            Prefetch("memberships", memberships)
        )

    def _groups(self) -> QuerySet[models.Group]:
        return models.Group.objects.visible_to(self.actor)


def _one(rows: QuerySet[Any], resource_id: str) -> Any:
    found = rows.first()
    if found is None:
        raise NotFoundException(detail=f"There is nothing with the id {resource_id!r}")
    return found


def _page(rows: QuerySet[Any], start: int, most: int) -> tuple[list[Any], int]:
    """Return the rows of a page and the number of all. A last page needs no counting."""
    page = list(rows.order_by("pk")[start : start + most]) if most else []
    is_last = 0 < len(page) < most or (start == 0 and most and not page)
    return page, start + len(page) if is_last else rows.order_by().count()


def _members_of(group: models.Group) -> list[int]:
    return _members([group]).get(group.pk, [])


def _members(groups: Iterable[models.Group]) -> dict[int, list[int]]:
    """Return by group the ids of the people in it whom the provider may see."""
    people = models.User.objects.provisioned()
    rows = models.GroupMembership.objects.filter(group__in=groups, person__in=people)
    found: dict[int, list[int]] = {}
    for group_id, person_id in rows.order_by("pk").values_list("group_id", "person_id"):
        found.setdefault(group_id, []).append(person_id)
    return found


def _members_wanted(asked: Any) -> bool:
    """Say whether an answer shows who is in a group, which may be ten thousand people."""
    if asked is None:
        return True
    excluded = [str(path).lower() for path in asked.excluded_attributes or ()]
    named = [str(path).lower() for path in asked.attributes or ()]
    if named:
        return any("members" in path for path in named)
    return not any(path.endswith("members") for path in excluded)


def _check_version(version: int, expected: str | None) -> None:
    if expected is not None and expected != f'W/"{version}"':
        raise PreconditionFailedException
