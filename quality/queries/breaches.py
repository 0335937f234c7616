"""The rows in which what must always be true is not: statements of one text column, which `quality.domain.invariants` runs.

Each reads one snapshot, so work that goes on meanwhile is never seen half done. Ages are measured against the newest event, so that a
system which was stopped does not look late.
"""

ONE_ANSWER = """
SELECT 'assignment ' || assignment_id FROM annotation GROUP BY assignment_id HAVING count(*) > 1
UNION ALL
SELECT 'live: contributor ' || contributor_id || ' task ' || task_id FROM assignment
 WHERE status IN ('offered', 'leased') GROUP BY contributor_id, task_id HAVING count(*) > 1
UNION ALL
SELECT 'counting: contributor ' || contributor_id || ' task ' || task_id FROM annotation
 WHERE status IN ('pending', 'accepted', 'corrected') AND exit = '' GROUP BY contributor_id, task_id HAVING count(*) > 1
"""

COUNTERS = """
WITH live AS (
    SELECT id, stage, revision, seats_taken, answers FROM task WHERE status IN ('queued', 'open', 'collecting', 'deciding', 'in_review')
), held AS (
    SELECT task_id, stage, contributor_id FROM assignment WHERE status IN ('offered', 'leased') AND NOT spare
), given AS (  -- somebody who has the task again, by a recall, holds one seat and has no answer for the moment
    SELECT n.task_id, n.revision, count(*) AS n FROM annotation n
     WHERE n.status IN ('pending', 'accepted', 'corrected') AND n.exit = ''
       AND NOT EXISTS (SELECT 1 FROM held h WHERE h.task_id = n.task_id AND h.contributor_id = n.contributor_id)
     GROUP BY n.task_id, n.revision
), counted AS (
    SELECT t.*, coalesce(h.n, 0) AS held_n, CASE WHEN t.stage = 'label' THEN coalesce(g.n, 0) ELSE 0 END AS given_n
      FROM live t LEFT JOIN given g ON g.task_id = t.id AND g.revision = t.revision
      LEFT JOIN (SELECT task_id, stage, count(*) AS n FROM held GROUP BY task_id, stage) h ON h.task_id = t.id AND h.stage = t.stage
)
SELECT format('task %s: %s answers, %s rows; %s seats taken, %s rows', id, answers, given_n, seats_taken, held_n + given_n)
  FROM counted WHERE answers <> given_n OR seats_taken <> held_n + given_n
UNION ALL
SELECT format('task %s: %s seats taken of %s of %s', id, seats_taken, seats, seats_max) FROM task
 WHERE NOT seats_taken <= seats OR NOT seats <= seats_max
UNION ALL
SELECT format('task %s is deciding with %s of %s answers', id, answers, seats) FROM task WHERE status = 'deciding' AND answers < seats
"""

FENCED = """
SELECT 'annotation ' || n.id || ' counts with epoch ' || n.epoch || ', assignment has ' || a.epoch || ' ' || a.status
  FROM annotation n JOIN assignment a ON a.id = n.assignment_id
 WHERE n.status IN ('pending', 'accepted', 'corrected') AND (n.epoch <> a.epoch OR a.status NOT IN ('submitted', 'expired', 'revoked'))
UNION ALL
SELECT 'annotation ' || n.id || ' and its assignment disagree on task or person'
  FROM annotation n JOIN assignment a ON a.id = n.assignment_id WHERE n.task_id <> a.task_id OR n.contributor_id <> a.contributor_id
"""

INDEPENDENT = """
SELECT 'contributor ' || contributor_id || ' held several stages of task ' || task_id
  FROM assignment GROUP BY contributor_id, task_id HAVING count(DISTINCT stage) > 1
UNION ALL
SELECT 'review ' || r.id || ' was decided by an author' FROM review r JOIN assignment a ON a.id = r.assignment_id
 WHERE EXISTS (SELECT 1 FROM annotation n WHERE n.task_id = r.task_id AND n.contributor_id = a.contributor_id)
UNION ALL
SELECT 'appeal ' || p.id || ' was heard by somebody who had the task' FROM appeal p
 WHERE EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = p.task_id AND a.contributor_id = p.hearer_id)
"""

