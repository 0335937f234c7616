"""What the present fits say of contributors: for the pipeline, and for the next fit to go on from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from quality.aggregation.estimators import Fitted
from quality.aggregation.pooled import Crowd
from quality.aggregation.skills import Skill, Skills
from quality.models import ContributorSkill, EstimatorRun


@dataclass(frozen=True, slots=True)
class Known:
    """The present fit of one question. run: public id; through: key of the last answer that it has seen."""

    run: str
    classes: tuple[str, ...]
    through: int
    skills: Skills

    def estimator(self, name: str, authors: Mapping[str, tuple[int, int]]) -> Fitted:
        """As a project has chosen it, for the votes on one task. authors: per vote, who gave it (key) and with which answer (key)."""
        seen = {vote: (person, answer <= self.through) for vote, (person, answer) in authors.items()}
        return Fitted(name, self.run, self.classes, self.skills, seen)


def present(projects: Iterable[int], people: Collection[int] | None = None) -> dict[int, dict[str, Known]]:
    """By project (key) and question; with the skills of these contributors (keys), or of all. Two statements, one where there is no fit."""
    runs = list(EstimatorRun.objects.filter(project__in=projects, status=EstimatorRun.Status.FITTED))
    skills = _skills(runs, people)
    found: dict[int, dict[str, Known]] = defaultdict(dict)
    for run in runs:
        known = Known(run.public_id, tuple(run.classes), run.through, _of(run, skills[run.pk]))
        found[run.project_id][run.question] = known
    return found


def _skills(runs: list[EstimatorRun], people: Collection[int] | None) -> dict[int, dict[int, Skill]]:
    found: dict[int, dict[int, Skill]] = defaultdict(dict)
    if not runs:
        return found
    rows = ContributorSkill.objects.filter(run__in=runs)
    if people is not None:
        rows = rows.filter(contributor__in=people)
    for run, person, right, labels, counts in rows.values_list(
        "run_id", "contributor_id", "expected_right", "labels", "counts"
    ):
        table = np.array(counts).reshape(len(labels), -1)
        found[run][person] = Skill.of(right, dict(zip(labels, table, strict=True)))
    return found


def _of(run: EstimatorRun, people: Mapping[int, Skill]) -> Skills:
    learned = run.parameters
    crowd = Crowd(np.array(learned["phi"]), learned["strength"])
    return Skills(crowd, np.array(learned["prior"]), people)
