"""Accounts of simulated people: made when they are first wanted, and given what a project asks of its contributors."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from annotation.domain import project_people
from annotation.models import Membership, Project, Queue
from annotation.queries.customers import GRANTS
from workforce.domain import onboarding, skills
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, Skill, User

DOMAIN = "simulated.example"
FLUENT = 5


def email(kind: str, number: int) -> str:
    """The address of the n-th simulated person of a kind (`labeler`, `reviewer`)."""
    return f"{kind}-{number:03}@{DOMAIN}"


def password() -> str:
    """The password of all of them: nobody outside this installation can know it."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"simulated people", "sha256").hex()


@cache
def _hashed() -> str:
    """Hashed once: it is slow on purpose."""
    return make_password(password())


@transaction.atomic
def enlist(*, kind: str, numbers: Iterable[int], projects: Sequence[Project]) -> list[str]:
    """The e-mail addresses of these people, able to work in the projects. Those who exist already only get what is missing."""
    people = [_person(email(kind, number), kind, number) for number in numbers]
    for person in people:
        for project in projects:
            _prepare(person, project, reviews=kind == "reviewer")
    return [person.user.email for person in people if person.user]


def _person(address: str, kind: str, number: int) -> Contributor:
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create(email=address, name=f"Simulated {kind} {number}", password=_hashed())
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    elif not user.check_password(password()):
        User.objects.filter(pk=user.pk).update(password=_hashed())
    contributor = onboarding.admit(user=user, by=SYSTEM)
    contributor.refresh_from_db()
    return contributor


def _prepare(person: Contributor, project: Project, *, reviews: bool) -> None:
    """Languages, skills, the review grant, a place in a closed team."""
    languages, levels = _wanted(project)
    known = dict(person.languages.values_list("tag", "level"))
    if any(known.get(tag, 0) < level for tag, level in languages.items()):
        fluent = dict.fromkeys(languages, FLUENT)
        onboarding.claim_languages(contributor=person, levels={**known, **fluent}, by=SYSTEM)
    held = dict(person.grants.filter(revoked_at=None).values_list("skill__public_id", "value"))
    for skill in Skill.objects.filter(public_id__in=levels):
        if held.get(skill.public_id, -1) < levels[skill.public_id]:
            skills.grant(skill=skill, contributor=person, by=SYSTEM, value=100)
    if reviews:
        for name in GRANTS:
            skill = skills.named(name=name)
            skills.grant(skill=skill, contributor=person, by=SYSTEM)
    _let_in(person, project)


def _wanted(project: Project) -> tuple[dict[str, int], dict[str, int]]:
    """Languages and skills that any queue of the project asks for, each with the highest level."""
    languages: defaultdict[str, int] = defaultdict(int)
    levels: defaultdict[str, int] = defaultdict(int)
    asked = [project.requirements, *Queue.objects.filter(project=project).values_list("requirements", flat=True)]
    for requirements in asked:
        for each in requirements.get("languages", []):
            languages[each["tag"]] = max(languages[each["tag"]], each.get("level", 1))
        for each in requirements.get("skills", []):
            levels[each["skill"]] = max(levels[each["skill"]], each.get("value", 0))
    return languages, levels


def _let_in(person: Contributor, project: Project) -> None:
    member = Membership.objects.filter(organization=project.organization_id, user=person.user_id).exists()
    if project.workforce == Project.Workforce.TEAM and not member:
        project_people.include(project=project, contributor=person, by=SYSTEM)