ELIGIBLE = """
SELECT 'assignment ' || a.id || ' was leased on facts of another time' FROM assignment a
  JOIN contributor c ON c.id = a.contributor_id JOIN project p ON p.id = a.project_id
 WHERE a.leased_at IS NOT NULL AND a.terms ? 'facts_version' AND
       ((a.terms ->> 'facts_version')::int > c.facts_version OR (a.terms ->> 'policy_version')::int > p.policy_version)
UNION ALL
SELECT 'assignment ' || id || ' was leased without terms' FROM assignment
 WHERE leased_at IS NOT NULL AND NOT terms ?& ARRAY['facts_version', 'policy_version', 'price_minor']
"""

RESULTS = """
SELECT 'task ' || t.id || ' is ' || t.status || ' at revision ' || t.revision || ' with ' || count(r.id) || ' results'
  FROM task t LEFT JOIN result r ON r.task_id = t.id
 GROUP BY t.id HAVING count(r.id) <> t.revision OR (t.status = 'completed' AND t.purpose = 'work' AND t.revision = 0)
     OR coalesce(max(r.revision), 0) <> t.revision
UNION ALL
SELECT 'result ' || r.id || ' names ' || jsonb_array_length(r.provenance -> 'annotations') || ' answers, task has ' || count(n.id)
  FROM result r LEFT JOIN annotation n ON n.task_id = r.task_id AND n.exit = ''
   AND n.revision >= r.revision - 1  -- one that counted on when another was done again counts for the next result, too
   AND n.status IN ('accepted', 'corrected', 'superseded')
 GROUP BY r.id HAVING jsonb_array_length(r.provenance -> 'annotations') > count(n.id)
"""

MOVES = """
WITH steps AS (
    SELECT subject, subject_seq, type, lag(type) OVER (PARTITION BY subject ORDER BY subject_seq) AS before FROM event
     WHERE type ~ '^(task|assignment|annotation)[.]'
)
SELECT subject || ': ' || before || ' -> ' || type FROM steps
 WHERE before IN ('task.completed', 'task.failed', 'task.canceled') AND type NOT IN ('task.reopened', 'task.updated', 'task.extended')
    OR before IN ('assignment.returned', 'assignment.expired', 'assignment.revoked')
    OR before IN ('annotation.corrected', 'annotation.accepted', 'annotation.rejected')
       AND type NOT IN ('annotation.superseded', 'annotation.accepted', 'annotation.appealed')
    OR before = 'annotation.accepted' AND type = 'annotation.accepted'
UNION ALL
SELECT 'trigger ' || wanted || ' is missing' FROM unnest(ARRAY['annotation', 'event', 'ledger_entry', 'ledger_transaction', 'result',
       'schema_version', 'guideline', 'evidence', 'task_payload']) AS wanted
 WHERE NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = wanted::regclass AND g.tgname LIKE 'pgtrigger%' AND g.tgenabled <> 'D')
"""

OUTBOX = """
WITH newest AS (SELECT max(created_at) AS at FROM event)
SELECT 'event ' || e.id || ' has no number' FROM event e, newest WHERE e.seq IS NULL AND e.created_at < newest.at - interval '60 seconds'
UNION ALL
SELECT 'organization ' || organization_id || ' has ' || count(seq) || ' numbered events up to ' || max(seq) FROM event
 WHERE seq IS NOT NULL GROUP BY organization_id HAVING count(seq) <> max(seq)
UNION ALL
SELECT format('%s has %s events up to %s', subject, count(*), max(subject_seq)) FROM event
 GROUP BY subject HAVING count(*) <> max(subject_seq)
UNION ALL
SELECT 'delivery ' || id || ' waits for nothing' FROM webhook_delivery WHERE status IN ('pending', 'retrying') AND next_attempt_at IS NULL
"""

LEDGER = """
SELECT 'transaction ' || e.transaction_id || ' sums to ' || sum(e.amount_minor) FROM ledger_entry e JOIN account a ON a.id = e.account_id
 GROUP BY e.transaction_id, a.currency HAVING sum(e.amount_minor) <> 0
UNION ALL
SELECT 'account ' || a.id || ' says ' || a.balance_minor || ', entries ' || coalesce(sum(e.amount_minor), 0)
  FROM account a LEFT JOIN ledger_entry e ON e.account_id = a.id GROUP BY a.id HAVING a.balance_minor <> coalesce(sum(e.amount_minor), 0)
UNION ALL
SELECT 'account ' || id || ' is overdrawn' FROM account WHERE kind <> 'customer' AND balance_minor < 0
UNION ALL
SELECT coalesce('earning ' || e.id || ' is ' || e.status, 'posting ' || l.id) || ' without its pair'
  FROM earning e FULL JOIN ledger_transaction l ON l.kind = 'earning' AND l.source_key = e.kind || ':' || e.source_key
 WHERE (e.id IS NULL AND l.kind = 'earning') OR (l.id IS NULL) <> (e.status <> 'available')
UNION ALL
SELECT 'contributor ' || owed.owner_key || ' earned ' || owed.available || ', is owed ' || coalesce(a.balance_minor, 0) FROM (
    SELECT a.owner_key, a.currency, sum(n.amount_minor) AS available FROM ledger_entry n JOIN account a ON a.id = n.account_id
     WHERE a.kind = 'payable' AND n.amount_minor > 0 GROUP BY a.owner_key, a.currency) owed
  LEFT JOIN account a ON a.kind = 'payable' AND a.owner_key = owed.owner_key AND a.currency = owed.currency
 WHERE coalesce(a.balance_minor, 0) <> owed.available
"""

