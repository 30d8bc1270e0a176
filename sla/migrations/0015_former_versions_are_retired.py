"""Say of each version that was published until when it held; those in force hold still."""

from django.db import migrations

EACH_TENANT = """
    DO $$
    DECLARE home bigint;
    BEGIN
        FOR home IN SELECT id FROM tenancy_tenant LOOP
            PERFORM set_config('nova.tenant', home::text, true);
            {statement};
        END LOOP;
        PERFORM set_config('nova.tenant', '', true);
    END $$
"""
RETIRE = """
    UPDATE sla_calendarversion AS mine
    SET written_at = mine.published_at,
        status = CASE WHEN mine.id = calendar.current_id THEN 'published' ELSE 'retired' END,
        retired_at = later.published_at
    FROM sla_calendar AS calendar, sla_calendarversion AS other
    LEFT JOIN sla_calendarversion AS later
        ON later.calendar_id = other.calendar_id AND later.number = other.number + 1
    WHERE calendar.id = mine.calendar_id AND other.id = mine.id AND mine.written_at IS NULL
"""
FORGET_DRAFTS = "DELETE FROM sla_calendarversion WHERE status = 'draft'"


class Migration(migrations.Migration):
    dependencies = [("sla", "0014_calendar_drafts")]
    operations = [
        migrations.RunSQL(
            sql=EACH_TENANT.format(statement=RETIRE),
            reverse_sql=EACH_TENANT.format(statement=FORGET_DRAFTS),
        )
    ]
