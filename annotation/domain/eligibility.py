"""Who may work from which queue. Each rule is one SQL expression, and serves the claim, the dispatcher and the explanation.

Everything a person must satisfy is a property of the queue, so no scan over tasks ever skips one for eligibility. A verdict is kept with
the versions of the facts it rests on, and with the time until which it holds: caps are counted in active seconds, which cannot pass
faster than the clock, so a verdict under a cap holds at least as long as what is left of it.
"""

# ruff: noqa: S608  every part of these statements is a constant of this file
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from annotation.models.project import NO_END
from annotation.queries import practice

EXPOSURE_CAP_S = 3_600  # seconds of sensitive content of one category in a person's day
GOLD_RANKS = 2**31  # of known answers: at random, from 0
SKIPS_A_DAY = 20  # tasks given back in one project; above it the project rests until tomorrow


@dataclass(frozen=True, slots=True)
class Rule:
    """`failed`: SQL condition over w (person), q (queue), p (project), x (what the project says of the person), m (membership).

    `params`: SQL of what the words need; `ends`: SQL of the moment at which a failed rule has to be looked at again, if the clock decides.
    """

    code: str
    failed: str
    params: str = "'{}'::jsonb"
    ends: str = "NULL::timestamptz"


# What is asked, one row per entry.
SKILLS = "jsonb_to_recordset(q.requirements -> 'skills') AS s (skill text, value int)"
LANGUAGES = "jsonb_to_recordset(q.requirements -> 'languages') AS l (tag text, level int)"
SENSITIVE = "jsonb_array_elements_text(q.requirements -> 'sensitive') AS c (category)"
HAS_LEVEL = """coalesce((SELECT max(k.value::int) FROM jsonb_each_text(w.languages) k
                          WHERE starts_with(lower(k.key) || '-', lower(l.tag) || '-')), 0)"""
# Reviews, adjudications and audits are for those who were chosen for them.
GRANTED = "(q.stage <> 'label' OR q.purpose = 'audit')"
STAGE_GRANT = """(SELECT max(coalesce(g.expires_at, 'infinity')) FROM skill_grant g JOIN skill s ON s.id = g.skill_id
                   WHERE g.contributor_id = w.id AND g.revoked_at IS NULL
                     AND lower(s.name) = CASE q.purpose WHEN 'audit' THEN q.purpose ELSE q.stage END
                     AND s.owner_key IN ('platform', p.owner_key))"""
# A person's day so far. `tomorrow` is midnight where they live.
WORKED_S = """(SELECT coalesce(sum(n.active_ms), 0) / 1000 FROM annotation n
                WHERE n.contributor_id = w.id AND n.submitted_at >= w.today)"""
SEEN_S = """(SELECT coalesce(sum(n.active_ms), 0) / 1000 FROM annotation n JOIN task t ON t.id = n.task_id
              JOIN queue k ON k.id = t.queue_id
             WHERE n.contributor_id = w.id AND n.submitted_at >= w.today AND k.requirements -> 'sensitive' ? c.category)"""
SKIPS = """(SELECT count(*) FROM assignment a
             WHERE a.contributor_id = w.id AND a.project_id = p.id AND a.status = 'returned' AND a.ended_at >= w.today)"""
SOON = "now() + interval '15 seconds'"  # a claim that finds nothing looks again at once; this is for whoever sends people on
MEASURED = "now() + interval '15 minutes'"  # the pace of a queue is measured anew all the time
PRICE = "(p.terms ->> CASE q.stage WHEN 'label' THEN 'price_minor' ELSE 'review_price_minor' END)::float8"
PAY_HOUR = f"({PRICE} * 3600 / greatest(q.pace_median_s, 0.1))"


# Practice of this project that the person is to do first; of what they have in hand the next task is asked for already. Few tasks, however
# much work there is. Why is told if it was asked of them again.
PRACTICE_LEFT = f"EXISTS (SELECT {practice.due()})"
PRACTICE_PARAMS = f"""(CASE WHEN EXISTS (SELECT {practice.due("x.practice_end", practice.NOT_BEGUN)}) THEN x.practice ELSE '{{}}' END)
    || jsonb_build_object('left', (SELECT count(*) {practice.due(still=practice.NOT_BEGUN)}))"""

IN_HOURS = """CASE WHEN w.day_from IS NULL THEN true WHEN w.day_from < w.day_to THEN w.minute >= w.day_from AND w.minute < w.day_to
                    ELSE w.minute >= w.day_from OR w.minute < w.day_to END"""


def _next(minute: str) -> str:
    """The next moment at which it is this minute of the day where the person lives."""
    return f"(w.today + make_interval(mins => {minute} + CASE WHEN w.minute >= {minute} THEN 1440 ELSE 0 END))"


