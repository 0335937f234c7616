"""`manage.py verify`: every invariant, one line each; exit 1 if one does not hold."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from quality.domain import invariants


class Command(BaseCommand):
    """Prints: invariant, holds or the number of violations, seconds."""

    help = (
        "Check every invariant against the database of a running or stopped system. Prints one line per invariant and exits with 1 if any "
        "is violated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--acknowledged",
            type=Path,
            metavar="FILE.jsonl",
            help="Also check that these answers are stored: one JSON object {assignment, sha256} per line.",
        )

    def handle(self, *_: Any, acknowledged: Path | None, **__: Any) -> None:
        violated = 0
        for finding in self._findings(acknowledged):
            verdict = "holds" if not finding.violations else f"VIOLATED by {finding.violations}"
            self.stdout.write(
                f"{finding.invariant.code:<4} {verdict:<16} {finding.seconds:7.3f} s  {finding.invariant.says}"
            )
            for example in finding.examples:
                self.stdout.write(f"       {example}")
            violated += bool(finding.violations)
        if violated:
            self.stdout.write(f"{violated} invariants are violated.")
            sys.exit(1)

    @staticmethod
    def _findings(acknowledged: Path | None) -> Iterator[invariants.Finding]:
        if acknowledged is not None:
            yield invariants.check_acknowledged(acknowledged)
        yield from map(invariants.check, invariants.ALL)
