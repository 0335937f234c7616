"""Who may work from which queue: each rule, its words' needs, how long a verdict holds, and that the claim obeys what is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.domain import eligibility, expiry, leases, project_people, routing
from annotation.models import Annotation, Membership, Project, ProjectContributor, Queue, QueueCursor, Stage
from tests.factories import make_answer, make_contributor, make_member, make_project, make_skill, make_tasks
from workforce.domain import skills
from workforce.domain.actor import SYSTEM
from workforce.models import Consent, Contributor, LanguageClaim, Preference, Sensitive, SkillGrant, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def person():
    return make_contributor()


def verdict(person, project, stage=Stage.LABEL):
    (found,) = eligibility.judge(people=[person.pk], projects=[project.pk], stages=[stage])
    return found.verdict.code, found.verdict.params


def ask(project, **requirements):
    Queue.objects.filter(project=project).update(requirements=requirements)
    Project.objects.filter(pk=project.pk).update(requirements=requirements)


def until(person, project):
    (found,) = eligibility.judge(people=[person.pk], projects=[project.pk], stages=[Stage.LABEL])
    return found.verdict.until


def worked(person, project, minutes):
    """An answer given just now, with so much active time."""
    (task,) = make_tasks(project)
    answer = make_answer(task, person, {"tone": "good"})
    Annotation.objects.filter(pk=answer.pk).update(active_ms=minutes * 60_000)


def test_nothing_asked_is_open_for_ever(person, project):
    assert verdict(person, project) == ("", {})
    assert until(person, project) is None


def test_who_pauses_gets_nothing(person, project):
    Contributor.objects.filter(pk=person.pk).update(status="paused")
    assert verdict(person, project) == ("restricted", {"status": "paused"})


def test_a_paused_project_or_queue(person, project):
    Queue.objects.filter(project=project).update(status="paused")
    assert verdict(person, project) == ("paused", {})


def test_excluded_by_the_project(person, project):
    ProjectContributor.objects.create(project=project, contributor=person, status="excluded", reason="Off topic")
    assert verdict(person, project) == ("excluded", {"reason": "Off topic"})


def test_restricted_by_the_project_until_it_ends(person, project):
    ends = timezone.now() + timedelta(days=1)
    project_people.restrict(project=project, people={person.pk: (ends, {"n": 12})})
    code, params = verdict(person, project)
    assert (code, params["n"], datetime.fromisoformat(params["until"])) == ("restricted_here", 12, ends)
    assert until(person, project) == ends
    project_people.unrestrict(project=project, contributor_id=person.pk)
    assert verdict(person, project)[0] == ""


def test_a_team_project_is_for_its_team_and_for_guests(project):
    Project.objects.filter(pk=project.pk).update(workforce="team")
    stranger, guest = make_contributor(), make_contributor()
    member = make_contributor(user=make_member(project.organization, "labeler").user)
    ProjectContributor.objects.create(project=project, contributor=guest, status="invited")
    assert [verdict(each, project)[0] for each in (stranger, guest, member)] == ["not_in_team", "", ""]


def test_a_public_project_is_not_for_its_own_people(project):
    Project.objects.filter(pk=project.pk).update(workforce="public")
    member = make_contributor(user=make_member(project.organization, "labeler").user)
    assert verdict(member, project)[0] == "own_organization"


def test_a_stage_needs_its_grant(person, project):
    Queue.objects.create(
        project=project, organization=project.organization, stage="review", service_class="standard",
        requirements_sha256="r", pace_median_s=30, pace_sigma=0.7,
    )  # fmt: skip
    assert verdict(person, project, Stage.REVIEW) == ("stage_not_granted", {"stage": "review"})
    skills.grant(skill=skills.named(name="Review"), contributor=person, by=SYSTEM)
    assert verdict(person, project, Stage.REVIEW)[0] == ""


def test_skills_missing_low_and_expired(person, project):
    skill = make_skill()
    ask(project, skills=[{"skill": skill.public_id, "value": 60}])
    assert verdict(person, project) == ("skill_missing", {"skill": skill.public_id, "value": 60, "has": None})
    skills.grant(skill=skill, contributor=person, by=SYSTEM, value=50)
    assert verdict(person, project) == ("skill_low", {"skill": skill.public_id, "value": 60, "has": 50})
    ends = timezone.now() + timedelta(days=1)
    skills.grant(skill=skill, contributor=person, by=SYSTEM, value=60, expires_at=ends)
    assert verdict(person, project)[0] == ""
    assert until(person, project) == ends
    SkillGrant.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert verdict(person, project)[0] == "skill_expired"


def test_a_language_covers_its_dialects(person, project):
    ask(project, languages=[{"tag": "zh", "level": 3}])
    assert verdict(person, project) == ("language", {"tag": "zh", "level": 3, "has": 0})
    LanguageClaim.objects.create(contributor=person, tag="zh-Hans", level=2)
    assert verdict(person, project) == ("language", {"tag": "zh", "level": 3, "has": 2})
    LanguageClaim.objects.update(level=3)
    assert verdict(person, project)[0] == ""


def test_a_country(person, project):
    ask(project, countries=["DE", "FR"])
    assert verdict(person, project)[0] == "country"
    Contributor.objects.filter(pk=person.pk).update(country="FR")
    assert verdict(person, project)[0] == ""


def test_sensitive_content_needs_consent_and_has_a_daily_cap(person, project):
    ask(project, sensitive=["violence"])
    assert verdict(person, project) == ("consent_missing", {"category": "violence"})
    Consent.objects.create(contributor=person, category="violence")
    assert verdict(person, project)[0] == ""
    worked(person, project, 59)
    assert verdict(person, project)[0] == ""
    assert until(person, project) - timezone.now() < timedelta(seconds=61)
    worked(person, project, 2)
    code, params = verdict(person, project)
    assert (code, params["category"]) == ("exposure_cap", "violence")
    assert until(person, project) == datetime.fromisoformat(params["until"])


def test_a_consent_taken_back_is_none(person, project):
    ask(project, sensitive=["hate"])
    Consent.objects.create(contributor=person, category="hate", revoked_at=timezone.now())
    assert verdict(person, project)[0] == "consent_missing"


def test_own_day_ends_at_the_own_midnight(project):
    person = make_contributor()
    User.objects.filter(pk=person.user_id).update(time_zone="Pacific/Auckland")
    Preference.objects.create(contributor=person, max_day_s=600)
    worked(person, project, 10)
    code, params = verdict(person, project)
    assert (code, params["minutes"]) == ("day_limit", 10)
    local = datetime.fromisoformat(params["until"]).astimezone(UTC)
    assert timedelta(0) < local - timezone.now() <= timedelta(days=1)


def test_a_break_and_own_wishes(person, project):
    Queue.objects.filter(project=project).update(pace_median_s=60)
    wishes = Preference.objects.create(contributor=person)

    def with_(**values):
        Preference.objects.filter(pk=wishes.pk).update(**{"break_until": None, "hidden_topics": [], **values})
        return verdict(person, project)

    assert with_(break_until=timezone.now() + timedelta(minutes=5))[0] == "break"
    assert with_(break_until=timezone.now() - timedelta(minutes=5))[0] == ""
    assert with_(hidden_topics=["more"]) == ("topic_hidden", {"topic": "more"})
    assert with_(max_task_s=59) == ("too_long", {"seconds": 60, "wish": 59})
    assert with_(max_task_s=60, min_pay_hour_minor=300)[0] == ""  # 5 cents a minute
    assert until(person, project) - timezone.now() <= timedelta(minutes=15)  # people may be found to take longer
    assert with_(min_pay_hour_minor=301) == ("pay_below_wish", {"hour": 300, "wish": 301, "currency": "USD"})
    assert with_(currency="EUR")[0] == ""  # not compared


def test_many_skips_rest_a_project_until_tomorrow(person, project):
    make_tasks(project, eligibility.SKIPS_A_DAY + 2)
    for _ in range(eligibility.SKIPS_A_DAY + 1):
        taken = leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
        expiry.release(
            assignment=taken.assignment, contributor_id=person.pk, epoch=taken.epoch, reason="not_for_me", by=SYSTEM
        )
    with pytest.raises(leases.NothingToLabel):
        leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    code, params = verdict(person, project)
    assert (code, params["most"]) == ("skipped_enough", eligibility.SKIPS_A_DAY)


def test_a_breaking_guideline_is_read_first(person, project):
    project.guidelines.create(number=2, body="New", change="breaking")
    assert verdict(person, project) == ("guideline_unread", {"number": 2})
    ProjectContributor.objects.create(project=project, contributor=person, guideline_read=2)
    assert verdict(person, project)[0] == ""


def test_the_manager_sees_every_rule(person, project):
    ask(project, countries=["DE"], sensitive=["hate"])
    rows = eligibility.table(contributor_id=person.pk, project_id=project.pk, stage=Stage.LABEL)
    assert [row.code for row in rows] == [rule.code for rule in eligibility.RULES]
    assert {row.code: row.params for row in rows if row.failed} == {
        "country": {"countries": ["DE"], "has": ""},
        "consent_missing": {"category": "hate"},
    }


def test_many_people_and_projects_are_judged_in_one_statement(django_assert_num_queries):
    people = [make_contributor() for _ in range(3)]
    projects = [make_project() for _ in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(2):
            kept = routing.refresh_eligibility(
                people=[each.pk for each in people[:count]],
                projects=[each.pk for each in projects[:count]],
                stages=[Stage.LABEL],
            )
        assert kept == count * count
    assert QueueCursor.objects.filter(verdict="").count() == 9


FACTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["active", "paused"]),
        "workforce": st.sampled_from(["public", "team", "both"]),
        "member": st.booleans(),
        "place": st.sampled_from([None, "open", "invited", "excluded"]),
        "restricted_h": st.sampled_from([-1, 1]),
        "level": st.sampled_from([None, 20, 80]),
        "language": st.sampled_from([None, 1, 4]),
        "consent": st.booleans(),
        "max_task_s": st.sampled_from([None, 5, 500]),
        "breaking": st.booleans(),
    }
)
MOST = HealthCheck.too_slow, HealthCheck.function_scoped_fixture


@settings(max_examples=60, suppress_health_check=list(MOST))
@given(facts=FACTS)
def test_the_claim_hands_out_what_the_explanation_promises(facts):
    project, person, skill = make_project(), make_contributor(status=facts["status"]), make_skill()
    make_tasks(project, 1)
    Project.objects.filter(pk=project.pk).update(workforce=facts["workforce"])
    wanted = {"languages": [{"tag": "en", "level": 3}], "sensitive": [Sensitive.ADULT], "apart": []}
    ask(project, skills=[{"skill": skill.public_id, "value": 50}], **wanted)
    if facts["member"]:
        Membership.objects.create(organization=project.organization, user=person.user, role="labeler")
    if facts["place"]:
        until = timezone.now() + timedelta(hours=facts["restricted_h"])
        ProjectContributor.objects.create(
            project=project, contributor=person, status=facts["place"], restricted_until=until
        )
    if facts["level"] is not None:
        skills.grant(skill=skill, contributor=person, by=SYSTEM, value=facts["level"])
    if facts["language"]:
        LanguageClaim.objects.create(contributor=person, tag="en-GB", level=facts["language"])
    if facts["consent"]:
        Consent.objects.create(contributor=person, category="adult")
    Preference.objects.create(contributor=person, max_task_s=facts["max_task_s"])
    if facts["breaking"]:
        project.guidelines.create(number=2, body="New", change="breaking")
    rows = eligibility.table(contributor_id=person.pk, project_id=project.pk, stage=Stage.LABEL)
    failed = [row.code for row in rows if row.failed]
    assert verdict(person, project)[0] == (failed[0] if failed else "")
    if failed:
        with pytest.raises(leases.NothingToLabel):
            leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM)
    else:
        assert leases.take(project_id=project.pk, contributor_id=person.pk, by=SYSTEM).first
