"""Ten times kill -9 in the middle of work: nothing that was confirmed is lost, and judgement catches up."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.mark.long
def test_ten_kills_lose_nothing(tmp_path):
    figures = tmp_path / "faults.json"
    words = f"-m benchmarks.faults --kills 10 --pace 0.2 --port 8173 --json {figures}"
    command = [sys.executable, *words.split()]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False, timeout=590)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(figures.read_text())
    assert found["confirmed answers lost or changed"]["value"] == 0
    assert found["invariants violated"]["value"] == 0
    assert found["answers confirmed to people"]["value"] > 0