def _one(select: str, rows: str, where: str) -> str:
    """The first entry for which a condition holds, as an object."""
    return f"(SELECT {select} FROM {rows} WHERE {where} LIMIT 1)"


def _any(rows: str, where: str) -> str:
    return f"EXISTS (SELECT FROM {rows} WHERE {where})"


NO_SKILL = "NOT w.grants ? s.skill"
SKILL_OVER = "w.grants -> s.skill -> 'until' <> 'null' AND (w.grants -> s.skill ->> 'until')::timestamptz <= now()"
SKILL_LOW = "(w.grants -> s.skill ->> 'value')::int < coalesce(s.value, 0)"
LANGUAGE_LOW = f"{HAS_LEVEL} < coalesce(l.level, 1)"
SKILL_PARAMS = (
    "jsonb_build_object('skill', s.skill, 'value', coalesce(s.value, 0), 'has', w.grants -> s.skill -> 'value')"
)
NO_CONSENT = "NOT w.consents ? c.category"
CAPPED = f"{SEEN_S} >= {EXPOSURE_CAP_S}"
INVITED = "x.status IS NOT DISTINCT FROM 'invited'"

# In the order in which they are told: what nobody can change first, then own wishes; reading the guideline is done on the way.
RULES = (
    Rule("restricted", "w.status <> 'active'", "jsonb_build_object('status', w.status)"),
    Rule("paused", "p.status <> 'open' OR q.status <> 'open'"),
    Rule("excluded", "x.status IS NOT DISTINCT FROM 'excluded'", "jsonb_build_object('reason', x.reason)"),
    Rule(
        "restricted_here",
        "x.restricted_until > now()",
        "x.restriction || jsonb_build_object('until', x.restricted_until)",
        "x.restricted_until",
    ),
    Rule("not_in_team", f"p.workforce = 'team' AND m.role IS NULL AND NOT {INVITED}"),
    Rule("own_organization", f"p.workforce = 'public' AND m.role IS NOT NULL AND q.stage = 'label' AND NOT {INVITED}"),
    Rule(
        "stage_not_granted",
        f"{GRANTED} AND coalesce({STAGE_GRANT}, '-infinity') <= now()",
        "jsonb_build_object('stage', q.stage)",
    ),
    Rule("skill_missing", _any(SKILLS, NO_SKILL), _one(SKILL_PARAMS, SKILLS, NO_SKILL)),
    Rule("skill_expired", _any(SKILLS, SKILL_OVER), _one(SKILL_PARAMS, SKILLS, SKILL_OVER)),
    Rule("skill_low", _any(SKILLS, SKILL_LOW), _one(SKILL_PARAMS, SKILLS, SKILL_LOW)),
    Rule(
        "language",
        _any(LANGUAGES, LANGUAGE_LOW),
        _one(
            f"jsonb_build_object('tag', l.tag, 'level', coalesce(l.level, 1), 'has', {HAS_LEVEL})",
            LANGUAGES,
            LANGUAGE_LOW,
        ),
    ),
    Rule(
        "country",
        "jsonb_array_length(coalesce(q.requirements -> 'countries', '[]')) > 0 AND NOT q.requirements -> 'countries' ? w.country",
        "jsonb_build_object('countries', q.requirements -> 'countries', 'has', w.country)",
    ),
    Rule(
        "consent_missing",
        _any(SENSITIVE, NO_CONSENT),
        _one("jsonb_build_object('category', c.category)", SENSITIVE, NO_CONSENT),
    ),
    Rule(
        "exposure_cap",
        _any(SENSITIVE, CAPPED),
        _one(
            f"jsonb_build_object('category', c.category, 'minutes', {EXPOSURE_CAP_S // 60}, 'until', w.tomorrow)",
            SENSITIVE,
            CAPPED,
        ),
        "w.tomorrow",
    ),
    Rule(
        "skipped_enough",
        f"{SKIPS} > {SKIPS_A_DAY}",
        f"jsonb_build_object('most', {SKIPS_A_DAY}, 'until', w.tomorrow)",
        "w.tomorrow",
    ),
    Rule(
        "outside_hours",
        f"NOT {IN_HOURS}",
        f"jsonb_build_object('from', w.day_from, 'to', w.day_to, 'until', {_next('w.day_from')})",
        _next("w.day_from"),
    ),
    Rule("break", "w.break_until > now()", "jsonb_build_object('until', w.break_until)", "w.break_until"),
    Rule(
        "day_limit",
        f"w.max_day_s IS NOT NULL AND {WORKED_S} >= w.max_day_s",
        "jsonb_build_object('minutes', w.max_day_s / 60, 'until', w.tomorrow)",
        "w.tomorrow",
    ),
    Rule("topic_hidden", "p.topic = ANY(w.hidden_topics)", "jsonb_build_object('topic', p.topic)"),
    Rule(
        "too_long",
        "q.pace_median_s > w.max_task_s",
        "jsonb_build_object('seconds', round(q.pace_median_s::numeric), 'wish', w.max_task_s)",
        MEASURED,
    ),
    Rule(
        "pay_below_wish",
        f"w.currency = p.currency AND {PAY_HOUR} < w.min_pay_hour_minor",
        f"jsonb_build_object('hour', round({PAY_HOUR}::numeric), 'wish', w.min_pay_hour_minor, 'currency', p.currency)",
        MEASURED,
    ),
    Rule("guideline_unread", "coalesce(x.guideline_read, 0) < p.must_read", "jsonb_build_object('number', p.must_read)"),
    Rule("practice_first", f"q.stage = 'label' AND q.purpose <> 'train' AND {PRACTICE_LEFT}", PRACTICE_PARAMS, SOON),
    # The last of all: to whom nothing else applies may be called to a gang.
    Rule("together", "q.requirements ? 'together' AND q.stage = 'label' AND q.purpose = 'work'"),
)  # fmt: skip

