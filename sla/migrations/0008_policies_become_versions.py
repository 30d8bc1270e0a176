"""Make of each policy its first version, tenant by tenant: rows are behind the fence."""

from django.db import migrations

FORWARDS = """
DO $$
DECLARE home bigint;
BEGIN
    FOR home IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('nova.tenant', home::text, true);
        INSERT INTO sla_policyversion (tenant_id, policy_id, number, status, conditions,
            written_at, published_at, retired_at)
        SELECT tenant_id, id, 1, CASE WHEN is_active THEN 'published' ELSE 'retired' END,
            jsonb_strip_nulls(jsonb_build_object(
                'priority', CASE WHEN priorities <> '{}' THEN to_jsonb(priorities) END,
                'type', CASE WHEN types <> '{}' THEN to_jsonb(types) END,
                'kind', CASE WHEN kinds <> '{}' THEN to_jsonb(kinds) END,
                'module', CASE WHEN modules <> '{}' THEN to_jsonb(modules) END,
                'vip_level', CASE WHEN vip_levels <> '{}' THEN to_jsonb(vip_levels) END)),
            now(), now(), CASE WHEN NOT is_active THEN now() END
        FROM sla_policy;
        UPDATE sla_policy SET current_id = v.id FROM sla_policyversion v
            WHERE v.policy_id = sla_policy.id AND v.status = 'published';
        UPDATE sla_target SET version_id = v.id FROM sla_policyversion v
            WHERE v.policy_id = sla_target.policy_id;
        UPDATE sla_clock SET policy_version_id = v.id FROM sla_policyversion v
            WHERE v.policy_id = sla_clock.policy_id AND sla_clock.state IN ('running', 'paused');
    END LOOP;
END $$
"""
BACKWARDS = """
DO $$
DECLARE home bigint;
BEGIN
    FOR home IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('nova.tenant', home::text, true);
        DELETE FROM sla_target WHERE version_id NOT IN (
            SELECT coalesce(p.current_id, max(v.id)) FROM sla_policy p
            JOIN sla_policyversion v ON v.policy_id = p.id GROUP BY p.id, p.current_id);
        UPDATE sla_target SET policy_id = v.policy_id FROM sla_policyversion v
            WHERE v.id = sla_target.version_id;
        UPDATE sla_policy p SET
            is_active = p.current_id IS NOT NULL,
            priorities = ARRAY(SELECT jsonb_array_elements_text(coalesce(v.conditions -> 'priority', '[]'))::smallint),
            types = ARRAY(SELECT jsonb_array_elements_text(coalesce(v.conditions -> 'type', '[]'))),
            kinds = ARRAY(SELECT jsonb_array_elements_text(coalesce(v.conditions -> 'kind', '[]'))),
            modules = ARRAY(SELECT jsonb_array_elements_text(coalesce(v.conditions -> 'module', '[]'))),
            vip_levels = ARRAY(SELECT jsonb_array_elements_text(coalesce(v.conditions -> 'vip_level', '[]')))
        FROM sla_policyversion v WHERE v.id = (
            SELECT coalesce(p.current_id, max(id)) FROM sla_policyversion WHERE policy_id = p.id);
        UPDATE sla_policy SET current_id = NULL;
        UPDATE sla_clock SET policy_version_id = NULL WHERE policy_version_id IS NOT NULL;
        UPDATE sla_target SET version_id = NULL;
        DELETE FROM sla_policyversion;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_policy_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
