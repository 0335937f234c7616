"""Scorecards: evidence once, summed right, by several writers at once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from quality.domain import scorecards
from quality.domain.scorecards import Observation
from quality.models import Evidence, Scorecard
from tests.factories import make_answer, make_contributor, make_project, make_tasks

pytestmark = pytest.mark.django_db


def seen(annotation, outcome: float, kind: str = Evidence.Kind.GOLD) -> Observation:
    return Observation(annotation.pk, annotation.project_id, annotation.contributor_id, kind, outcome)


def test_evidence_is_summed_onto_the_prior():
    project, person = make_project(), make_contributor()
    right, wrong, agreed = (make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, 3))

    scorecards.observe(observations=[seen(right, 1.0), seen(wrong, 0.25), seen(agreed, 0.5, Evidence.Kind.PEER)])

    card = Scorecard.objects.get()
    assert card.alpha == pytest.approx(4 + 1.25 + 0.15)
    assert card.beta == pytest.approx(2 + 0.75 + 0.15)
    assert (card.n, card.gold_n, card.gold_right) == (3, 2, 1.25)


def test_evidence_fades_by_half_in_ninety_days():
    project, person = make_project(), make_contributor()
    old, new = (make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, 2))
    scorecards.observe(observations=[seen(old, 0.0)])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scorecard SET updated_at = now() - interval '90 days'")

    scorecards.observe(observations=[seen(new, 1.0)])

    card = Scorecard.objects.get()
    assert (card.alpha, card.beta, card.n) == (pytest.approx(5), pytest.approx(2.5), 2)


def test_known_answers_decide_where_somebody_stands():
    project, person = make_project(), make_contributor()
    given = [make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, 14)]
    for answers, outcome, standing in ((given[:9], 1.0, "trusted"), (given[9:14], 0.0, "probation")):
        for each in answers:
            scorecards.observe(observations=[seen(each, outcome)])
        assert Scorecard.objects.get().standing == standing


def test_the_same_evidence_again_changes_nothing():
    person = make_contributor()
    given = make_answer(make_tasks(make_project())[0], person, {"tone": "good"})

    for outcome in (1.0, 0.0):
        scorecards.observe(observations=[seen(given, outcome)])

    assert Evidence.objects.get().outcome == 1.0
    assert Scorecard.objects.get().n == 1


def test_review_and_gold_weigh_more_than_peers():
    assert scorecards.WEIGHTS == {"gold": 1.0, "review": 1.0, "peer": 0.3}


def test_reliability_starts_at_three_quarters_and_never_leaves_its_limits():
    assert scorecards.reliability() == 0.75
    assert scorecards.reliability(4 + 20, 2) == pytest.approx(23 / 24)
    assert scorecards.reliability(4, 2 + 50) == 0.5
    assert scorecards.reliability(5000, 2) == 0.99


def test_standings_are_read_for_many_pairs():
    project, person, stranger = make_project(), make_contributor(), make_contributor()
    given = make_answer(make_tasks(project)[0], person, {"tone": "good"})
    scorecards.observe(observations=[seen(given, 1.0)])

    found = scorecards.standings([(project.pk, person.pk), (project.pk, stranger.pk)])

    assert found == {(project.pk, person.pk): (pytest.approx(4 / 5), False)}


def test_evidence_cannot_be_rewritten():
    given = make_answer(make_tasks(make_project())[0], make_contributor(), {"tone": "good"})
    scorecards.observe(observations=[seen(given, 1.0)])
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Evidence.objects.update(outcome=0.0)


def test_one_piece_of_evidence_per_answer_and_kind():
    given = make_answer(make_tasks(make_project())[0], make_contributor(), {"tone": "good"})
    rows = [
        Evidence(
            annotation=given, project=given.project, contributor=given.contributor, kind="gold", outcome=1, weight=1
        )
        for _ in range(2)
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.bulk_create(rows)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_evidence_count_it_once():
    project, people = make_project(), [make_contributor() for _ in range(4)]
    given = [
        make_answer(task, person, {"tone": "good"}) for task in make_tasks(project, 5, seats=4) for person in people
    ]
    barrier = threading.Barrier(2)

    def write(order: list) -> None:
        barrier.wait()
        scorecards.observe(observations=[seen(each, 1.0) for each in order])
        connection.close()

    writers = [threading.Thread(target=write, args=[order]) for order in (given, given[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert Evidence.objects.count() == 20
    assert set(Scorecard.objects.values_list("n", "alpha")) == {(5, 9.0)}
