"""Make a line of each row of an import, tenant by tenant: rows are behind the fence."""

from django.db import migrations

FORWARDS = """
DO $$
DECLARE home bigint;
BEGIN
    FOR home IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('nova.tenant', home::text, true);
        UPDATE accounts_peopleimport SET moved_at = coalesce(undone_at, applied_at, created_at),
            ended_at = coalesce(undone_at, applied_at),
            status = CASE WHEN undone_at IS NOT NULL THEN 'undone'
                WHEN applied_at IS NOT NULL THEN 'applied' ELSE 'previewed' END;
        INSERT INTO accounts_peopleimportline (tenant_id, batch_id, line, said, read, kind, faults,
            changes, state, person_id, omitted, told)
        SELECT tenant_id, made.id, (kept ->> 'line')::integer, kept -> 'said', kept -> 'read',
            kept ->> 'kind', kept -> 'faults', kept -> 'changes',
            CASE WHEN kept ->> 'kind' NOT IN ('new', 'changed') THEN 'waiting'
                WHEN undone_at IS NOT NULL THEN 'undone'
                WHEN applied_at IS NOT NULL THEN 'done' ELSE 'waiting' END,
            (kept ->> 'person')::bigint, coalesce(kept -> 'left', '[]'),
            (SELECT min(id) FROM events_eventrecord WHERE subject = 'import'
                AND subject_id = made.id)
        FROM accounts_peopleimport AS made,
            jsonb_array_elements(rows) WITH ORDINALITY AS row (kept, place)
        ORDER BY made.id, place;
    END LOOP;
END $$
"""
BACKWARDS = """
DO $$
DECLARE home bigint;
BEGIN
    FOR home IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('nova.tenant', home::text, true);
        UPDATE accounts_peopleimport SET rows = lines.kept FROM (
            SELECT batch_id, jsonb_agg(jsonb_build_object('line', line, 'said', said,
                'read', read, 'kind', kind, 'faults', faults, 'changes', changes,
                'person', person_id, 'left', omitted) ORDER BY id) AS kept
            FROM accounts_peopleimportline GROUP BY batch_id
        ) AS lines WHERE lines.batch_id = accounts_peopleimport.id;
        DELETE FROM accounts_peopleimportline;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_import_lines_fence"),
        ("events", "0006_done_in_ones_name"),
    ]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
