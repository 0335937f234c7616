"""One of everything that addresses name, and one of everybody who may knock."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.utils import timezone

from annotation.domain import batches, customers, imports, quotes, webhooks
from annotation.models import File, Organization, Role
from annotation.permissions import PRESETS
from quality.domain import appeals, customer_decisions, gold, pipeline, rules
from quality.models import Appeal, Restriction, Rule, RuleHit
from tests.factories import (
    fresh,
    grant_skill,
    make_alias,
    make_answer,
    make_contributor,
    make_member,
    make_organization,
    make_project,
    make_tasks,
    make_user,
    signed_in,
)
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, User

ROLES = {
    "labeler": Role.LABELER,
    "member": Role.MEMBER,
    "reviewer": Role.REVIEWER,
    "auditor": Role.AUDITOR,
    "manager": Role.MANAGER,
    "unlisted": Role.MANAGER,  # a manager who is not listed on the project
    "admin": Role.ADMIN,
    "owner": Role.OWNER,
}
# `newcomer`: an account and nothing else; `contributor`: works here, is no member; `stranger`: owns another organization.
PEOPLE = ("visitor", "newcomer", "contributor", *ROLES, "stranger")
CONTRIBUTORS = {"contributor", "labeler", "reviewer"}
# Arguments of addresses whose object belongs to the project: members who are not listed on it find nothing.
OF_PROJECT = {
    "project",
    "task",
    "batch",
    "quote",
    "job",
    "annotation",
    "endpoint",
    "webhook",
    "delivery",
    "gold_item",
    "item",
}
WORDS = {"preset"}  # arguments that name no row
# For the protocols of the workspace and the desk.
ENOUGH = {"epoch": 1, "decision": "accept", "resume": True}
# Other bodies, for routes that look at the body before they look at the object.
RULE = rules.Terms(30, 10, {"fact": "gold.high", "op": "<", "value": 0.6}, "flag")
BODIES: dict[str, Any] = {
    "workspace_submit": {"epoch": 1, "answer": {}, "client_key": "0" * 32},
    "api/v1/projects/<str:project>/tasks/validate": [],
    "api/v1/annotations/<str:annotation>/reject": {"reasons": ["wrong"], "note": "No."},
}


class World:
    """`arguments`: {argument of an address: value}; `review:assignment` is the assignment of addresses under /review/.

    Everything belongs to `organization`, or to one of its own.
    """

    def __init__(self, organization: Organization | None = None) -> None:
        self.organization = organization or make_organization(name="Ours")
        quality = {
            "overlap": {"min": 3, "max": 3, "confidence": 0.9},
            "review": {"share": 0, "below_confidence": 0.99},
            "gold": {"share": 0},
        }
        self.project = make_project(self.organization, quality=quality)
        self.users = self._people()
        self.sessions = {
            name: signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value for name, user in self.users.items()
        }
        self.arguments = self._arguments()
        self.keys = {scope: self._key(self.organization, scope) for scope in PRESETS["full"]}
        self.foreign_key = self._key(self.users["stranger"].memberships.get().organization, "full")
        self.full_key = self._key(self.organization, "full")
        self.test_key = self._key(self.organization, "full", mode="test")

    def browser(self, person: str) -> Client:
        """A fresh browser in which this person is signed in."""
        client = Client(raise_request_exception=False)
        if person != "visitor":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def _people(self) -> dict[str, User]:
        people = {name: make_user(f"{name}@example.org") for name in PEOPLE if name != "visitor"}
        make_member(make_organization(name="Theirs"), Role.OWNER, people["stranger"])
        members = {name: make_member(self.organization, role, people[name]) for name, role in ROLES.items()}
        self.project.members.set(member for name, member in members.items() if name != "unlisted")
        for name in CONTRIBUTORS:
            make_contributor(user=people[name])
        for grant in ("review", "adjudicate"):
            grant_skill(people["reviewer"].contributor, grant, owner_key=f"org:{self.organization.public_id}")
        return people

    def _arguments(self) -> dict[str, str]:
        rows = {**self._work(), **self._customer(), "project": self.project, "organization": self.organization}
        return {
            **{name: row.public_id for name, row in rows.items()},
            **self._leases(),
            "token": customers.invite(
                organization=self.organization, email="new@example.org", role="member", by=SYSTEM
            )[1],
            "preset": "classify",
            "number": "1",
            "code": "wrong_state",
            "session": str(UserSession.objects.get(user=self.users["contributor"]).pk),
            "pk": "1",
            "uidb36": "1",
            "accounts:key": "a-b",
        }

    def _work(self) -> dict[str, Any]:
        task, contributor = make_tasks(self.project)[0], self.users["contributor"].contributor
        endpoint, _ = webhooks.register(
            organization=self.organization,
            mode="live",
            url="http://127.0.0.1:9/",
            types=["*"],
            project=self.project,
            by=SYSTEM,
        )
        item = gold.plant(project=self.project, payload={"text": "Nice"}, expected={"tone": "good"}, by=SYSTEM)
        file = File.objects.create(
            organization=self.organization, name="a.png", sha256="0" * 64, bytes=1, mime="image/png"
        )
        return {
            "task": task,
            "annotation": make_answer(task, contributor, {"tone": "good"}),
            "batch": batches.create(project=self.project, name="First", by=SYSTEM),
            "quote": quotes.price(project=self.project, tasks=1),
            "job": imports.begin(project=self.project, by=SYSTEM),
            "gold_item": item,
            "item": item,
            "appeal": self._appeal(),
            "rule": (rule := rules.create(project=self.project, name="Careless", terms=RULE, by=SYSTEM)),
            "restriction": self._restriction(rule, contributor),
            "endpoint": endpoint,
            "webhook": endpoint,
            "delivery": webhooks.ping(endpoint=endpoint, by=SYSTEM),
            "file": fresh(file),
        }

    def _restriction(self, rule: Rule, contributor: Contributor) -> Restriction:
        """The contributor was restricted for a day, long ago."""
        hit = RuleHit.objects.create(rule=rule, version=1, contributor=contributor, bucket=1, facts={})
        since = timezone.now() - timedelta(days=90)
        term = {"status": "imposed", "since": since, "until": since + timedelta(days=1)}
        return fresh(
            Restriction.objects.create(
                project=self.project, contributor=contributor, hit=hit, grounds=["known", "tasks"], **term
            )
        )

    def _appeal(self) -> Appeal:
        """Somebody asks for another look at an answer that the customer has rejected."""
        answer = make_answer(make_tasks(self.project)[0], make_contributor(), {"tone": "good"})
        customer_decisions.reject(annotation=answer, by=SYSTEM, reasons=["wrong"], note="No.")
        return appeals.ask(
            assignment=answer.assignment.public_id,
            contributor=answer.contributor,
            words="It is good.",
            by=SYSTEM,
            now=timezone.now(),
        )

    def _customer(self) -> dict[str, Any]:
        key, _ = customers.issue_key(organization=self.organization, mode="live", name="K", scopes=["read"], by=SYSTEM)
        invitation, _ = customers.invite(
            organization=self.organization, email="other@example.org", role="member", by=SYSTEM
        )
        return {
            "key": key,
            "invitation": invitation,
            "member": make_member(self.organization, Role.MEMBER),
            "contributor": make_alias(self.organization, make_contributor()),
        }

    def _leases(self) -> dict[str, str]:
        """The contributor holds a label seat, the reviewer a review seat; more tasks wait for both."""
        project = self.project.public_id
        disputed = make_tasks(self.project, 3, seats=2, seats_max=2)
        for task in disputed:
            for tone in ("good", "bad"):
                make_answer(task, make_contributor(), {"tone": tone})
        pipeline.run(keys=[task.public_id for task in disputed])
        make_tasks(self.project, 3)
        label = self._post("contributor", f"/workspace/{project}/take")
        review = self._post("reviewer", f"/review/{project}/take")
        return {"assignment": label["assignment"], "review:assignment": review["assignment"]}

    def _post(self, person: str, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.browser(person).post(path, "{}", content_type="application/json").json()
        return answer

    @staticmethod
    def _key(organization: Organization, scope: str, mode: str = "live") -> str:
        return customers.issue_key(organization=organization, mode=mode, name=scope, scopes=[scope], by=SYSTEM)[1]
