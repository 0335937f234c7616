"""The answers of a file, one by one through the stopping rule. No test here has a database."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from benchmarks import recorded
from tests.quality.management.test_aggregate import ROWS, as_file, file

MAJORITY = {"bluebirds": 75.9, "rte": 89.7, "music_genre": 70.4, "weather_sentiment": 85.3}  # of all answers


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
    """Of four recorded crowds, at 99 %: nowhere clearly under counting all answers, on average well above."""
    saved, gained = [], []
    for name in recorded.SETS:
        crowd = recorded.load(name)
        found = replay(file(tmp_path, as_file(crowd)), "--target", 0.99, "--seed", 0)
        saved.append(100 - 100 * sum(used for _, _, used in found.values()) / len(set(crowd.labels)))
        gained.append(right(found, crowd) - MAJORITY[name])
    assert sum(saved) / 4 >= 47
    assert sum(gained) / 4 >= 2
    assert min(gained) >= -1


def right(found, crowd):
    """In per cent."""
    return 100 * sum(found[task][0] == truth for task, truth in crowd.truth.items()) / len(crowd.truth)


def test_a_seed_is_an_order(tmp_path):
    path = file(tmp_path, as_file(recorded.load("music_genre")))
    found = replay(path, "--seed", 1)
    most = replay(path, "--target", 1)
    assert all(confidence >= 0.99 or used == most[task][2] for task, (_, confidence, used) in found.items())
    assert replay(path, "--seed", 1) == found
    assert replay(path, "--seed", 2) != found


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
