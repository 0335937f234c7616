"""Results on their way out: lines are built in the database and passed on as they are, a short page at a time, each its own transaction.

Ids are encoded here, a page at once: PostgreSQL has no base32. So a page comes as one row of three texts: the ids of tasks, results and
batches in hexadecimal; what stands before each result's id; and what stands behind it.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from annotation.models import Project, SchemaVersion
from annotation.queries.schemas import compiled
from workforce.models.public_id import LENGTH, NOBODY, encode_many

PAGE = 2_000
# No transaction lives longer (statement and idle time-outs of the settings): results older than this are all visible.
LATE_S = 80
ANNOTATIONS, PAYLOAD = "annotations", "payload"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which results of a project, and what beside them: `include` of `payload` and `annotations`. `after`: key of a result."""

    project: Project
    after: int = 0
    include: frozenset[str] = frozenset({PAYLOAD})
    batch: int | None = None
    since: datetime | None = None
    until: datetime | None = None


Compose = Callable[
    [str, str, str, str, str], str
]  # task, result, batch (or empty), what is before the result's id, what is behind

SAFE = """
SELECT public_id FROM result WHERE project_id = %s AND id > %s AND created_at < now() - make_interval(secs => %s) ORDER BY id DESC LIMIT 1
"""
# Only the present result of a task: one that a later revision replaced is left out. The page is chosen first, by key; what belongs to its
# results is then found row by row: no page may read all of a large project, whatever the planner thinks of a small one.
PLAN = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"
ROWS = """
WITH page AS MATERIALIZED (SELECT * FROM result WHERE project_id = %(project)s AND id > %(after)s ORDER BY id LIMIT %(page)s),
line AS (
    SELECT r.id, encode(uuid_send(t.public_id) || uuid_send(r.public_id) || uuid_send(coalesce(b.public_id, '{nobody}')), 'hex') AS ids,
           {head} AS head, {tail} AS tail
      FROM page r JOIN task t ON t.id = r.task_id AND t.revision = r.revision AND t.status = 'completed'
      JOIN task_payload p ON p.task_id = t.id
      LEFT JOIN task_key k ON k.task_id = t.id
      LEFT JOIN batch b ON b.id = t.batch_id
     WHERE (%(batch)s::bigint IS NULL OR t.batch_id = %(batch)s)
       AND r.created_at >= coalesce(%(since)s::timestamptz, '-infinity') AND r.created_at < coalesce(%(until)s::timestamptz, 'infinity')
     ORDER BY r.id
)
SELECT (SELECT max(id) FROM page), string_agg(ids, ''), string_agg(head, chr({mark})), string_agg(tail, chr({mark})) FROM line
"""
MARK = 30  # the record separator: JSON escapes it, and CSV leaves it out
KEY = 29  # the group separator, before an id inside JSON
KEYS = re.compile(rb"\x1d([0-9a-f]{32})")
NO_BATCH = "0" * LENGTH


def safe_end(wanted: Wanted) -> UUID | None:
    """The id of the last result that no earlier one can still join; None if there is none behind `after`.

    Results get their keys before they are committed, so a younger result may become visible before an older one.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAFE, [wanted.project.pk, wanted.after, LATE_S])
        row: tuple[UUID] | None = cursor.fetchone()
    return row[0] if row else None


def _pages(wanted: Wanted, head: str, tail: str, compose: Compose) -> Iterator[bytes]:
    """The composed lines, a page at a time."""
    statement = ROWS.format(nobody=NOBODY, mark=MARK, head=head, tail=tail)
    versions = SchemaVersion.objects.filter(project=wanted.project).values_list("number", "sha256")
    values = {
        "project": wanted.project.pk, "after": wanted.after, "page": PAGE, "batch": wanted.batch, "since": wanted.since,
        "until": wanted.until, "schemas": json.dumps(dict(versions)),
    }  # fmt: skip
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLAN)
            cursor.execute(statement, values)
            values["after"], ids, heads, tails = cursor.fetchone()
        if ids:
            yield _composed(ids, heads.split(chr(MARK)), tails.split(chr(MARK)), compose)
        if values["after"] is None:
            return


def _composed(ids: str, heads: list[str], tails: list[str], compose: Compose) -> bytes:
    keys = iter(encode_many(ids))
    lines = [
        compose(task, result, "" if batch == NO_BATCH else batch, head, tail)
        for task, result, batch, head, tail in zip(keys, keys, keys, heads, tails, strict=True)
    ]
    return "".join(lines).encode()


# --- JSON lines -----------------------------------------------------------------------------------------------------
TIME = "replace(to_json(r.created_at)::text, '+00:00', 'Z')"
SCHEMA_SHA256 = "%(schemas)s::jsonb ->> (r.provenance ->> 'schema_version')"
# `concat` writes all its parts into one buffer; `||` copies what it has for every part. Null is nothing to it.
JSON_HEAD = """
concat('"unique_id":', coalesce(to_json(k.unique_id)::text, 'null'), ',"schema_version":', t.schema_version, ',"tags":',
       CASE WHEN p.tags = '{}' THEN '[]' ELSE to_json(p.tags)::text END, ',"metadata":', p.metadata, '}'<payload>)
"""
JSON_PAYLOAD = """, ',"payload":', p.body"""
JSON_TAIL = """
concat('"revision":', r.revision, ',"created_at":', {TIME},
       ',"confidence":', coalesce(r.confidence::text, 'null'), ',"answers":', r.answers,
       '},"_meta":{"purpose":"work","schema_sha256":"', {SCHEMA_SHA256}, '",', substr(r.provenance::text, 2)<annotations>)
