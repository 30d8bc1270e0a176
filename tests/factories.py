"""Valid things to test with. A test states only what it is about."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from nova.accounts.models import (
    Department,
    Floor,
    Group,
    Region,
    Role,
    RoleGrant,
    Service,
    Site,
    Team,
    User,
)
from nova.tenancy import fence
from nova.tenancy.models import Tenant
from nova.tenancy.services import create_tenant

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)  # a Tuesday
PASSWORD = "correct horse battery"


class TenantFactory(DjangoModelFactory):
    """An organisation with all that a new one starts with."""

    class Meta:
        model = Tenant

    slug = factory.LazyFunction(lambda: f"tenant-{uuid4().hex[:10]}")
    name = "Acme"

    @classmethod
    def _create(cls, model_class: type[Tenant], *args: Any, **kwargs: Any) -> Tenant:
        return create_tenant(**{"now": NOW, **kwargs})


class InFence(DjangoModelFactory):
    """A row of the tenant whose fence the test is inside of, unless it names another."""

    class Meta:
        abstract = True

    tenant_id = factory.LazyFunction(lambda: int(fence.current()))


class RegionFactory(InFence):
    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Region {n}")


class SiteFactory(InFence):
    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Site {n}")


class FloorFactory(InFence):
    class Meta:
        model = Floor

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda n: f"Floor {n}")


class DepartmentFactory(InFence):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Department {n}")


class TeamFactory(InFence):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")


class ServiceFactory(InFence):
    class Meta:
        model = Service

    name = factory.Sequence(lambda n: f"Service {n}")


class GroupFactory(InFence):
    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"Group {n}")
    created_at = changed_at = NOW


class RoleFactory(InFence):
    class Meta:
        model = Role

    name = factory.Sequence(lambda n: f"Role {n}")
    permissions: list[str] = []


class PersonFactory(InFence):
    """A person. `role` names a seeded role, such as "technician"; "" gives none."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.LazyFunction(lambda: f"person-{uuid4().hex[:10]}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    joined_at = NOW

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        role = kwargs.pop("role", "requester")
        person = User.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)
        for held in Role.objects.filter(key=role, tenant_id=person.tenant_id).exclude(key=""):
            RoleGrant.objects.create(tenant_id=person.tenant_id, person=person, role=held)
        return person
