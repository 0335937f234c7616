"""EstimatorRun, ContributorSkill: what the answers to a question have taught of those who gave them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from annotation.models import Project
from workforce.models import Contributor
from workforce.models.public_id import PublicIdField


class EstimatorRun(models.Model):
    """One fit over all answers to one question of a project. With the answers up to `through` it can be made again.

    `parameters`, of the present run only: strength, phi [[K] K], prior [K], in the order of `classes`; calibration {parts [[temperature,
    weight of the accuracies, weight of the confusions]], floor, known, reliability? {bins [{n, stated, right, low, high}], error, brier}};
    alike [[contributor, contributor, tasks in common, equal wrong answers, expected, p]]: who errs alike more often than chance.
    On a scale also kinds [G]: how common the kinds of its readers are. Without classes it is of a question for marks: usual, the mean
    likeness, 0..1; alpha {value, low, high, n}, null but for texts; or for numbers: crowd {centre, variance, noise, lean, doubt, known}.
    """

    class Status(models.TextChoices):
        FITTED = "fitted"  # it weighs the answers that come now
        REFUSED = "refused"  # the present answers teach nothing: no two people have two tasks in common
        REPLACED = "replaced"

    public_id = PublicIdField("est")
    project = models.ForeignKey(Project, models.CASCADE, related_name="estimator_runs", db_index=False)
    question = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=Status)
    method = models.CharField(max_length=20)  # as the project chose it
    classes = ArrayField(models.TextField())
    parameters = models.JSONField(default=dict)
    inputs_sha256 = models.CharField(max_length=64)  # of the labels and known classes it was made from
    through = models.BigIntegerField()  # key of the last answer among them
    tasks = models.IntegerField()
    contributors = models.IntegerField()
    labels = models.IntegerField()
    golds = models.IntegerField()  # tasks among them whose class was known
    warm = models.BooleanField()  # it went on from the run before
    converged = models.BooleanField()
    seconds = models.FloatField()
    fresh = models.IntegerField(default=0)  # answers since: when it is time for the next one
    fitted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "estimator_run"
        constraints = [
            # the pipeline reads a project's present runs here
            models.UniqueConstraint(
                fields=["project", "question"],
                condition=Q(status__in=["fitted", "refused"]),
                name="estimator_run_present",
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class ContributorSkill(models.Model):
    """How one contributor answers one question, as the present run believes.

    `expected_right`: how many of their labels are. `labels`: the classes they have given, by number; `counts`, a row of K per
    label: how many of these labels are expected to be of tasks of each true class. Of marks: the sum of their likenesses to what others
    marked, and in `counts` the number of tasks. Of numbers: in `counts` how many, and the sum and the sum of squares of how far they are
    expected to be above the truth.
    """

    run = models.ForeignKey(EstimatorRun, models.CASCADE, related_name="skills", db_index=False)
    contributor = models.ForeignKey(Contributor, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    expected_right = models.FloatField()
    labels = ArrayField(models.SmallIntegerField())
    counts = ArrayField(models.FloatField())

    class Meta:
        db_table = "contributor_skill"
        constraints = [models.UniqueConstraint(fields=["run", "contributor"], name="contributor_skill_unique")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.contributor_id}"
