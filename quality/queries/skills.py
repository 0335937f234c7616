"""What the present fits say of contributors: for the pipeline, and for the next fit to go on from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import psycopg
from django.db import connection

from quality.aggregation.calibration import Calibration
from quality.aggregation.confusions import Crowd
from quality.aggregation.estimators import Fitted
from quality.aggregation.skills import Skill, Skills
from workforce.models.public_id import encode


@dataclass(frozen=True, slots=True)
class Known:
    """The present fit of one question. run: public id; through: key of the last answer that it has seen."""

    run: str
    method: str
    classes: tuple[str, ...]
    through: int
    skills: Skills
    calibration: Calibration

    def estimator(self, authors: Mapping[str, tuple[int, int]]) -> Fitted:
        """For the votes on one task. authors: per vote, who gave it (key) and with which answer (key)."""
        seen = {vote: (person, answer <= self.through) for vote, (person, answer) in authors.items()}
        return Fitted(self.method, self.run, self.classes, self.skills, self.calibration, seen)


# One statement: a run that is replaced meanwhile takes its skills with it. What a run has learned of all stands in its first row.
PRESENT = """
SELECT r.id, r.public_id, r.project_id, r.question, r.method, r.classes, r.through,
       CASE WHEN row_number() OVER (PARTITION BY r.id ORDER BY s.contributor_id) = 1 THEN r.parameters END,
       s.contributor_id, s.expected_right, s.labels, s.counts
  FROM estimator_run r
  LEFT JOIN contributor_skill s ON s.run_id = r.id AND (%(people)s::bigint[] IS NULL OR s.contributor_id = ANY(%(people)s))
 WHERE r.project_id = ANY(%(projects)s) AND r.status = 'fitted' ORDER BY r.id, s.contributor_id
"""


def present(projects: Iterable[int], people: Iterable[int] | None = None) -> dict[int, dict[str, Known]]:
    """By project (key) and question; with the skills of these contributors (keys), or of all."""
    values = {"projects": list(projects), "people": None if people is None else list(people)}
    connection.ensure_connection()
    # Numbers as PostgreSQL keeps them: Django's cursors get them as text, which takes five times as long.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        rows = cursor.execute(PRESENT, values, binary=True).fetchall()
    found: dict[int, dict[str, Known]] = defaultdict(dict)
    for _, of_run in groupby(rows, key=itemgetter(0)):
        (_, key, project, question, method, classes, through, learned, *_), *_ = run = list(of_run)
        skills = _skills(learned, dict(_people(row[8:] for row in run if row[8] is not None)))
        found[project][question] = Known(
            encode("est", key), method, tuple(classes), through, skills, calibration(learned)
        )
    return found


def calibration(learned: Mapping[str, Any]) -> Calibration:
    """Of a run's parameters; runs from before there was any have none."""
    found = learned.get("calibration")
    return Calibration(found["parts"], found["floor"], found["known"]) if found else Calibration.even()


def _people(rows: Iterable[tuple[int, float, list[int], list[float]]]) -> Iterator[tuple[int, Skill]]:
    for person, right, labels, counts in rows:
        table = np.array(counts).reshape(len(labels), -1)
        yield person, Skill.of(right, dict(zip(labels, table, strict=True)))


def _skills(learned: Mapping[str, Any], people: Mapping[int, Skill]) -> Skills:
    crowd = Crowd(np.array(learned["phi"]), learned["strength"])
    return Skills(crowd, np.array(learned["prior"]), people)
