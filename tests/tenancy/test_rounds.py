"""Rounds by the clock go on past a tenant for which they fail."""

import pytest

from nova.tenancy.models import Tenant
from nova.tenancy.rounds import for_each_tenant
from sla import tasks
from tests.factories import TenantFactory

pytestmark = pytest.mark.django_db


def test_one_that_fails_keeps_no_other_from_its_turn_and_is_told_of_after_the_last():
    first, second, third = (TenantFactory() for _ in range(3))
    asleep = TenantFactory()
    Tenant.objects.filter(pk=asleep.pk).update(is_active=False)
    seen = []

    @for_each_tenant
    def visit(tenant_id):
        if tenant_id == second.pk:
            raise ValueError("torn")
        seen.append(tenant_id)

    with pytest.raises(ExceptionGroup, match="visit failed for 1 of 3 tenants") as told:
        visit()

    assert seen == [first.pk, third.pk]
    (failure,) = told.value.exceptions
    assert str(failure) == "torn"
    assert failure.__notes__ == [f"Tenant {second.pk}"]


def test_breaches_of_others_are_noted_where_one_cannot_be_swept(monkeypatch):
    broken, whole = TenantFactory(), TenantFactory()
    swept = []

    def sweep(tenant_id, **_):
        if tenant_id == broken.pk:
            raise RuntimeError("no actor")
        swept.append(tenant_id)
        return 0

    monkeypatch.setattr("sla.services.sweep", sweep)
    with pytest.raises(ExceptionGroup):
        tasks.sweep()

    assert swept == [whole.pk]
