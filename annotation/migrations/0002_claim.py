"""The claim, in the database: one call, one short transaction, and two askers never get the same seat.

Kept as functions because Django does not prepare statements: here the plan is made once. `enable_seqscan = off` and the generic plan pin
it: a plan made while a table was still small would otherwise read all of it for ever.
"""

from django.db import migrations

CLAIM = """
ALTER TABLE task SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
ALTER TABLE queue_cursor SET (fillfactor = 50);

-- A free seat from the queues of one stage that are open to a contributor, in order of class: claimed · empty · stale (verdicts must be
-- computed first: one is missing or was made from older facts).
--
-- In each queue seats that came back are looked at first; then the open work behind the person's cursor (or the head of the queue, if the
-- cursor is of another epoch); at the end once more from the head. With p_start the task's work begins, and `first` says that it had not
-- begun before. Where a queue keeps people apart, nobody gets a task that one near to them has had.
CREATE FUNCTION claim_seat(p_project bigint, p_contributor bigint, p_stage text, p_purpose text, p_start boolean, p_facts int, p_policy int,
                           OUT outcome text, OUT task bigint, OUT task_key uuid, OUT first boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    q record;
    v_at tid;
    v_rank bigint;
    v_status text;
    v_from_rank bigint;
    v_from_id bigint;
    v_near bigint[];
BEGIN
    outcome := 'empty';
    FOR q IN
        SELECT k.id, k.epoch, k.changes, k.head_rank, k.head_id, c.rank, c.task_id, c.exhausted_changes, c.ctid AS at,
               k.requirements -> 'apart' AS apart,
               c.epoch = k.epoch AND (c.rank, c.task_id) > (k.head_rank, k.head_id) AS past,
               c.facts_version = p_facts AND c.policy_version = p_policy AND (c.eligible_until IS NULL OR c.eligible_until > now()) AS current
          FROM queue k LEFT JOIN queue_cursor c ON c.queue_id = k.id AND c.contributor_id = p_contributor
         WHERE k.project_id = p_project AND k.stage = p_stage AND k.status = 'open'
           AND (c.verdict IS NULL OR c.verdict = '' OR c.facts_version <> p_facts OR c.policy_version <> p_policy OR c.eligible_until <= now())
         ORDER BY k.purpose <> p_purpose, array_position(ARRAY['urgent', 'standard', 'bulk', 'training'], k.service_class::text), k.id
    LOOP
        IF q.current IS NOT TRUE THEN
            outcome := 'stale';
            RETURN;
        END IF;
        v_near := NULL;
        IF jsonb_array_length(q.apart) > 0 THEN
            SELECT array_agg(o.contributor_id) INTO v_near
              FROM team_membership m JOIN team t ON t.id = m.team_id AND q.apart ? t.kind
              JOIN team_membership o ON o.team_id = t.id AND o.contributor_id <> p_contributor
             WHERE m.contributor_id = p_contributor;
        END IF;

        SELECT t.id, t.public_id, t.rank, t.status, t.ctid INTO task, task_key, v_rank, v_status, v_at FROM task t
         WHERE t.project_id = p_project AND t.queue_id = q.id AND t.claimable AND t.recycled
           AND NOT EXISTS (SELECT 1 FROM assignment a
                            WHERE a.project_id = t.project_id AND a.contributor_id = p_contributor AND a.task_id = t.id OFFSET 0)
           AND (v_near IS NULL OR NOT EXISTS (
                SELECT 1 FROM assignment a
                 WHERE a.project_id = t.project_id AND a.contributor_id = ANY(v_near) AND a.task_id = t.id OFFSET 0))
         ORDER BY t.rank, t.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;

        IF task IS NULL AND q.exhausted_changes IS DISTINCT FROM q.changes THEN
            FOR attempt IN 1..2 LOOP
                v_from_rank := CASE WHEN q.past AND attempt = 1 THEN q.rank ELSE q.head_rank END;
                v_from_id := CASE WHEN q.past AND attempt = 1 THEN q.task_id ELSE q.head_id END;
                SELECT t.id, t.public_id, t.rank, t.status, t.ctid INTO task, task_key, v_rank, v_status, v_at FROM task t
                 WHERE t.project_id = p_project AND t.queue_id = q.id AND t.claimable
                   AND (t.rank, t.id) > (v_from_rank, v_from_id)
                   AND NOT EXISTS (SELECT 1 FROM assignment a
                                    WHERE a.project_id = t.project_id AND a.contributor_id = p_contributor AND a.task_id = t.id OFFSET 0)
                   AND (v_near IS NULL OR NOT EXISTS (
                        SELECT 1 FROM assignment a
                         WHERE a.project_id = t.project_id AND a.contributor_id = ANY(v_near) AND a.task_id = t.id OFFSET 0))
                 ORDER BY t.rank, t.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
                EXIT WHEN task IS NOT NULL OR NOT q.past;
            END LOOP;
            IF task IS NOT NULL THEN
                -- By its place: if a new verdict has moved the row meanwhile, the cursor stays behind, and the next claim walks a little.
                UPDATE queue_cursor SET epoch = q.epoch, rank = v_rank, task_id = task, exhausted_changes = NULL
                 WHERE ctid = q.at AND queue_id = q.id AND contributor_id = p_contributor;
            ELSIF NOT EXISTS (  -- tasks that others hold locked at this moment are no proof that nothing is left
                SELECT 1 FROM task t WHERE t.project_id = p_project AND t.queue_id = q.id AND t.claimable
                   AND (t.rank, t.id) > (q.head_rank, q.head_id)
                   AND NOT EXISTS (SELECT 1 FROM assignment a
                                    WHERE a.project_id = t.project_id AND a.contributor_id = p_contributor AND a.task_id = t.id OFFSET 0)
                   AND (v_near IS NULL OR NOT EXISTS (
                        SELECT 1 FROM assignment a
                         WHERE a.project_id = t.project_id AND a.contributor_id = ANY(v_near) AND a.task_id = t.id OFFSET 0))
            ) THEN
                UPDATE queue_cursor SET exhausted_changes = q.changes WHERE ctid = q.at AND queue_id = q.id AND contributor_id = p_contributor;
            ELSE
                RAISE EXCEPTION 'queue % is busy', q.id USING ERRCODE = 'lock_not_available';
            END IF;
        END IF;
        IF task IS NOT NULL THEN
            UPDATE task t SET seats_taken = t.seats_taken + 1, recycled = t.recycled AND t.seats_taken + 1 < t.seats,
                              status = CASE WHEN p_start AND t.status = 'open' THEN 'collecting' ELSE t.status END
             WHERE t.ctid = v_at AND t.id = claim_seat.task;  -- it is locked, and so stays where it is
            IF NOT FOUND THEN
                RAISE EXCEPTION 'queue % is busy', q.id USING ERRCODE = 'lock_not_available';
            END IF;
            first := p_start AND v_status = 'open';
            outcome := 'claimed';
            RETURN;
        END IF;
    END LOOP;
END $$;

-- Reserve a task for a contributor who is online: offered · empty · stale.
CREATE FUNCTION offer_next(p_project bigint, p_contributor bigint, p_stage text, p_purpose text, p_seconds int, OUT outcome text)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    v_task bigint;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NOT pg_try_advisory_xact_lock(hashtext('claim'), (p_contributor % 2147483647)::int) THEN
        outcome := 'empty';  -- they are just asking themselves
        RETURN;
    END IF;
    SELECT s.outcome, s.task INTO outcome, v_task
      FROM project p, contributor w, claim_seat(p_project, p_contributor, p_stage, p_purpose, false, w.facts_version, p.policy_version) s
     WHERE p.id = p_project AND w.id = p_contributor AND p.status = 'open' AND w.status = 'active';
    outcome := coalesce(outcome, 'empty');
    IF v_task IS NOT NULL THEN
        INSERT INTO assignment (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, offered_until,
                                reason, active_ms, terms)
        SELECT t.organization_id, p_project, v_task, p_contributor, p_stage, 1, 'offered', 'offer', 0, now() + make_interval(secs => p_seconds),
               '', 0, '{}'::jsonb FROM task t WHERE t.id = v_task;
        outcome := 'offered';
    END IF;
END $$;

-- The next assignment of a contributor in a project: their own offer if they hold one, else a direct claim from the queues open to them.
-- outcome: leased · empty · stale (verdicts must be computed first) · lapsed (the offer asked for is gone) · open_work (too many leases)
CREATE FUNCTION take_next(
    p_project bigint, p_contributor bigint, p_stage text, p_purpose text, p_offer uuid, p_max_leases int,
    OUT outcome text, OUT assignment bigint, OUT assignment_key uuid, OUT task bigint, OUT task_key uuid, OUT round smallint,
    OUT origin text, OUT epoch int, OUT leased_until timestamptz, OUT lease_cap_at timestamptz, OUT terms jsonb, OUT first boolean,
    OUT organization bigint, OUT alias uuid)
LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    v record;
    s record;
    v_task bigint;
    v_lease interval;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);  -- a lost claim is only given out again: its commit need not wait for the disk
    -- One claim of a person at a time: a second tab would choose from a snapshot that does not know yet what the first was given.
    PERFORM pg_advisory_xact_lock(hashtext('claim'), (p_contributor % 2147483647)::int);
    SELECT p.organization_id, p.status = 'open' AND w.status = 'active' AS open, p.policy_version AS policy,
           w.facts_version AS facts, p.lease_terms AS terms, k.public_id AS alias, h.leases, h.offered
      INTO v FROM project p CROSS JOIN contributor w
      LEFT JOIN contributor_alias k ON k.organization_id = p.organization_id AND k.contributor_id = w.id
     CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE a.status = 'leased' AND a.leased_until > now()) AS leases,
               bool_or(a.status = 'offered' AND a.stage = p_stage AND a.offered_until > now()) AS offered
          FROM assignment a
         WHERE a.contributor_id = w.id AND a.status IN ('offered', 'leased') AND a.project_id = p.id) h
     WHERE p.id = p_project AND w.id = p_contributor;
    v.terms := v.terms || jsonb_build_object('facts_version', v.facts, 'policy_version', v.policy);
    v_lease := make_interval(secs => (v.terms ->> 'lease_s')::int);
    organization := v.organization_id;
    alias := v.alias;
    IF v.leases >= p_max_leases THEN
        outcome := 'open_work';
        RETURN;
    ELSIF v.open IS NOT TRUE THEN
        outcome := CASE WHEN p_offer IS NULL THEN 'empty' ELSE 'lapsed' END;
        RETURN;
    END IF;

    IF v.offered THEN
        WITH mine AS (
            SELECT a.id FROM assignment a
             WHERE a.contributor_id = p_contributor AND a.project_id = p_project AND a.stage = p_stage AND a.status = 'offered'
               AND a.offered_until > now() AND (p_offer IS NULL OR a.public_id = p_offer)
               AND (a.origin = 'return' OR EXISTS (
                    SELECT 1 FROM task t JOIN queue_cursor c ON c.queue_id = t.queue_id AND c.contributor_id = p_contributor
                     WHERE t.id = a.task_id AND c.verdict = '' AND c.facts_version = v.facts AND c.policy_version = v.policy
                       AND (c.eligible_until IS NULL OR c.eligible_until > now())))
             ORDER BY a.origin <> 'return', a.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        ), taken AS (
            UPDATE assignment a SET status = 'leased', epoch = a.epoch + 1, leased_at = now(), leased_until = now() + v_lease,
                   lease_cap_at = now() + greatest(6 * v_lease, interval '1 hour'), offered_until = NULL, terms = v.terms || a.terms
              FROM mine WHERE a.id = mine.id RETURNING a.*
        ), started AS (
            UPDATE task t SET status = 'collecting' FROM taken WHERE t.id = taken.task_id AND t.status = 'open' RETURNING t.id
        )
        SELECT 'leased', k.id, k.public_id, k.task_id, t.public_id, k.round, k.origin, k.epoch, k.leased_until, k.lease_cap_at, k.terms,
               EXISTS (SELECT 1 FROM started)
          INTO outcome, assignment, assignment_key, task, task_key, round, origin, epoch, leased_until, lease_cap_at, terms, first
          FROM taken k JOIN task t ON t.id = k.task_id;
    END IF;
    IF assignment IS NOT NULL THEN
        RETURN;
    ELSIF p_offer IS NOT NULL THEN
        outcome := 'lapsed';
        RETURN;
    END IF;

    s := claim_seat(p_project, p_contributor, p_stage, p_purpose, true, v.facts, v.policy);
    outcome := s.outcome; v_task := s.task; task_key := s.task_key; first := s.first;
    IF v_task IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO assignment AS k (organization_id, project_id, task_id, contributor_id, stage, round, status, origin, epoch, leased_at,
                                 leased_until, lease_cap_at, reason, active_ms, terms)
    VALUES (v.organization_id, p_project, v_task, p_contributor, p_stage, 1, 'leased', 'claim', 1, now(), now() + v_lease,
            now() + greatest(6 * v_lease, interval '1 hour'), '', 0, v.terms)
    RETURNING 'leased', k.id, k.public_id, k.task_id, k.round, k.origin, k.epoch, k.leased_until, k.lease_cap_at, k.terms
      INTO outcome, assignment, assignment_key, task, round, origin, epoch, leased_until, lease_cap_at, terms;
END $$;
"""

CLAIM_BACK = """
DROP FUNCTION take_next(bigint, bigint, text, text, uuid, int);
DROP FUNCTION offer_next(bigint, bigint, text, text, int);
DROP FUNCTION claim_seat(bigint, bigint, text, text, boolean, int, int);
"""


class Migration(migrations.Migration):
    dependencies = [("annotation", "0001_initial")]
    operations = [migrations.RunSQL(CLAIM, CLAIM_BACK)]
