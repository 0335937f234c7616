"""`manage.py limit_organization`: what a customer may have at most."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotation.domain.customers.limits import KNOWN, limit
from annotation.models import Organization
from workforce.domain.actor import SYSTEM


class Command(BaseCommand):
    """Prints the limits that hold then."""

    help = "Limit an organization: its open tasks, its unfinished tasks, what its answers cost on a day (UTC). -1 takes a limit away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG", help="The organization's slug, like demo.")
        parser.add_argument("--open-tasks", type=int, metavar="N", help="More than N tasks wait to be opened.")
        parser.add_argument("--live-tasks", type=int, metavar="N", help="More than N unfinished tasks are refused.")
        parser.add_argument(
            "--spend-day-minor", type=int, metavar="N", help="In minor units; more waits until tomorrow."
        )

    def handle(self, *_: Any, organization: str, **options: Any) -> None:
        found = Organization.objects.filter(slug=organization).first()
        if found is None:
            raise CommandError(f"There is no organization {organization!r}.")
        wanted = {name: options[name] for name in KNOWN if options[name] is not None}
        limited = limit(
            organization=found, limits={name: None if n < 0 else n for name, n in wanted.items()}, by=SYSTEM
        )
        for name in KNOWN:
            self.stdout.write(f"{name} {limited.limits.get(name, '-')}")