# How long a verdict holds that nothing but the clock can end.
UNTIL = f"""least(
    (SELECT min((w.grants -> s.skill ->> 'until')::timestamptz) FROM {SKILLS}),
    CASE WHEN {GRANTED} THEN nullif({STAGE_GRANT}, 'infinity') END,
    (SELECT min(now() + make_interval(secs => {EXPOSURE_CAP_S} - {SEEN_S})) FROM {SENSITIVE}),
    {_next("w.day_to")},
    CASE WHEN coalesce(w.max_task_s, w.min_pay_hour_minor) IS NOT NULL THEN {MEASURED} END,
    CASE WHEN w.max_day_s IS NOT NULL THEN now() + make_interval(secs => w.max_day_s - {WORKED_S}) END)"""

PEOPLE = """
people AS MATERIALIZED (
    SELECT w.id, w.status, w.country, w.user_id, w.facts_version, f.min_pay_hour_minor, f.currency, f.max_task_s, f.max_day_s,
           coalesce(f.hidden_topics, '{}') AS hidden_topics, f.break_until, f.day_from, f.day_to,
           (extract(hour FROM now() AT TIME ZONE u.zone) * 60 + extract(minute FROM now() AT TIME ZONE u.zone))::int AS minute,
           date_trunc('day', now() AT TIME ZONE u.zone) AT TIME ZONE u.zone AS today,
           (date_trunc('day', now() AT TIME ZONE u.zone) + interval '1 day') AT TIME ZONE u.zone AS tomorrow,
           coalesce((SELECT jsonb_object_agg(public_id('skl', s.public_id), jsonb_build_object('value', g.value, 'until', g.expires_at))
                       FROM skill_grant g JOIN skill s ON s.id = g.skill_id
                      WHERE g.contributor_id = w.id AND g.revoked_at IS NULL), '{}') AS grants,
           coalesce((SELECT jsonb_object_agg(l.tag, l.level) FROM language_claim l WHERE l.contributor_id = w.id), '{}') AS languages,
           coalesce((SELECT jsonb_agg(c.category) FROM consent c WHERE c.contributor_id = w.id AND c.revoked_at IS NULL), '[]')
               AS consents
      FROM contributor w LEFT JOIN preference f ON f.contributor_id = w.id
     CROSS JOIN LATERAL (SELECT coalesce((SELECT a.time_zone FROM user_account a WHERE a.id = w.user_id), 'UTC') AS zone) u
     WHERE w.id = ANY(%(people)s)
), projects AS MATERIALIZED (
    SELECT p.*, 'org:' || public_id('org', o.public_id) AS owner_key, o.currency,
           coalesce((SELECT max(g.number) FROM guideline g WHERE g.project_id = p.id AND g.change = 'breaking'), 0) AS must_read
      FROM project p JOIN organization o ON o.id = p.organization_id WHERE p.id = ANY(%(projects)s)
), asked AS (
    SELECT w.id AS contributor_id, q.id AS queue_id, p.id AS project_id, w.facts_version, p.policy_version, r.*,
           q.purpose = 'gold' AS golden, q.epoch, CASE WHEN q.purpose = 'train' THEN {end} ELSE {no_end} END AS end_rank
      FROM people w CROSS JOIN projects p JOIN queue q ON q.project_id = p.id AND q.stage = ANY(%(stages)s)
      LEFT JOIN project_contributor x ON x.project_id = p.id AND x.contributor_id = w.id
      LEFT JOIN membership m ON m.organization_id = p.organization_id AND m.user_id = w.user_id
     CROSS JOIN LATERAL ({verdict}) r
)
"""