TENANT = (
    "SELECT '{child} ' || c.id || ' and its {parent}' FROM {child} c JOIN {parent} p ON p.id = c.{key}"
    " WHERE c.organization_id <> p.organization_id"
)
TENANTS = " UNION ALL ".join(
    TENANT.format(child=child, parent=parent, key=key)
    for child, key, parent in (
        ("queue", "project_id", "project"),
        ("batch", "project_id", "project"),
        ("task", "project_id", "project"),
        ("task", "queue_id", "queue"),
        ("task", "batch_id", "batch"),
        ("assignment", "task_id", "task"),
        ("annotation", "task_id", "task"),
        ("annotation", "assignment_id", "assignment"),
        ("result", "task_id", "task"),
        ("gold_item", "task_id", "task"),
        ("review", "task_id", "task"),
        ("review", "assignment_id", "assignment"),
        ("appeal", "annotation_id", "annotation"),
        ("webhook_delivery", "endpoint_id", "webhook_endpoint"),
        ("webhook_delivery", "event_id", "event"),
        ("import_job", "project_id", "project"),
    )
)

# What has no foreign key in the database (docs/adr/0013).
ORPHAN = (
    "SELECT 'a {child} of {parent} ' || c.{key} || ', which is gone' FROM {child} c LEFT JOIN {parent} p ON p.id = c.{key}"
    " WHERE p.id IS NULL AND c.{key} IS NOT NULL"
)
ORPHANS = " UNION ALL ".join(
    ORPHAN.format(child=child, parent=parent, key=key)
    for child, key, parent in (
        ("task", "organization_id", "organization"),
        ("task", "project_id", "project"),
        ("task", "queue_id", "queue"),
        ("task", "batch_id", "batch"),
        ("task_payload", "task_id", "task"),
        ("task_key", "task_id", "task"),
        ("task_key", "organization_id", "organization"),
        ("assignment", "organization_id", "organization"),
        ("assignment", "project_id", "project"),
        ("assignment", "task_id", "task"),
        ("assignment", "contributor_id", "contributor"),
        ("annotation", "organization_id", "organization"),
        ("annotation", "project_id", "project"),
        ("event", "organization_id", "organization"),
        ("import_chunk", "job_id", "import_job"),
        ("import_row", "job_id", "import_job"),
    )
)

GOLD_OUTSIDE = """
SELECT 'result ' || r.id || ' of a task with a known answer' FROM result r JOIN task t ON t.id = r.task_id WHERE t.purpose = 'gold'
UNION ALL
SELECT 'event ' || id || ' tells of a known answer' FROM event
 WHERE type NOT LIKE 'gold.%' AND data ?| ARRAY['expected', 'purpose', 'gold']
UNION ALL
SELECT 'review ' || r.id || ' of a task with a known answer' FROM review r JOIN task t ON t.id = r.task_id WHERE t.purpose = 'gold'
UNION ALL
SELECT 'task ' || t.id || ' has a known answer in a work queue' FROM task t JOIN queue q ON q.id = t.queue_id
 WHERE q.purpose <> t.purpose AND q.stage = 'label'
"""

