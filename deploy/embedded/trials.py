"""Tests and benchmarks: engines of their own, and for the journeys a browser where one can be had."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.embedded import engines, environment, places, program
from deploy.embedded.environment import ROOT
from deploy.embedded.trouble import Trouble, say

BENCHMARKS = ROOT / "benchmarks"
# The lightest first: a whole browser draws its own tabs and bars, for every test anew and for nobody to see.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
BROWSER_PACKAGES = ("chromium-headless-shell", "chromium")
FONTS = "fonts-noto-cjk"
MOST_PROCESSES = 4


def test(python: Path, arguments: list[str]) -> int:
    """Run pytest in parallel, with engines that forget everything afterwards; its exit code."""
    _have_browser()
    data = Path(tempfile.mkdtemp(prefix="manyhands-test-"))
    data.chmod(0o711)  # the servers' user must get through; what lies inside is private
    try:
        with engines.up(data, environment.FOLDER, throwaway=True) as running:
            variables = program.variables(data, running, mode="test")
            return program.hand_over([str(python), "-m", "pytest", *_parallel(arguments), *arguments], variables, ROOT)
    finally:
        places.remove(data)


def _parallel(arguments: list[str]) -> list[str]:
    """As many processes as cores, unless the person says how many, or wants to see one test from inside."""
    chosen = any(word.startswith(("-n", "--numprocesses", "--pdb", "--trace")) or word == "-s" for word in arguments)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return [] if chosen else ["-n", str(min(cores, MOST_PROCESSES)), "--dist", "worksteal"]


def _have_browser() -> None:
    """Install Chromium and Chinese fonts where that is ours to do; elsewhere the journeys use what there is, or are skipped and say so."""
    if shutil.which(BROWSERS[0]) or not environment.may_install():
        return
    say(f"Installing {BROWSER_PACKAGES[0]} and {FONTS} for the journeys ...")
    _apt("update", "-qq")
    if any(_apt("install", "-y", "-qq", "--no-install-recommends", package, FONTS) for package in BROWSER_PACKAGES):
        return
    found = next(filter(shutil.which, BROWSERS), None)
    say(f"That failed: the journeys use {found}." if found else "That failed: the journeys will be skipped.")


def _apt(*arguments: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", *arguments], check=False, env=quiet, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    return done.returncode == 0


def benchmarks() -> list[str]:
    """Their names, each with the first line of what it says about itself."""
    found = [path for path in sorted(BENCHMARKS.glob("[a-z]*.py")) if '__name__ == "__main__"' in path.read_text()]
    return [
        f"    {path.stem.replace('_', '-'):<20} {path.read_text().strip().splitlines()[0].strip(chr(34))}"
        for path in found
    ]


def bench(name: str, arguments: list[str], data: Path) -> int:
    """Run one benchmark; its exit code. Raises Trouble if there is no such benchmark."""
    module = name.replace("-", "_")
    if not (BENCHMARKS / f"{module}.py").is_file():
        raise Trouble("\n".join([f"There is no benchmark {name!r}. There are:", *benchmarks()]))
    python = environment.ready(environment.RUN)
    with engines.up(data, environment.FOLDER) as running:
        variables = {**program.variables(data, running), "PYTHONPATH": str(ROOT)}
        return program.hand_over([str(python), "-m", f"benchmarks.{module}", *arguments], variables)