def _first() -> str:
    """The first rule that fails, evaluated no further than that."""
    codes = " ".join(f"WHEN {rule.failed} THEN '{rule.code}'" for rule in RULES)
    params = " ".join(f"WHEN '{rule.code}' THEN {rule.params}" for rule in RULES)
    ends = " ".join(f"WHEN '{rule.code}' THEN {rule.ends}" for rule in RULES if not rule.ends.startswith("NULL"))
    return f"""
        SELECT v.code, CASE v.code {params} ELSE '{{}}'::jsonb END AS params,
               CASE v.code WHEN '' THEN {UNTIL} {ends} END AS until
          FROM (SELECT CASE {codes} ELSE '' END AS code) v"""


def _all() -> str:
    """Every rule, with whether it fails."""
    rows = ", ".join(
        f"({n}, '{rule.code}', coalesce({rule.failed}, false), CASE WHEN {rule.failed} THEN {rule.params} END)"
        for n, rule in enumerate(RULES)
    )
    return f"SELECT * FROM (VALUES {rows}) v (place, code, failed, params)"


PEOPLE = PEOPLE.replace("{end}", practice.END).replace("{no_end}", str(NO_END))
FIRST = PEOPLE.replace("{verdict}", _first())
# Known answers lie in a random order, and everybody begins at a random place of it: so one that nobody has met is as likely as any.
# Where practice ends later than before, there may be some again.
KEEP = f"""
WITH {FIRST}
INSERT INTO queue_cursor AS c (queue_id, contributor_id, project_id, epoch, rank, task_id, verdict, params, facts_version, policy_version,
                               eligible_until, end_rank)
SELECT queue_id, contributor_id, project_id, CASE WHEN golden THEN epoch ELSE -1 END,
       CASE WHEN golden THEN floor(random() * {GOLD_RANKS})::bigint ELSE -1 END, 0, code, params, facts_version, policy_version, until,
       end_rank
  FROM asked
 ORDER BY queue_id, contributor_id
ON CONFLICT (queue_id, contributor_id) DO UPDATE SET verdict = excluded.verdict, params = excluded.params,
    facts_version = excluded.facts_version, policy_version = excluded.policy_version, eligible_until = excluded.eligible_until,
    end_rank = excluded.end_rank,
    exhausted_changes = CASE WHEN excluded.end_rank > c.end_rank THEN NULL ELSE c.exhausted_changes END
"""
TELL = f"WITH {FIRST} SELECT contributor_id, project_id, queue_id, code, params, until FROM asked ORDER BY queue_id, contributor_id"
TABLE = f"""
WITH {PEOPLE.replace("{verdict}", _all())}
SELECT queue_id, code, failed, params FROM asked ORDER BY queue_id, place
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this contributor work from this queue? `code` is empty if so, else the first rule that failed."""

    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None  # holds at most so long: a grant expires, a cap may be reached, a day ends


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it is about, by key."""

    contributor_id: int
    project_id: int
    queue_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule for one person and queue: `failed`, and what its words need."""

    queue_id: int
    code: str
    failed: bool
    params: Mapping[str, Any]


def judge(*, people: Sequence[int], projects: Sequence[int], stages: Sequence[str]) -> list[Judged]:
    """The verdicts of these people for every queue of these stages of these projects. One statement; nothing is written."""
    return list(_judged(people, projects, stages))


def _judged(people: Sequence[int], projects: Sequence[int], stages: Sequence[str]) -> Iterator[Judged]:
    with connection.cursor() as cursor:
        cursor.execute(TELL, _values(people, projects, stages))
        for contributor, project, queue, code, params, until in cursor.fetchall():
            yield Judged(contributor, project, queue, Verdict(code, json.loads(params), until))


def keep(*, people: Sequence[int], projects: Sequence[int], stages: Sequence[str]) -> int:
    """Compute and store these verdicts for the claim, which compares version numbers only. One statement; how many.

    Versions and facts are read in one snapshot: a change that comes meanwhile makes the stored verdict stale, never wrongly current.
    """
    with connection.cursor() as cursor:
        cursor.execute(KEEP, _values(people, projects, stages))
        return int(cursor.rowcount)


def table(*, contributor_id: int, project_id: int, stage: str) -> list[Checked]:
    """Every rule for one person, for each queue of a stage of a project: what a manager is shown. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE, _values([contributor_id], [project_id], [stage]))
        rows = cursor.fetchall()
    return [Checked(queue, code, failed, json.loads(params) if params else {}) for queue, code, failed, params in rows]


def _values(people: Sequence[int], projects: Sequence[int], stages: Sequence[str]) -> dict[str, list[Any]]:
    return {"people": list(people), "projects": list(projects), "stages": [str(stage) for stage in stages]}
