"""What was imported before rows were lines is there still, and can be undone."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from nova.accounts.models import PeopleImport
from nova.tenancy import fence
from tests.accounts.test_importing import preview, undone
from tests.factories import NOW, PersonFactory, TenantFactory

OLD = """
    INSERT INTO accounts_peopleimport (tenant_id, file_name, author_id, created_at,
        applied_at, status, rights, attempts, to_do, done, problem, tells_attributes, counts,
        rows, made_groups)
    VALUES (%s, 'old.csv', %s, %s, %s, 'previewed', '{}', 0, 0, 0, '', false,
        '{"new": 1, "changed": 0, "same": 0, "error": 1}', %s, '[]')
"""


@pytest.mark.django_db(transaction=True)
def test_rows_become_lines_and_lines_rows_again():
    call_command("migrate", "accounts", "0019_import_lines_fence", verbosity=0)
    try:
        tenant = TenantFactory()
        with fence.inside(tenant.pk), connection.cursor() as cursor:
            boss, came = PersonFactory(role="admin"), PersonFactory(email="a@b.example")
            said = {"said": {"email": "a@b.example"}, "read": [], "changes": {}}
            rows = [
                {"line": 2, **said, "kind": "new", "faults": [], "person": came.pk},
                {"line": 3, **said, "kind": "error", "faults": [["name", "x"]], "person": None},
            ]
            cursor.execute(OLD, [tenant.pk, boss.pk, NOW, NOW, json.dumps(rows)])
    finally:
        call_command("migrate", verbosity=0)

    with fence.inside(tenant.pk):
        made = PeopleImport.objects.get()
        assert (made.status, made.moved_at) == ("applied", NOW)
        lines = list(made.lines.order_by("pk").values_list("line", "kind", "state", "person"))
        assert lines == [(2, "new", "done", came.pk), (3, "error", "waiting", None)]
        preview(boss)
    call_command("migrate", "accounts", "0019_import_lines_fence", verbosity=0)
    call_command("migrate", verbosity=0)
    with fence.inside(tenant.pk):
        assert [batch.lines.count() for batch in PeopleImport.objects.order_by("pk")] == [2, 3]
        assert undone(boss, made).status == "undone"
        came.refresh_from_db()
        assert came.departed_at
