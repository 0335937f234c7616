"""All answers to one question of a project as columns of numbers: read by COPY, a million in a second or two."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from annotation.questions.base import Question
from quality.aggregation.registry import CLASSED

# The class of an answer, by type of question; null where it is none of the classes, as with somebody's own words.
CLASS = {
    "choice": "{value} #>> '{{}}'",
    "rating": "CASE WHEN jsonb_typeof({value}) = 'number' THEN {value} #>> '{{}}' END",
    "preference": """CASE WHEN NOT coalesce(({value} ->> 'both_bad')::boolean, false)
                          THEN (ARRAY['first', 'tie', 'second'])[sign(({value} ->> 'score')::numeric)::int + 2] END""",
}
COPY = """
COPY (SELECT task_id, contributor_id, place - 1, id FROM (
          SELECT n.task_id, n.contributor_id, array_position(%(classes)s::text[], {label})::bigint AS place, n.id
            FROM task t JOIN annotation n ON n.task_id = t.id
           WHERE t.project_id = %(project_id)s AND n.status IN ('pending', 'accepted', 'corrected') AND n.exit = ''
             AND n.schema_version = ANY(%(versions)s::int[])) l
       WHERE place IS NOT NULL)
TO STDOUT (FORMAT BINARY)
"""
# Tasks whose class is known: planted ones, those of which a reviewer has accepted or corrected the result, and those that were audited.
KNOWN = """
SELECT task_id, place - 1 FROM (
    SELECT k.task_id, array_position(%(classes)s::text[], {label}) AS place FROM (
        SELECT g.task_id, g.expected -> %(question)s AS truth FROM gold_item g
         WHERE g.project_id = %(project_id)s AND g.status IN ('active', 'retired') AND NOT g.training
        UNION ALL
        SELECT t.id, r.answers #> ARRAY[%(question)s, 'value']
          FROM task t JOIN result r ON r.task_id = t.id AND r.revision = t.revision
         WHERE t.id IN (SELECT v.task_id FROM review v WHERE v.project_id = %(project_id)s AND v.status = 'decided'
                           AND v.decision IN ('accept', 'correct'))
           AND t.status = 'completed' AND t.purpose = 'work' AND r.answers #>> ARRAY[%(question)s, 'method'] = 'review'
        UNION ALL
        SELECT a.task_id, a.truths -> 0 -> %(question)s
          FROM batch b JOIN accuracy_contract c ON c.batch_id = b.id JOIN audit_item a ON a.contract_id = c.id
         WHERE b.project_id = %(project_id)s AND a.outcome IN ('right', 'wrong')) k) l
 WHERE place IS NOT NULL ORDER BY task_id, place
"""
# What COPY writes: a head of 19 bytes; per row the number of columns, then each with its length; 2 bytes at the end.
HEAD, END = 19, 2
ROW = np.dtype([("columns", ">i2"), ("cells", [("length", ">i4"), ("value", ">i8")], (4,))])
# A fit works on what was read while its transaction waits.
PATIENCE = "SET LOCAL statement_timeout = '2min'; SET LOCAL idle_in_transaction_session_timeout = '10min'"


def classes_of(question: Question) -> list[str]:
    """Of a question whose classes are the same for every task: two or more, or nothing."""
    if question.per is not None or question.type not in CLASSED:
        return []
    found = CLASSED[question.type][0](question.config.model_dump(exclude_none=True))
    return found if len(found) > 1 else []


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: to this question, of its type, as one of these classes, under these versions of the schema."""

    project_id: int
    question: str
    type: str
    classes: Sequence[str]
    versions: Sequence[int]


@dataclass(frozen=True, slots=True)
class Labels:
    """Columns of one length, i8[N]: key of the task, key of the contributor, place of the class, key of the answer.

    known: {task: class}, also of tasks without answers.
    """

    task: NDArray[np.int64]
    contributor: NDArray[np.int64]
    label: NDArray[np.int64]
    answer: NDArray[np.int64]
    known: dict[int, int]

    @property
    def sha256(self) -> str:
        """Of all that a fit is made from, in whatever order it was read."""
        order = np.argsort(self.answer)
        digest = hashlib.sha256(repr(sorted(self.known.items())).encode())
        for column in (self.task, self.contributor, self.label, self.answer):
            digest.update(column[order].tobytes())
        return digest.hexdigest()

    @property
    def through(self) -> int:
        """The last answer; 0 if there is none."""
        return int(self.answer.max(initial=0))


def read(wanted: Wanted) -> Labels:
    """The counting answers and the known classes. Within a transaction, which may then take minutes."""
    place, values = (
        CLASS[wanted.type],
        {**asdict(wanted), "classes": list(wanted.classes), "versions": list(wanted.versions)},
    )
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(KNOWN.format(label=place.format(value="k.truth")), values)
        known = dict(cursor.fetchall())
        with cursor.cursor.copy(  # past Django's wrapper, which in debug mode takes no parameters
            COPY.format(label=place.format(value="(n.answer -> 'value' -> %(question)s)")), values
        ) as copy:
            body = b"".join(copy)
    task, contributor, label, answer = np.frombuffer(body[HEAD:-END], ROW)["cells"]["value"].T.astype(np.int64)
    return Labels(task, contributor, label, answer, known)


IDLE = """
SELECT id FROM task
 WHERE project_id = %s AND phase = 'open' AND status = 'collecting' AND stage = 'label'
   AND purpose = 'work' AND answers > 0 AND seats_taken = answers
"""


def idle(project_id: int) -> NDArray[np.int64]:
    """Tasks (keys) that wait for one more answer while nobody holds a seat."""
    with connection.cursor() as cursor:
        cursor.execute(IDLE, [project_id])
        return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
