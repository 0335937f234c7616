"""What the present fits say of contributors: for the pipeline, and for the next fit to go on from."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import psycopg
from django.db import connection

from quality.aggregation import interval
from quality.aggregation.calibration import Calibration
from quality.aggregation.confusions import Crowd
from quality.aggregation.em import Floats
from quality.aggregation.estimators import Fitted, Gauged
from quality.aggregation.ordinal import Readers
from quality.aggregation.peers import Peers
from quality.aggregation.people import confusion, spam_score
from quality.aggregation.skills import Ballot, Skill, Skills, by_person, updates
from quality.aggregation.suited import ORDINAL
from workforce.models.public_id import encode

STRANGER = (0.0, 0.0, 0.0)
SPAM_FROM = 30  # labels, before it is said how much they depend on the task


class Cast(NamedTuple):
    """A vote: its class, and who gave it (key) with which answer (key)."""

    label: str
    person: int
    answer: int


@dataclass(frozen=True, slots=True)
class Known:
    """The present fit of one question. run: public id; through: key of the last answer that it has seen; ready: as in `Fitted`."""

    run: str
    method: str
    classes: tuple[str, ...]
    through: int
    skills: Skills
    calibration: Calibration
    ready: Mapping[tuple[Ballot, ...], Floats] = field(default_factory=dict)

    def ahead(self, tasks: Iterable[Iterable[Cast]]) -> "Known":
        """With the posteriors of these tasks: all at once they take a tenth of the time of one after the other.

        Votes in the order of the answers' public ids. Other classes than those of the fit are no votes here.
        """
        place = {key: number for number, key in enumerate(self.classes)}
        cast = [
            tuple(
                Ballot(place[label], person, answer <= self.through)
                for label, person, answer in votes
                if label in place
            )
            for votes in tasks
        ]
        cast = [ballots for ballots in cast if ballots]
        beliefs = updates(cast, self.skills, self.calibration) if cast else ()
        return replace(self, ready=dict(zip(cast, beliefs, strict=True)))

    def estimator(self, authors: Mapping[str, tuple[int, int]]) -> Fitted:
        """For the votes on one task. authors: per vote, who gave it (key) and with which answer (key)."""
        seen = {vote: (person, answer <= self.through) for vote, (person, answer) in authors.items()}
        return Fitted(self.method, self.run, self.classes, self.skills, self.calibration, seen, self.ready)


@dataclass(frozen=True, slots=True)
class Gauge:
    """The present fit of a question for numbers. run, through: as in `Known`; people: by contributor (key), answers, sum and squares."""

    run: str
    through: int
    crowd: interval.Crowd
    people: Mapping[int, Sequence[float]]

    def estimator(self, authors: Mapping[str, tuple[int, int]], values: Mapping[str, float]) -> Gauged:
        """For the votes on one task. authors: as for `Known`; values: the number of each class."""
        seen = {
            vote: (self.people.get(who, STRANGER), answer <= self.through) for vote, (who, answer) in authors.items()
        }
        return Gauged(self.run, self.crowd, values, seen)


# One statement: a run that is replaced meanwhile takes its skills with it. What a run has learned of all stands in its first row.
PRESENT = """
SELECT r.id, r.public_id, r.project_id, r.question, r.method, r.classes, r.through,
       CASE WHEN row_number() OVER (PARTITION BY r.id ORDER BY s.contributor_id) = 1 THEN r.parameters END,
       s.contributor_id, s.expected_right, s.labels, s.counts
  FROM estimator_run r
  LEFT JOIN contributor_skill s ON s.run_id = r.id AND (%(people)s::bigint[] IS NULL OR s.contributor_id = ANY(%(people)s))
 WHERE r.project_id = ANY(%(projects)s) AND r.status = 'fitted' AND r.classes <> '{}' ORDER BY r.id, s.contributor_id
"""
# Runs without classes are of marks or of numbers.
NEAR = """
SELECT r.project_id, r.question, r.public_id, r.through, r.parameters, s.contributor_id, s.expected_right, s.counts
  FROM estimator_run r LEFT JOIN contributor_skill s ON s.run_id = r.id AND s.contributor_id = ANY(%s)
 WHERE r.project_id = ANY(%s) AND r.status = 'fitted' AND r.classes = '{}' ORDER BY r.id
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
        skills = _skills(learned, _people([row[8:] for row in run if row[8] is not None], len(classes)))
        found[project][question] = Known(
            encode("est", key),
            ORDINAL if isinstance(skills.crowd, Readers) else method,
            tuple(classes),
            through,
            skills,
            calibration(learned),
        )
    return found


def near(projects: Iterable[int], people: Iterable[int]) -> dict[int, dict[str, Peers | Gauge]]:
    """By project (key) and question for marks or for numbers: how near these contributors (keys) come to the others, or to the truth."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [list(people), list(projects)])
        rows = cursor.fetchall()
    found: dict[int, dict[str, Peers | Gauge]] = defaultdict(dict)
    for (project, question), of_run in groupby(rows, key=itemgetter(0, 1)):
        (_, _, key, through, learned, *_), *_ = run = list(of_run)
        known = [row[5:] for row in run if row[5] is not None]
        found[project][question] = _near(encode("est", key), through, json.loads(learned), known)
    return found


def _near(
    run: str, through: int, learned: Mapping[str, Any], known: Sequence[tuple[int, float, list[float]]]
) -> Peers | Gauge:
    if "crowd" in learned:
        return Gauge(run, through, interval.Crowd(**learned["crowd"]), {person: counts for person, _, counts in known})
    return Peers(learned["usual"], {str(person): (likeness, int(counts[0])) for person, likeness, counts in known})


def spam_scores(project: int) -> dict[int, tuple[int, float]]:
    """{contributor: (labels, spam score)} of those with enough labels, by the present fits of a project (key). One statement.

    Over several questions the best score, for one good question is no spam.
    """
    best: dict[int, tuple[int, float]] = {}
    for known in present([project]).get(project, {}).values():
        for person, skill in known.skills.people.items():
            labels = round(skill.total.sum())
            if labels >= SPAM_FROM:
                score = spam_score(confusion(skill, known.skills.crowd))
                best[person] = max(best.get(person, (0, 0.0)), (labels, score), key=itemgetter(1))
    return best


def calibration(learned: Mapping[str, Any]) -> Calibration:
    """Of a run's parameters; runs from before there was any have none."""
    found = learned.get("calibration")
    return Calibration(found["parts"], found["floor"], found["known"]) if found else Calibration.even()


def _people(rows: Sequence[tuple[int, float, list[int], list[float]]], classes: int) -> dict[int, Skill]:
    """All at once: their numbers come as lists, and so many small arrays would take most of the time."""
    people, right, labels, counts = zip(*rows, strict=True) if rows else ((), (), (), ())
    table = np.fromiter(chain.from_iterable(counts), np.float64).reshape(-1, classes)
    return by_person(people, right, labels, table)


def _skills(learned: Mapping[str, Any], people: Mapping[int, Skill]) -> Skills:
    phi, strength = np.array(learned["phi"]), learned["strength"]
    crowd = Readers(phi, strength, np.array(learned["kinds"])) if "kinds" in learned else Crowd(phi, strength)
    return Skills(crowd, np.array(learned["prior"]), people)