""".replace("{TIME}", TIME).replace("{SCHEMA_SHA256}", SCHEMA_SHA256)
JSON_ANNOTATIONS = """, ',"annotations":[', (
    SELECT string_agg(concat('{"id":"ann_', <key>, encode(uuid_send(n.public_id), 'hex'), '","contributor":',
                             coalesce('"ctr_' || <key> || encode(uuid_send(a.public_id), 'hex') || '"', 'null'),
                             ',"status":"', n.status, '","active_ms":', n.active_ms, ',"submitted_at":', to_json(n.submitted_at),
                             ',"answer":', n.answer, '}'), ',' ORDER BY n.id)
      FROM annotation n LEFT JOIN contributor_alias a ON a.organization_id = n.organization_id AND a.contributor_id = n.contributor_id
     WHERE n.task_id = t.id AND n.exit = '' AND n.status IN ('pending', 'accepted', 'corrected')), ']'
""".replace("<key>", f"chr({KEY})")


def jsonl(wanted: Wanted) -> Iterator[bytes]:
    """One JSON object per result: task, payload, result with confidence and method per question, provenance in `_meta`, annotations."""
    head = JSON_HEAD.replace("<payload>", JSON_PAYLOAD if PAYLOAD in wanted.include else "")
    tail = JSON_TAIL.replace("<annotations>", JSON_ANNOTATIONS if ANNOTATIONS in wanted.include else "")
    return map(_with_keys, _pages(wanted, head, tail, _json_line))


def _with_keys(page: bytes) -> bytes:
    """Ids that the database wrote in hexadecimal behind the mark, as the outside knows them."""
    found = KEYS.findall(page)
    if not found:
        return page
    ids = iter(encode_many(b"".join(found).decode()))
    return KEYS.sub(lambda _: next(ids).encode(), page)


def _json_line(task: str, result: str, batch: str, head: str, tail: str) -> str:
    of = f'"bat_{batch}"' if batch else "null"
    return f'{{"task":{{"id":"tsk_{task}","batch":{of},{head},"result":{{"id":"res_{result}",{tail}}}\n'


# --- CSV ------------------------------------------------------------------------------------------------------------
# A cell that a spreadsheet would run as a formula gets an apostrophe; numbers, which may begin with a sign, do not.
CELL = """
'"' || replace(CASE WHEN left({value}, 1) = ANY ('{{=,+,@,-,"\t","\r"}}') AND {value} !~ '^[+-]?[0-9.]+$' THEN '''' ELSE '' END
               || translate(coalesce({value}, ''), chr(30), ''), '"', '""') || '"'
"""
ABOUT = ("confidence", "calibrated", "n", "method", "status")
PROVENANCE = {
    "revision": "r.revision::text",
    "completed_at": f"trim('\"' FROM {TIME})",
    "contributors": "(SELECT string_agg(c, ' ') FROM jsonb_array_elements_text(r.provenance -> 'contributors') c)",
    "annotations": "(SELECT string_agg(c, ' ') FROM jsonb_array_elements_text(r.provenance -> 'annotations') c)",
    "schema_version": "r.provenance ->> 'schema_version'",
    "schema_sha256": SCHEMA_SHA256,
    "guideline_version": "r.provenance ->> 'guideline_version'",
    "disagreement": "r.provenance ->> 'disagreement'",
}
# For what can be no formula: looking costs.
PLAIN = """ '"' || coalesce({value}, '') || '"' """


def csv(wanted: Wanted) -> Iterator[bytes]:
    """A header, and one row per result: ids, the fields, each question's value and certainty, provenance. What is no scalar is JSON."""
    columns = _columns(wanted)
    names = ["task", "result", "batch", "unique_id", *columns]
    yield ",".join(f'"{name}"' for name in names).encode() + b"\r\n"
    cells = f"concat_ws(',', {', '.join(_cell(name, value) for name, value in columns.items())})"
    yield from _pages(wanted, CELL.format(value="k.unique_id"), cells, _csv_line)


def _cell(name: str, value: str) -> str:
    """Fields and values may say anything; certainty (`tone.confidence`) and provenance (`_revision`) do not."""
    field, dot, about = name.rpartition(".")
    harmless = name.startswith("_") or (dot and field != "field" and about in ABOUT)
    return (PLAIN if harmless else CELL).format(value=f"({value})")


def _columns(wanted: Wanted) -> dict[str, str]:
    """Name and SQL of each column. Names of fields and questions are those of the label language: letters, digits, `_`."""
    schema = compiled(wanted.project.pk, wanted.project.schema_version)
    columns: dict[str, str] = {}
    if PAYLOAD in wanted.include:
        columns |= {f"field.{field.name}": f"p.body ->> '{field.name}'" for field in schema.fields}
    for question in schema.questions:
        answer = f"r.answers -> '{question.name}'"
        columns[question.name] = f"{answer} ->> 'value'"
        columns |= {f"{question.name}.{about}": f"{answer} ->> '{about}'" for about in ABOUT}
    return columns | {f"_{name}": value for name, value in PROVENANCE.items()}


def _csv_line(task: str, result: str, batch: str, head: str, tail: str) -> str:
    of = f"bat_{batch}" if batch else ""
    return f'"tsk_{task}","res_{result}","{of}",{head},{tail}\r\n'
