"""The answers of a file, one by one through the stopping rule. No test here has a database."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from benchmarks import recorded
from tests.quality.management.test_aggregate import ROWS, as_file, file


def replay(path, *options):
    """{task: (label, confidence, used)} from standard output."""
    out = path.with_name("replayed.csv")
    call_command("replay", str(path), "--out", str(out), *map(str, options))
    return read(out.read_text(encoding="utf-8"))


def read(text):
    header, *rows = csv.reader(io.StringIO(text))
    assert header == ["task", "label", "confidence", "used"]
    return {task: (label, float(confidence), int(used)) for task, label, confidence, used in rows}


def test_half_of_the_answers_are_enough(tmp_path):
    """Counting all is right in 85.3 % of weather_sentiment, with 20 answers a task."""
    crowd = recorded.load("weather_sentiment")
    path = file(tmp_path, as_file(crowd))
    found = replay(path, "--target", 0.99, "--seed", 1)
    assert sum(used for _, _, used in found.values()) < 0.4 * len(crowd.labels)
    right = [found[task][0] == truth for task, truth in crowd.truth.items()]
    assert 100 * sum(right) / len(right) >= 84.3
    assert min(used for _, _, used in found.values()) == 2
    assert all(confidence >= 0.99 or used >= 10 for _, confidence, used in found.values())
    assert replay(path, "--target", 0.99, "--seed", 1) == found
    assert replay(path, "--target", 0.99, "--seed", 2) != found


def test_the_order_of_the_file_counts_without_a_seed(tmp_path, capsys):
    header, *rows = as_file(recorded.load("bluebirds")).splitlines()
    path = file(tmp_path, "\n".join([header, *rows]))
    forward = replay(path, "--min", 3)
    assert min(used for _, _, used in forward.values()) == 3
    call_command("replay", str(path), "--min", "3")
    assert read(capsys.readouterr().out) == forward
    assert replay(file(tmp_path, "\n".join([header, *reversed(rows)])), "--min", 3) != forward


def test_a_task_has_no_more_answers_than_it_has(tmp_path):
    text = "task,worker,label\nt1,a,yes\nt1,b,no\nt2,a,yes\n"
    found = replay(file(tmp_path, text), "--min", 5, "--target", 1)
    assert {task: (label, used) for task, (label, _, used) in found.items()} == {"t1": ("", 2), "t2": ("yes", 1)}
    assert replay(file(tmp_path, "task,worker,label\n")) == {}


@pytest.mark.parametrize("options", [("--target", 0), ("--target", 1.1), ("--min", 0), ("--seed", -1)])
def test_limits(tmp_path, options):
    with pytest.raises(CommandError, match="--target must lie above 0"):
        replay(file(tmp_path, ROWS), *options)
    with pytest.raises(CommandError, match="line 8: the label is empty"):
        replay(file(tmp_path, ROWS + "t,a,\n"))
    assert not (tmp_path / "replayed.csv").exists()
