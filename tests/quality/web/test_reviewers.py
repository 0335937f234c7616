"""What became of reviewers' decisions: for the project's managers by interval, for the reviewer in plain words."""

import pytest
from django.urls import reverse

from annotation.models import Project, Role
from quality.models import Review, ReviewerEvidence
from quality.queries import reviewer_cards
from tests.factories import (
    grant_skill,
    make_alias,
    make_answer,
    make_contributor,
    make_member,
    make_project,
    make_tasks,
    signed_in,
)
from workforce.models import Contributor

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def person(project) -> Contributor:
    reviewer = make_contributor()
    grant_skill(reviewer, "review")
    make_alias(project.organization, reviewer)
    return reviewer


def decided(project: Project, person: Contributor, decision: str, *, second_p: float | None = None, **more) -> Review:
    """A decision of this person about an answer of somebody else."""
    (task,) = make_tasks(project)
    seat = make_answer(task, person, {"tone": "good"}).assignment
    return Review.objects.create(
        organization_id=project.organization_id, project=project, task=task, cause="sample", status="decided",
        decision=decision, reasons=["wrong"], decided_at="2026-11-01T10:00Z", assignment=seat, second_p=second_p, **more,
    )  # fmt: skip


def looked(review: Review, kind: str, outcome: float, fault: str = "") -> None:
    ReviewerEvidence.objects.create(
        review=review, project=review.project, reviewer=review.assignment.contributor, kind=kind, outcome=outcome, fault=fault
    )  # fmt: skip


def test_looks_weigh_by_their_probability(project, person):
    for number in range(20):
        review = decided(project, person, "accept", second_p=0.1)
        if number < 2:
            looked(review, "adjudication" if number else "second", float(not number), "missed_error" if number else "")

    (card,) = reviewer_cards.cards(project)

    assert (card.decisions, card.looked) == (20, 2)
    assert card.wrong.share == pytest.approx(1 / 0.1 / 20)
    assert card.wrong.low < 0.11
    assert card.wrong.high > 0.89
    assert (card.missed.found, card.missed.n) == (1, 2)
    assert card.false_rejects.n == 0


def test_second_reviews_are_looked_at_in_any_case(project, person):
    first = decided(project, make_contributor(), "accept", second_p=0.1)
    second = decided(project, person, "accept", second_of=first)
    looked(second, "second", 1.0)
    card = next(card for card in reviewer_cards.cards(project) if card.looked)
    assert (card.decisions, card.looked, card.wrong.share) == (1, 1, 0.0)


def test_appeals_and_their_reasons(project, person):
    for granted in (True, False, False):
        looked(decided(project, person, "reject"), "appeal", float(not granted), "false_reject" if granted else "")
    (card,) = reviewer_cards.cards(project)
    assert (card.appeals.found, card.appeals.n) == (1, 3)
    assert (card.false_rejects.found, card.false_rejects.n) == (1, 3)
    assert reviewer_cards.overturned(project) == [("wrong", reviewer_cards.Share(1, 3))]


def test_agreement_of_pairs_has_an_interval(project, person):
    other = make_contributor()
    for first, second in [("accept", "accept")] * 6 + [("reject", "reject")] * 5 + [("accept", "reject")]:
        decided(project, person, second, second_of=decided(project, other, first, second_p=0.1))
    found = reviewer_cards.agreement(project)
    assert found.pairs == 12
    assert found.low < found.alpha < found.high
    assert found.alpha == pytest.approx(1 - (2 / 24) / (2 * 13 * 11 / (24 * 23)))


def test_nothing_is_known_of_agreement_without_pairs(project):
    assert reviewer_cards.agreement(project).pairs == 0
    page = signed_in(make_member(project.organization, Role.OWNER).user).get(
        reverse("reviewers", args=[project.public_id])
    )
    assert "Nobody has reviewed here yet" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_managers_see_intervals_with_few_statements(project, count, django_assert_num_queries):
    owner = signed_in(make_member(project.organization, Role.OWNER).user)
    for _ in range(count):
        reviewer = make_contributor()
        make_alias(project.organization, reviewer)
        looked(decided(project, reviewer, "reject", second_p=0.1), "appeal", 0.0, "false_reject")
    with django_assert_num_queries(11):
        page = owner.get(reverse("reviewers", args=[project.public_id])).content.decode()
    assert "1 of 1, 21% – 100%" in page
    assert page.count("ctr_") == count
    assert "Wrong" in page


def test_reviewers_read_of_their_own_once_it_tells_nothing_of_a_single_one(project, person):
    page = signed_in(person.user)
    for _ in range(4):
        looked(decided(project, person, "accept", second_p=0.1), "second", 1.0)
    assert "Your decisions" not in page.get(reverse("reviews")).content.decode()

    looked(decided(project, person, "reject", second_p=0.1), "adjudication", 0.0, "false_reject")

    words = page.get(reverse("reviews")).content.decode()
    assert "5 of them were looked at again by somebody else." in words
    assert "1 time you rejected or returned what was right." in words
