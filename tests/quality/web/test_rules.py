"""The pages of rules: a form in people's units, the trial before the force, and the hits."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation.domain import routing
from quality.domain import rules, scorecards
from quality.models import Rule
from quality.web.rule_words import condition_words, fact_words, facts_words
from tests.factories import make_answer, make_contributor, make_member, make_project, make_tasks, signed_in

pytestmark = pytest.mark.django_db

SENT = {
    "name": "Careless", "join": "all", "window_d": "30", "least": "3", "action": "flag", "days": "7", "practice": "3",
    "fact_1": "gold.share", "op_1": "<", "value_1": "60",
    "fact_2": "gold.n", "op_2": ">=", "value_2": "3",
    "fact_3": "", "op_3": "<", "value_3": "",
}  # fmt: skip


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def owner(project):
    return signed_in(make_member(project.organization).user)


def write(owner, project, **changes):
    return owner.post(reverse("rule_new", args=[project.public_id]), {**SENT, **changes})


def test_the_way_of_a_rule(owner, project):
    person = make_contributor()
    for task in make_tasks(project, 4):
        given = make_answer(task, person, {"tone": "bad"})
        scorecards.observe(observations=[scorecards.Observation(given.pk, project.pk, person.pk, "gold", 0.0)])
    routing.refresh_eligibility(people=[person.pk], projects=[project.pk], stages=["label"])
    assert "No rules yet" in owner.get(reverse("rules", args=[project.public_id])).content.decode()

    assert write(owner, project).status_code == 302
    rule = Rule.objects.get()
    assert rule.condition == {
        "all": [{"fact": "gold.share", "op": "<", "value": 0.6}, {"fact": "gold.n", "op": ">=", "value": 3}]
    }
    page, act = (
        reverse("rule", args=[project.public_id, rule.public_id]),
        reverse("rule_act", args=[project.public_id, rule.public_id]),
    )
    assert "Known answers: share right &lt; 60% and Known answers: number &gt;= 3" in owner.get(page).content.decode()

    owner.post(act, {"act": "enable"})
    assert "has not been tried yet" in owner.get(page).content.decode()
    owner.post(act, {"act": "try"})
    shown = owner.get(page)
    assert shown.context["tried"]["people"] == 1
    assert "1 person would have been hit." in shown.content.decode()
    owner.post(act, {"act": "enable"})
    rules.evaluate(now=timezone.now())
    shown = owner.get(page)
    assert shown.context["rule"]["enabled"]
    (hit,) = shown.context["hits"]
    assert hit["who"].startswith("ctr_")
    assert hit["why"] == "Known answers: 0% – 49% right of 4"

    change = reverse("rule_change", args=[project.public_id, rule.public_id])
    assert owner.get(change).context["form"].initial["value_1"] == 60
    owner.post(change, {**SENT, "value_1": "50", "join": "any"})
    rule.refresh_from_db()
    assert (rule.version, rule.status, rule.condition["any"][0]["value"]) == (2, "draft", 0.5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"fact_1": ""}, "fact_1"),
        ({"value_1": ""}, "value_1"),
        ({"value_2": ""}, "value_2"),
        ({"value_1": "101"}, "value_1"),
        ({"window_d": "0"}, "window_d"),
        ({"practice": "0"}, "practice"),
        ({"practice": "21"}, "practice"),
    ],
)
def test_what_is_missing_is_said_at_its_field(owner, project, changes, field):
    response = write(owner, project, **changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_second_rule_of_the_same_name_is_refused(owner, project):
    write(owner, project)
    response = write(owner, project)
    assert response.status_code == 422
    assert "There is a rule of this name" in response.content.decode()


def test_a_condition_from_elsewhere_is_shown_too():
    part = {"fact": "review.high", "op": "<=", "value": 0.705}
    words = condition_words({"not": {"any": [part, {"fact": "peer.n", "op": ">", "value": 9}]}})
    assert words == (
        "not (Reviewed answers: share right, at most (95% sure) <= 70.5% or Answers compared with the result: number > 9)"
    )


def test_what_was_seen_in_words():
    condition = {"all": [{"fact": "speed.share", "op": "<", "value": 0.5}, {"fact": "speed.n", "op": ">", "value": 9}]}
    assert condition_words(condition) == (
        "Timed answers: share that took long enough < 50% and Timed answers: number > 9"
    )
    assert fact_words("skips.row") == "Tasks taken: most given back in a row"
    others = {"skips.n": 9, "skips.share": 0.5, "skips.row": 4, "exits.n": 8, "exits.share": 0.25}
    assert facts_words({"volume.answers": 4.26, "volume.minutes": 31.7}) == "A day: 4.3 answers in 32 minutes"
    assert facts_words({"spam.score": 0.014}) == "Answers: depend on the task by 0.01 (0 not at all, 1 fully)"
    assert facts_words(others) == (
        "Tasks taken: 50% of 9 given back, at most 4 in a row; Answers given: 25% of 8 said that the task cannot be done"
    )
    assert condition_words({"fact": "drift.score", "op": ">=", "value": 2.5}).endswith("(3 is an alarm) >= 2.5")
    seen = {
        "drift.score": 3.14,
        "speed.n": 9,
        "speed.low": 0.1,
        "speed.high": 0.4,
        "peer.n": 5,
        "peer.low": 0.2,
        "peer.high": 0.8,
    }
    assert facts_words(seen) == (
        "Answers compared with the result: 20% – 80% right of 5; Timed answers: 10% – 40% long enough of 9; "
        "Known answers: a fall of 3.1 (3 is an alarm)"
    )


def test_a_trial_by_what_is_only_known_of_today_says_so(owner, project):
    write(owner, project, fact_1="spam.score", value_1="0.05")
    rule = rules.try_out(rule=Rule.objects.get(), now=timezone.now())
    assert rule.condition["all"][0] == {"fact": "spam.score", "op": "<", "value": 0.05}
    assert (
        "is taken as it is today"
        in owner.get(reverse("rule", args=[project.public_id, rule.public_id])).content.decode()
    )


@pytest.mark.parametrize(("action", "lasts"), [("flag", 0), ("raise_gold", 1), ("review_all", 1), ("notify", 0)])
def test_what_lasts_says_for_how_long(owner, project, action, lasts):
    assert write(owner, project, action=action, days="9").status_code == 302
    html = owner.get(reverse("rule", args=[project.public_id, Rule.objects.get().public_id])).content.decode()
    assert html.count("for 9 days") == lasts
    assert str(Rule.Action(action).label) in html
