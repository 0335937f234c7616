"""The organization `demo` and those who can sign in to it."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from annotation.domain.customers import grants, members
from annotation.models import Membership, Organization, Role
from quality.management.demo import SLUG
from workforce.domain import onboarding
from workforce.domain.actor import SYSTEM
from workforce.models import Contributor, User

PASSWORD = "manyhands"  # noqa: S105  printed for everybody: the demo has no secrets
DOMAIN = "demo.example"
FLUENT = 5


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the demo: `role` in the organization, or contributor; `works`: has a contributor of their own."""

    role: str
    name: str
    works: bool = False

    @property
    def email(self) -> str:
        """What they sign in with."""
        return f"{self.role}@{DOMAIN}"


LOGINS = (
    Login("contributor", "Noor Haddad", works=True),
    Login(Role.REVIEWER.value, "Ravi Menon", works=True),
    Login(Role.OWNER.value, "Olga Lind"),
    Login(Role.ADMIN.value, "Ada Moreau"),
    Login(Role.MANAGER.value, "Mei Tanaka"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The organization and its people."""

    organization: Organization
    users: dict[str, User]  # by role

    def contributor(self, role: str) -> Contributor:
        """The contributor of somebody who works."""
        return Contributor.objects.get(user=self.users[role])

    def listed(self) -> list[Membership]:
        """Members who see only the projects on which they are listed: all of the demo's."""
        return list(self.organization.memberships.filter(role__in=[Role.MANAGER, Role.REVIEWER]))


@transaction.atomic
def gather() -> Cast:
    """Everybody, made if they are not there yet; one password, hashed once."""
    missing = [login for login in LOGINS if not User.objects.filter(email=login.email).exists()]
    if missing:
        hashed = make_password(PASSWORD)
        for login in missing:
            _sign_up(login, hashed)
    users = {login.role: User.objects.get(email=login.email) for login in LOGINS}
    organization = Organization.objects.filter(slug=SLUG).first()
    if organization is None:
        organization = members.found(name="Demo", owner=users[Role.OWNER.value], by=SYSTEM)
    for login in LOGINS:
        if login.role != "contributor":
            members.join(organization=organization, user=users[login.role], role=login.role, by=SYSTEM)
    cast = Cast(organization, users)
    _let_review(cast)
    return cast


def _sign_up(login: Login, hashed: str) -> None:
    user = User.objects.create(email=login.email, name=login.name, password=hashed)
    EmailAddress.objects.create(user=user, email=login.email, verified=True, primary=True)
    if login.works:
        contributor = onboarding.admit(user=user, by=SYSTEM)
        onboarding.claim_languages(contributor=contributor, levels={"en": FLUENT}, by=SYSTEM)


def _let_review(cast: Cast) -> None:
    """The reviewer holds the organization's own review grant."""
    skill = grants.own_skill(organization=cast.organization, name="review")
    reviewer = cast.contributor(Role.REVIEWER.value)
    grants.grant_skill(organization=cast.organization, contributor=reviewer, skill=skill, by=SYSTEM)
