"""`manage.py create_api_key`: a key for scripts, printed alone so that it can be caught: `KEY=$(... create_api_key ...)`."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotation.domain.customers import issue_key
from annotation.models import Mode, Organization
from workforce.domain.actor import SYSTEM
from workforce.domain.refusal import Refusal

MOST_NAMED = 20


class Command(BaseCommand):
    """Makes a key and prints it, and nothing else, on standard output."""

    help = (
        "Make a key for an organization's programs. Prints the key alone: it is shown this once, only its hash is kept. "
        "Use it as `Authorization: Bearer KEY`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG", help="The organization's slug, like demo.")
        parser.add_argument(
            "--mode",
            required=True,
            choices=Mode.values,
            help="Test keys see and make test data only, live keys live data only.",
        )
        parser.add_argument(
            "--scopes",
            nargs="+",
            default=["full"],
            metavar="SCOPE",
            help="Presets (full, submit, read) or scopes (tasks:write, results:read ...). Default: full.",
        )
        parser.add_argument(
            "--name", default="Command line", help="What the list of keys calls it. Default: Command line."
        )
        parser.add_argument("--days", type=int, default=365, metavar="N", help="How long it works. Default: 365.")

    def handle(self, *_: Any, organization: str, **options: Any) -> None:
        try:
            _key, plain = issue_key(
                organization=self._organization(organization),
                mode=options["mode"],
                name=options["name"],
                scopes=options["scopes"],
                expires_in=timedelta(days=options["days"]),
                by=SYSTEM,
            )
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.remedy}") from refusal
        self.stdout.write(plain)

    @staticmethod
    def _organization(slug: str) -> Organization:
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            slugs = list(Organization.objects.order_by("slug").values_list("slug", flat=True)[:MOST_NAMED])
            known = (
                f"Known: {', '.join(slugs)}."
                if slugs
                else "There is none yet: `dev.py demo` makes one, or sign up and found it."
            )
            raise CommandError(f"There is no organization {slug!r}. {known}")
        return found