AUDITS = """
SELECT 'result ' || r.id || ' of an audit' FROM result r JOIN task t ON t.id = r.task_id WHERE t.purpose = 'audit'
UNION ALL
SELECT 'consensus of audit ' || c.task_id FROM consensus c JOIN task t ON t.id = c.task_id WHERE t.purpose = 'audit'
UNION ALL
SELECT 'contributor ' || a.contributor_id || ' audits task ' || i.task_id || ', which they had had'
  FROM audit_item i JOIN assignment a ON a.task_id = i.audit_task_id
  JOIN assignment o ON o.task_id = i.task_id AND o.contributor_id = a.contributor_id AND o.created_at < a.created_at
UNION ALL
SELECT 'contract ' || id || ' is met with ' || upper || ' of ' || error FROM accuracy_contract WHERE status = 'met' AND upper > error
UNION ALL
SELECT 'batch ' || b.id || ' has ended while its contract is ' || c.status FROM accuracy_contract c JOIN batch b ON b.id = c.batch_id
 WHERE b.status = 'completed' AND c.decided_at IS NULL
"""

REASONS = """
SELECT 'annotation ' || id || ' was rejected without a reason' FROM annotation WHERE status IN ('rejected', 'appealed')
   AND (decision IS NULL OR coalesce(decision ->> 'by', '') = '' OR coalesce(jsonb_array_length(decision -> 'reasons'), 0) = 0)
UNION ALL
SELECT 'review ' || id || ' ' || decision || ' without a reason' FROM review
 WHERE decision IN ('return', 'reject') AND cardinality(reasons) = 0
UNION ALL
SELECT 'review ' || id || ' was decided by nobody' FROM review WHERE status IN ('decided', 'escalated', 'held') AND assignment_id IS NULL
UNION ALL
SELECT 'appeal ' || p.id || ' is ' || p.status || ', its answer ' || n.status FROM appeal p JOIN annotation n ON n.id = p.annotation_id
 WHERE p.cause = 'rejected' AND (n.status = 'appealed') <> (p.status IN ('open', 'in_hearing'))
UNION ALL
SELECT 'appeal ' || p.id || ' was granted, and ' || lost.source_key || ' is not paid' FROM appeal p
  JOIN assignment a ON a.task_id = p.task_id AND a.contributor_id = p.contributor_id AND a.stage = 'label'
  JOIN earning lost ON lost.source_key = 'assignment:' || public_id('asg', a.public_id) AND lost.kind = 'work'
   AND lost.status = 'reversed' AND lost.reason IN ('rejected', 'not_returned')
 WHERE p.status = 'granted'
   AND NOT EXISTS (SELECT 1 FROM earning e WHERE e.source_key = lost.source_key AND e.kind = 'appeal' AND e.status = 'available')
UNION ALL
SELECT 'appeal ' || p.id || ' was granted, and the decision still counts against its author' FROM appeal p
  JOIN evidence e ON e.annotation_id = p.annotation_id AND e.kind = 'review' WHERE p.status = 'granted'
"""

RESTRICTED = """
SELECT format('restriction %s: until %s, the project says %s', r.id, r.until, x.restricted_until) FROM restriction r
  LEFT JOIN project_contributor x ON x.project_id = r.project_id AND x.contributor_id = r.contributor_id
 WHERE r.status = 'imposed' AND r.until > now() AND x.restricted_until IS DISTINCT FROM r.until
UNION ALL
SELECT format('contributor %s is restricted in project %s by nothing', x.contributor_id, x.project_id) FROM project_contributor x
 WHERE x.restricted_until > now()
   AND NOT EXISTS (SELECT 1 FROM restriction r WHERE r.project_id = x.project_id AND r.contributor_id = x.contributor_id
                      AND r.status = 'imposed' AND r.until = x.restricted_until)
UNION ALL
SELECT 'nobody was told of restriction ' || r.id FROM restriction r WHERE r.since IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.contributor_id = r.contributor_id AND n.code = 'restricted'
                      AND n.source_key = public_id('rst', r.public_id))
"""

UNJUDGED = """
SELECT format('annotation %s was due at %s and waits', n.id, n.judge_by) FROM annotation n
 WHERE n.status = 'pending' AND n.exit = '' AND n.judge_by < (SELECT max(created_at) FROM event) - interval '1 hour'
   AND NOT EXISTS (SELECT FROM review r WHERE r.task_id = n.task_id AND r.status = 'held')
   AND NOT EXISTS (SELECT FROM gold_item g WHERE g.task_id = n.task_id AND g.status <> 'retired')
UNION ALL
SELECT 'annotation ' || id || ' was accepted by silence before it was due' FROM annotation
 WHERE decision ->> 'by' = 'auto' AND (decision ->> 'at')::timestamptz < judge_by
UNION ALL
SELECT format('annotation %s was accepted by silence and %s is %s', n.id, e.source_key, e.status) FROM annotation n
  JOIN assignment a ON a.id = n.assignment_id
  JOIN earning e ON e.source_key = 'assignment:' || public_id('asg', a.public_id) AND e.kind = 'work' AND e.status <> 'available'
 WHERE n.decision ->> 'by' = 'auto'
"""

