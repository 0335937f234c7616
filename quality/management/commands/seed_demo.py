"""`manage.py seed_demo`: people, projects, tasks and some history to look at. A second run changes nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from quality.management.demo import SLUG, history, people, projects


class Command(BaseCommand):
    """Prints the logins, and writes them with the projects' ids as JSON."""

    help = "Fill in the organization `demo`: its people, nine projects on shipped samples, gold, and some work that has been done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the logins and the projects there as well")

    def handle(self, *_: Any, **options: Any) -> None:
        cast = people.gather()
        found = {plan.kind: projects.made(plan, cast) for plan in projects.PLANS}
        fresh = [project for project, new in found.values() if new]
        if fresh:
            history.play(cast=cast, projects=fresh)
        logins = [{"role": each.role, "email": each.email, "password": people.PASSWORD} for each in people.LOGINS]
        if options["json"]:
            ids = {kind: project.public_id for kind, (project, _new) in found.items()}
            note = {"organization": SLUG, "logins": logins, "projects": ids}
            options["json"].write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
        for login in logins:
            self.stdout.write(f"{login['email']:<28} {login['password']:<12} {login['role']}")
