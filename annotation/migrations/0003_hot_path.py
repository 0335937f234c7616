"""Next and submit, one call each: their plans are made once per connection, and a browser waits for few round trips.

The acts in `domain/leases.py` and `domain/answers.py` say what these do; who may take what is decided by `take_next` alone.
"""

from django.db import migrations

FUNCTIONS = """
-- `<prefix>_<26 characters>`, as workforce.models.public_id.encode writes it.
CREATE FUNCTION public_id(p_prefix text, p_key uuid) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    v_bits bit(130) := B'00' || ('x' || replace(p_key::text, '-', ''))::bit(128);
    v_text text := p_prefix || '_';
BEGIN
    FOR v_place IN 0..25 LOOP
        v_text := v_text || substr('0123456789abcdefghjkmnpqrstvwxyz', substring(v_bits FROM v_place * 5 + 1 FOR 5)::int + 1, 1);
    END LOOP;
    RETURN v_text;
END $$;

-- One event of a subject that the caller has locked, or has just made and never told of (p_new): then nothing is looked up.
CREATE FUNCTION publish_fact(p_organization bigint, p_mode text, p_project bigint, p_type text, p_subject text, p_new boolean, p_data jsonb,
                             p_actor_kind text, p_actor text, p_request text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_seq int := 1;
BEGIN
    IF NOT p_new THEN
        SELECT 1 + coalesce(max(e.subject_seq), 0) INTO v_seq FROM event e WHERE e.subject = p_subject;
    END IF;
    INSERT INTO event (organization_id, mode, project_id, type, subject, subject_seq, actor_kind, actor, data, request_id)
    VALUES (p_organization, p_mode, p_project, p_type, p_subject, v_seq, p_actor_kind, p_actor, p_data, p_request);
END $$;

-- take_next, with what a workspace shows and the events that tell of it.
CREATE FUNCTION next_task(
    p_project bigint, p_contributor bigint, p_stage text, p_purpose text, p_offer uuid, p_max_leases int,
    p_actor_kind text, p_actor text, p_request text,
    OUT outcome text, OUT assignment bigint, OUT assignment_key uuid, OUT task bigint, OUT task_key uuid, OUT round smallint,
    OUT origin text, OUT epoch int, OUT leased_until timestamptz, OUT lease_cap_at timestamptz, OUT terms jsonb, OUT first boolean,
    OUT organization bigint, OUT alias uuid, OUT payload jsonb, OUT draft jsonb, OUT draft_version int)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    t record;
    v_task text;
    v_assignment text;
BEGIN
    t := take_next(p_project, p_contributor, p_stage, p_purpose, p_offer, p_max_leases);
    outcome := t.outcome; assignment := t.assignment; assignment_key := t.assignment_key; task := t.task; task_key := t.task_key;
    round := t.round; origin := t.origin; epoch := t.epoch; leased_until := t.leased_until; lease_cap_at := t.lease_cap_at;
    terms := t.terms; first := t.first; organization := t.organization; alias := t.alias;
    IF outcome <> 'leased' THEN
        RETURN;
    END IF;
    SELECT p.body, d.body, coalesce(d.version, 0) INTO payload, draft, draft_version
      FROM task_payload p LEFT JOIN draft d ON d.assignment_id = t.assignment WHERE p.task_id = t.task;
    v_task := public_id('tsk', t.task_key);
    v_assignment := public_id('asg', t.assignment_key);
    PERFORM publish_fact(t.organization, t.terms ->> 'mode', p_project, 'assignment.leased', v_assignment, t.origin = 'claim',
        jsonb_build_object('task', v_task, 'assignment', v_assignment, 'contributor', coalesce(public_id('ctr', t.alias), '')),
        p_actor_kind, p_actor, p_request);
    IF t.first THEN
        PERFORM publish_fact(t.organization, t.terms ->> 'mode', p_project, 'task.started', v_task, false,
            jsonb_build_object('task', v_task),
            p_actor_kind, p_actor, p_request);
    END IF;
END $$;

-- The fence: ends a live lease as submitted, and tells what it was about. No row: the lease is not this tab's, or not live.
CREATE FUNCTION fence_seat(p_key uuid, p_contributor bigint, p_epoch int, p_active_ms bigint)
RETURNS TABLE (assignment bigint, project bigint, terms jsonb, payload jsonb)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH fenced AS (
        UPDATE assignment a SET status = 'submitted', ended_at = now(), active_ms = greatest(a.active_ms, p_active_ms)
         WHERE a.public_id = p_key AND a.contributor_id = p_contributor AND a.stage = 'label' AND a.status = 'leased'
           AND a.epoch = p_epoch AND a.leased_until >= now()
        RETURNING a.id, a.project_id, a.task_id, a.terms
    ), gone AS (DELETE FROM draft d USING fenced WHERE d.assignment_id = fenced.id)
    SELECT f.id, f.project_id, f.terms, p.body FROM fenced f JOIN task_payload p ON p.task_id = f.task_id;
END $$;

-- A checked answer of a fenced (or, with p_late, a locked and ended) seat: the annotation, the task's counters, what it earns, the events.
-- The last wanted answer moves the task on; every seat is then an answer, so no lease with a seat is left. An exit does not count: somebody else gets
-- the seat. A late answer counts if the seat is still free; else it earns a quarter once p_part_pay_ms of work went into it. One to a task
-- that was taken back is kept, but does not count, and was paid then. A spare lease (see domain/stragglers.py) is paid in full either way.
CREATE FUNCTION store_answer(
    p_assignment bigint, p_late boolean, p_schema_version int, p_client_key uuid, p_answer jsonb, p_exit text, p_sha256 text,
    p_active_ms bigint, p_part_pay_ms bigint, p_actor_kind text, p_actor text, p_request text,
    OUT annotation bigint, OUT annotation_key uuid, OUT status text, OUT price bigint, OUT task_status text)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    s record;
    v_task_key uuid;
    v_task text;
    v_assignment text;
    v_annotation text;
BEGIN
    SELECT a.id, a.public_id, a.organization_id, a.project_id, a.task_id, a.contributor_id, a.status, a.spare, a.epoch, a.terms,
           k.public_id AS alias, t.public_id AS task_key, t.revision
      INTO s FROM assignment a JOIN task t ON t.id = a.task_id
      LEFT JOIN contributor_alias k ON k.organization_id = a.organization_id AND k.contributor_id = a.contributor_id
     WHERE a.id = p_assignment;
    p_late := p_late OR s.spare;
    IF s.spare AND p_exit = '' THEN  -- whoever was asked as well is not done yet: they go on without the seat
        WITH other AS (
            SELECT a.id FROM assignment a JOIN task t ON t.id = a.task_id AND NOT t.claimable
             WHERE a.task_id = s.task_id AND a.stage = 'label' AND a.status = 'leased' AND NOT a.spare
             ORDER BY a.id DESC LIMIT 1 FOR NO KEY UPDATE OF a SKIP LOCKED
        ), swapped AS (
            UPDATE assignment a SET spare = true FROM other WHERE a.id = other.id RETURNING a.task_id
        )
        UPDATE task t SET seats_taken = seats_taken - 1, recycled = true FROM swapped
         WHERE t.id = swapped.task_id AND t.status = 'collecting' AND t.stage = 'label';
    END IF;
    IF NOT p_late AND p_exit = '' THEN
        UPDATE task t SET answers = answers + 1,
               status = CASE WHEN status = 'collecting' AND answers + 1 = seats THEN 'deciding' ELSE status END
         WHERE t.id = s.task_id RETURNING t.public_id, t.status INTO v_task_key, task_status;
    ELSIF NOT p_late THEN
        UPDATE task t SET seats_taken = seats_taken - 1, recycled = true
         WHERE t.id = s.task_id RETURNING t.public_id, t.status INTO v_task_key, task_status;
    ELSIF p_exit = '' AND s.status <> 'revoked' THEN
        UPDATE task t SET seats_taken = seats_taken + 1, answers = answers + 1,
               status = CASE WHEN answers + 1 = seats THEN 'deciding' ELSE status END, recycled = recycled AND seats_taken + 1 < seats
         WHERE t.id = s.task_id AND claimable AND stage = 'label'
           AND NOT EXISTS (SELECT 1 FROM assignment a
                            WHERE a.task_id = t.id AND a.contributor_id = s.contributor_id AND a.status IN ('offered', 'leased'))
           AND NOT EXISTS (SELECT 1 FROM annotation n
                            WHERE n.task_id = t.id AND n.contributor_id = s.contributor_id AND n.exit = ''
                              AND n.status IN ('pending', 'accepted', 'corrected'))
        RETURNING t.public_id, t.status INTO v_task_key, task_status;
    END IF;
    status := CASE WHEN v_task_key IS NULL THEN 'late' ELSE 'pending' END;
    price := (s.terms ->> 'price_minor')::bigint;
    IF status = 'late' THEN
        price := CASE WHEN s.spare AND p_exit = '' THEN price WHEN p_active_ms >= p_part_pay_ms AND s.status <> 'revoked' THEN price / 4 ELSE 0 END;
    END IF;

    INSERT INTO annotation AS n (organization_id, project_id, assignment_id, task_id, contributor_id, revision, schema_version, client_key,
                                 epoch, answer, exit, sha256, active_ms, status)
    VALUES (s.organization_id, s.project_id, s.id, s.task_id, s.contributor_id, s.revision, p_schema_version, p_client_key, s.epoch,
            p_answer, p_exit, p_sha256, p_active_ms, status)
    RETURNING n.id, n.public_id INTO annotation, annotation_key;

    v_task := public_id('tsk', s.task_key);
    v_assignment := public_id('asg', s.public_id);
    v_annotation := public_id('ann', annotation_key);
    PERFORM accrue_earning(s.contributor_id, 'assignment:' || v_assignment, 'work', s.terms ->> 'payer', price, s.terms ->> 'currency');
    PERFORM publish_fact(s.organization_id, s.terms ->> 'mode', s.project_id, 'annotation.submitted', v_annotation, true,
        jsonb_build_object('task', v_task, 'assignment', v_assignment, 'annotation', v_annotation,
                           'contributor', coalesce(public_id('ctr', s.alias), '')),
        p_actor_kind, p_actor, p_request);
    IF task_status = 'deciding' THEN
        PERFORM publish_fact(s.organization_id, s.terms ->> 'mode', s.project_id, 'task.collected', v_task, false,
            jsonb_build_object('task', v_task), p_actor_kind, p_actor, p_request);
    END IF;
END $$;
"""
FUNCTIONS_BACK = """
DROP FUNCTION store_answer(bigint, boolean, int, uuid, jsonb, text, text, bigint, bigint, text, text, text);
DROP FUNCTION fence_seat(uuid, bigint, int, bigint);
DROP FUNCTION next_task(bigint, bigint, text, text, uuid, int, text, text, text);
DROP FUNCTION publish_fact(bigint, text, bigint, text, text, boolean, jsonb, text, text, text);
DROP FUNCTION public_id(text, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0002_claim"), ("workforce", "0002_hot_path")]
    operations = [migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK)]