LEASES = """
SELECT 'assignment ' || id || ' is leased past its cap' FROM assignment WHERE status = 'leased' AND leased_until > lease_cap_at
UNION ALL
SELECT 'task ' || t.id || ' lies before the head of its queue' FROM task t JOIN queue q ON q.id = t.queue_id
 WHERE t.claimable AND NOT t.recycled AND (t.rank, t.id) <= (q.head_rank, q.head_id)
UNION ALL
SELECT 'task ' || t.id || ' is in review and nobody asked for one' FROM task t
 WHERE t.status = 'in_review'
   AND NOT EXISTS (SELECT 1 FROM review r WHERE r.task_id = t.id AND r.status = 'requested' AND r.stage = t.stage)
UNION ALL
SELECT 'review ' || r.id || ' is open on a task that is ' || t.status FROM review r JOIN task t ON t.id = r.task_id
 WHERE r.status IN ('requested', 'held') AND t.status <> 'in_review'
UNION ALL
SELECT 'review ' || r.id || ' is held, and nobody is asked to look again' FROM review r
 WHERE r.status = 'held' AND NOT EXISTS (SELECT 1 FROM review s WHERE s.second_of_id = r.id AND s.status = 'requested')
UNION ALL
SELECT 'assignment ' || a.id || ' is offered on a task that is ' || t.status FROM assignment a JOIN task t ON t.id = a.task_id
 WHERE a.status = 'offered' AND a.origin = 'offer' AND t.status IN ('completed', 'failed', 'canceled')
"""

WAITING = """
SELECT format('task %s is %s and waits for "%s"', id, status, waits_for) FROM task WHERE (status = 'queued') <> (waits_for <> '')
UNION ALL
SELECT format('batch %s: its answers may cost %s, of %s', b.id, c.minor, b.budget_minor)
  FROM batch b, LATERAL (
    SELECT coalesce(sum(greatest(g.minor + CASE
             WHEN t.stage = 'label' AND t.status IN ('open', 'collecting', 'deciding') AND q.payer = ''
             THEN (t.seats_max - t.answers) * (p.terms ->> 'price_minor')::bigint ELSE 0 END, 0)), 0) AS minor
      FROM task t JOIN project p ON p.id = t.project_id JOIN queue q ON q.id = t.queue_id, LATERAL (
        SELECT coalesce(sum((a.terms ->> 'price_minor')::bigint), 0) AS minor FROM annotation n JOIN assignment a ON a.id = n.assignment_id
         WHERE n.task_id = t.id AND n.exit = ''
           AND (n.status IN ('pending', 'accepted', 'corrected') OR n.status = 'superseded' AND n.decision ->> 'by' = 'redo')
           AND coalesce(n.decision ->> 'payer', a.terms ->> 'payer') <> 'platform') g
     WHERE t.batch_id = b.id) c
 WHERE b.budget_minor IS NOT NULL AND c.minor > b.budget_minor
"""

RECOUNTS = """
WITH folded AS (
    SELECT project_id, contributor_id, 4 + sum(v.weight * outcome) AS alpha, 2 + sum(v.weight * (1 - outcome)) AS beta, count(*) AS n,
           count(*) FILTER (WHERE kind = 'gold') AS gold_n
      FROM evidence e JOIN scorecard s USING (project_id, contributor_id)
     CROSS JOIN LATERAL (SELECT weight * 2 ^ (-extract(epoch FROM s.updated_at - e.created_at)::float8 / (90 * 86400)) AS weight) v
     GROUP BY project_id, contributor_id
)
SELECT 'scorecard of contributor ' || coalesce(s.contributor_id, f.contributor_id) || ' in project ' || coalesce(s.project_id, f.project_id)
  FROM scorecard s FULL JOIN folded f USING (project_id, contributor_id)
 WHERE coalesce(s.n, 0) <> coalesce(f.n, 0) OR coalesce(s.gold_n, 0) <> coalesce(f.gold_n, 0)
    OR abs(coalesce(s.alpha, 4) - coalesce(f.alpha, 4)) > 1e-6 OR abs(coalesce(s.beta, 2) - coalesce(f.beta, 2)) > 1e-6
"""
