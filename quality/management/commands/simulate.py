"""`manage.py simulate`: people who do not exist work through the same HTTP addresses as people who do."""

import asyncio
import hashlib
import json
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from annotation.models import Project
from annotation.questions.schema import canonical
from quality.management.crowd.browser import SignInRefusedError
from quality.management.crowd.labeler import Acknowledged, Manner
from quality.management.crowd.play import Plan, play
from quality.management.demo import SLUG
from quality.management.demo.projects import refill

HUMAN_PACE_S = 12.0
DEMO_SKIPS = 0.02
TIMED_OUT, CANNOT = 1, 2


def share(text: str) -> float:
    """A number from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ArgumentTypeError("must lie between 0 and 1")
    return value


def count(text: str) -> int:
    """A whole number from 0 to 1000."""
    value = int(text)
    if not 0 <= value <= 1000:
        raise ArgumentTypeError("must lie between 0 and 1000")
    return value


class Command(BaseCommand):
    """Accounts are made as needed; each person signs in by the login form."""

    help = (
        "Send simulated contributors through the HTTP endpoints of a running server. Exits with 0 when done, 1 if --until-complete was not "
        "reached within --timeout, 2 if it cannot work at all (no such project, sign-in refused)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--project", metavar="ID", help="the project to work in (prj_...)")
        which.add_argument("--demo", action="store_true", help="all open projects of the organization `demo`, for ever")
        parser.add_argument("--contributors", type=count, default=8, metavar="N", help="how many people (default 8)")
        parser.add_argument("--accuracy", type=share, default=0.8, help="how often they are right (default 0.8)")
        parser.add_argument(
            "--until-complete",
            action="store_true",
            help="stop when every task has ended; more people join where tasks want more answers than there are people",
        )
        parser.add_argument("--timeout", type=float, metavar="S", help="stop after so many seconds")
        parser.add_argument(
            "--pace", type=float, metavar="S",
            help=f"median seconds of thought per task (default {HUMAN_PACE_S:g}; 0 with --until-complete)",
        )  # fmt: skip
        parser.add_argument(
            "--reviewers", type=count, metavar="N",
            help="how many people with the review grant (default 1 with --until-complete or --demo, else 0); with 0 of them"
            " --until-complete leaves the reviews to others",
        )  # fmt: skip
        parser.add_argument("--skips", type=share, help="share of tasks given back (default 0; 0.02 with --demo)")
        parser.add_argument("--address", help="of the server (default: what demo.json says, else MANYHANDS_BASE_URL)")
        parser.add_argument("--seed", default="", help="the same seed, the same people")
        parser.add_argument(
            "--acknowledged", type=Path, metavar="FILE.jsonl",
            help="append {assignment, sha256} of every answer that the server confirmed; `verify --acknowledged` reads it",
        )  # fmt: skip

    def handle(self, *_: Any, **options: Any) -> None:
        with ExitStack() as stack:
            plan = self._plan(options, stack)
            try:
                finished = asyncio.run(play(plan))
            except SignInRefusedError as refused:
                words = f"The login form refused a simulated person (status {refused.args[0]})."
                raise CommandError(words, returncode=CANNOT) from refused
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")
                return
        if not finished:
            raise CommandError(f"Not complete after {options['timeout']:g} s.", returncode=TIMED_OUT)

    def _plan(self, options: dict[str, Any], stack: ExitStack) -> Plan:
        alone = options["until_complete"] or options["demo"]
        manner = Manner(
            accuracy=options["accuracy"],
            pace_s=_given(options["pace"], 0.0 if options["until_complete"] else HUMAN_PACE_S),
            skips=_given(options["skips"], DEMO_SKIPS if options["demo"] else 0.0),
            acknowledged=_recorder(options["acknowledged"], stack),
        )
        return Plan(
            address=(options["address"] or _address()).rstrip("/"),
            projects=_projects(options),
            contributors=options["contributors"],
            reviewers=_given(options["reviewers"], 1 if alone else 0),
            manner=manner,
            until_complete=options["until_complete"],
            timeout_s=options["timeout"],
            seed=options["seed"],
            refill=refill if options["demo"] and not options["until_complete"] else None,
            tell=self._tell,
        )

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _given(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _projects(options: dict[str, Any]) -> list[Project]:
    rows = Project.objects.select_related("organization")
    if options["demo"]:
        found = list(rows.filter(organization__slug=SLUG, status=Project.Status.OPEN).order_by("id"))
    else:
        found = list(rows.filter(public_id=options["project"]))
    if not found:
        words = "There is no demo here: run seed_demo first." if options["demo"] else "There is no such project."
        raise CommandError(words, returncode=CANNOT)
    return found


def _address() -> str:
    """Where the server of this data directory says it is."""
    try:
        noted = json.loads((settings.DATA_DIR / "demo.json").read_text(encoding="utf-8"))
        return str(noted["address"])
    except (OSError, ValueError, KeyError):
        return str(settings.BASE_URL)


def _recorder(path: Path | None, stack: ExitStack) -> Acknowledged | None:
    """Writes one line per confirmed answer, at once."""
    if path is None:
        return None
    record = stack.enter_context(path.open("a", encoding="utf-8", buffering=1))

    def note(assignment: str, answer: dict[str, Any]) -> None:
        digest = hashlib.sha256(canonical(answer).encode()).hexdigest()
        record.write(json.dumps({"assignment": assignment, "sha256": digest}) + "\n")

    return note
