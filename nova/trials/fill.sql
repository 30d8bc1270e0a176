-- Tickets: about one in ten bears the word "network", a handful in a million the word "zephyr".
INSERT INTO tickets_ticket (
    tenant_id, number, external_ref, title, description, kind, type, status, status_since,
    awaiting_reason, impact, urgency, priority, source, module, requester_id, submitted_by_id,
    department_id, service_id, site_id, category_id, location, assignee_id, team_id,
    custom_fields, resolution, resolution_code, reopen_count, opened_at, updated_at,
    responded_at, resolved_at, closed_at, version, vip_level, vip_trigger_source, vip_reasons,
    vip_priority_score, score_parts, queue_at, next_due_at, sla_state)
SELECT
    %(tenant)s, 1000 + %(present)s + g, '', left(concat_ws(' ',
        (ARRAY['Printer', 'Laptop', 'Mail', 'Screen', 'Phone', 'Payroll', 'Door', 'Badge'])[a],
        CASE WHEN g %% 10 = 3 THEN 'network' END, CASE WHEN g %% 50000 = 777 THEN 'zephyr' END,
        (ARRAY['is slow', 'does not start', 'was lost', 'shows an error', 'needs a change'])[b],
        'w' || (c * 5000)::int), 250), words,
    (ARRAY['incident', 'incident', 'request', 'change'])[1 + a %% 4], 'internal', status,
    CASE WHEN is_open THEN opened_at + age * 0.1 ELSE opened_at + '7 hours' END,
    CASE WHEN status LIKE 'awaiting%%' THEN 'A part was ordered' ELSE '' END,
    (ARRAY['high', 'medium', 'low'])[impact], (ARRAY['high', 'medium', 'low'])[urgency],
    impact + urgency - 1, 'portal', (ARRAY['it', 'it', 'ops', 'facilities', 'hr'])[b],
    requester, requester, person.department_id, (%(services)s::bigint[])[1 + a],
    (%(sites)s::bigint[])[b], (%(categories)s::bigint[])[1 + a %% 4], '',
    CASE WHEN status <> 'new' THEN (%(technicians)s::bigint[])[1 + (c * 19)::int] END,
    (%(teams)s::bigint[])[1 + a %% 4], '{}', '', '', 0, opened_at, opened_at + age * 0.1,
    CASE WHEN status <> 'new' THEN opened_at + '20 minutes' END,
    CASE WHEN NOT is_open THEN opened_at + '6 hours' END,
    CASE WHEN status = 'closed' THEN opened_at + '7 hours' END, 3, level,
    CASE WHEN level <> '' THEN 'manual' ELSE '' END,
    CASE WHEN level <> '' THEN '["Board"]'::jsonb ELSE '[]' END, score + risk,
    CASE WHEN score > 0
        THEN jsonb_build_object('vip', jsonb_build_object('points', score, 'reason', 'Board'))
        ELSE '{}' END
    || CASE WHEN risk > 0
        THEN jsonb_build_object('risk', jsonb_build_object('points', risk, 'reason', 'Late'))
        ELSE '{}' END,
    CASE WHEN is_open AND status NOT LIKE 'awaiting%%' THEN due ELSE opened_at + '4 hours' END,
    CASE WHEN is_open AND status NOT LIKE 'awaiting%%' THEN due END,
    CASE WHEN NOT is_open THEN 'met' WHEN status LIKE 'awaiting%%' THEN 'paused'
        WHEN risk > 0 THEN 'at_risk' ELSE 'running' END
FROM (
    SELECT *, (%(requesters)s::bigint[])[place] AS requester,
        CASE WHEN place <= 40 THEN (ARRAY['exec', 'gold', 'priority'])[1 + (place - 1) %% 3]
            ELSE '' END AS level,
        CASE WHEN place <= 40 THEN 300 - 100 * ((place - 1) %% 3) ELSE 0 END AS score,
        CASE WHEN is_open AND is_late AND status NOT LIKE 'awaiting%%' THEN 50 ELSE 0 END AS risk,
        now() - age AS opened_at,
        now() + '2 hours' + CASE WHEN is_late THEN age * 0.05 ELSE age * 1.2 END AS due
    FROM (
        SELECT g, 1 + (random() * 7)::int AS a, 1 + (random() * 4)::int AS b, random() AS c,
            1 + (random() * 2)::int AS impact, 1 + (random() * 2)::int AS urgency,
            1 + (random() * 1999)::int AS place, random() < 0.15 AS is_late,
            is_open, CASE WHEN is_open THEN random() * interval '5 days'
                ELSE interval '1 day' + random() * interval '729 days' END AS age,
            (SELECT string_agg('w' || (random() * 5000)::int, ' ')
             FROM generate_series(1, 20 + g * 0)) AS words
        FROM generate_series(1, %(missing)s) AS g,
            LATERAL (SELECT random() < %(open_share)s + g * 0 AS is_open) AS chance
    ) AS chances, LATERAL (SELECT CASE WHEN is_open
        THEN (ARRAY['new', 'new', 'new', 'acknowledged', 'diagnosing', 'in_progress',
            'in_progress', 'in_progress', 'awaiting_customer', 'reopened'])[1 + (c * 9)::int]
        WHEN c < 0.05 THEN 'resolved' ELSE 'closed' END AS status) AS stage
) AS drafts
JOIN accounts_user AS person ON person.id = requester
-- next
UPDATE tickets_ticketnumber SET last = 1000 + %(present)s + %(missing)s
WHERE tenant_id = %(tenant)s
-- next
INSERT INTO tickets_stagevisit (tenant_id, ticket_id, status, entered_at, left_at)
SELECT tenant_id, t.id, stage, entered_at, left_at FROM tickets_ticket AS t
CROSS JOIN LATERAL (VALUES
    ('new', t.opened_at, CASE WHEN t.status <> 'new' THEN t.responded_at END, true),
    ('in_progress', t.responded_at, t.resolved_at, t.resolved_at IS NOT NULL),
    ('resolved', t.resolved_at, t.closed_at, t.resolved_at IS NOT NULL),
    ('closed', t.closed_at, NULL, t.closed_at IS NOT NULL),
    (t.status, t.responded_at, NULL, t.resolved_at IS NULL AND t.status <> 'new')
) AS visit(stage, entered_at, left_at, happened)
WHERE t.id > %(last_id)s AND happened
-- next
INSERT INTO sla_clock (
    tenant_id, ticket_id, metric, number, policy_id, policy_version_id, policy_name, target_seconds,
    calendar_version_id, pause_on, reopen, state, started_at, changed_at, counted_seconds,
    running_since, ran_until, ended_at, due_at, next_action_at, fired, told)
SELECT tenant_id, id, metric, 1, %(policy)s, %(version)s, 'Moderate', target, %(calendar)s,
    '{awaiting_customer,awaiting_dependency}', 'continue', state, opened_at, opened_at,
    CASE WHEN state = 'stopped' THEN 900 ELSE 0 END,  -- what waits has waited from the start
    CASE WHEN state = 'running' THEN opened_at END,
    CASE WHEN state = 'stopped' THEN coalesce(resolved_at, responded_at) END,
    CASE WHEN state = 'stopped' THEN coalesce(resolved_at, responded_at) END,
    CASE WHEN state <> 'paused' THEN opened_at + target * interval '1 second' END,
    CASE WHEN state = 'running'
        THEN opened_at + target * CASE WHEN is_late THEN 1 ELSE 0.5 END * interval '1 second' END,
    CASE WHEN state = 'running' AND is_late THEN '{50,75,90}'::varchar[] ELSE '{}' END, '{}'
FROM (
    SELECT t.*, metric, sla_state = 'at_risk' AS is_late,
        coalesce(extract(epoch FROM next_due_at - opened_at)::int, 28800) AS target,
        CASE WHEN resolved_at IS NOT NULL OR metric = 'response' AND responded_at IS NOT NULL
            THEN 'stopped' WHEN status LIKE 'awaiting%%' THEN 'paused' ELSE 'running' END AS state
    FROM tickets_ticket AS t CROSS JOIN (VALUES ('response'), ('resolution')) AS m(metric)
    WHERE t.id > %(last_id)s
) AS promised
-- next
INSERT INTO sla_ledgerentry (tenant_id, ticket_id, metric, at, kind, target_seconds,
    calendar_version_id, mode, reason, actor_id, recorded_at)
SELECT tenant_id, ticket_id, metric, at, kind, CASE WHEN kind = 'started' THEN target_seconds END,
    CASE WHEN kind = 'started' THEN calendar_version_id END, '', 'Moderate', %(nova)s, at
FROM sla_clock CROSS JOIN LATERAL (VALUES
    ('started', started_at),
    ('paused', CASE WHEN state = 'paused' THEN started_at END),
    ('stopped', ended_at)
) AS fact(kind, at)
WHERE ticket_id > %(last_id)s AND at IS NOT NULL
-- next
INSERT INTO events_eventrecord (tenant_id, sequence, name, subject, subject_id, actor_id,
    payload, occurred_at, request_id, is_history, previous_hash, hash)
SELECT tenant_id,
    row_number() OVER () + (SELECT coalesce(max(sequence), 0) FROM events_eventrecord
                            WHERE tenant_id = %(tenant)s),
    name, 'ticket', id, actor, payload || jsonb_build_object('ticket_id', id), at, '', false, '', ''
FROM (
    SELECT t.id, tenant_id, fact.* FROM tickets_ticket AS t CROSS JOIN LATERAL (VALUES
        ('tickets.TicketOpened', t.opened_at, t.requester_id, jsonb_build_object(
            'reference', 'T-' || t.number, 'title', t.title, 'priority', t.priority,
            'type', t.type, 'kind', t.kind, 'module', t.module, 'requester_id', t.requester_id,
            'opened_at', t.opened_at, 'vip_level', t.vip_level, 'score', t.vip_priority_score,
            'reasons', '[]'::jsonb)),
        ('tickets.TicketMoved', t.responded_at, t.assignee_id, jsonb_build_object(
            'before', 'new', 'after', 'in_progress', 'reason', '', 'is_response', true)),
        ('tickets.TicketMoved', t.resolved_at, t.assignee_id, jsonb_build_object(
            'before', 'in_progress', 'after', 'resolved', 'reason', '', 'is_response', false))
    ) AS fact(name, at, actor, payload)
    WHERE t.id > %(last_id)s AND fact.at IS NOT NULL
) AS facts
-- next
-- All of it has been read: no consumer begins with a million old events.
INSERT INTO events_consumercursor (tenant_id, consumer, sequence, moved_at)
SELECT %(tenant)s, reader, (SELECT coalesce(max(sequence), 0) FROM events_eventrecord
    WHERE tenant_id = %(tenant)s), now() FROM unnest(%(readers)s::text[]) AS reader
ON CONFLICT (tenant_id, consumer) DO UPDATE SET sequence = excluded.sequence
