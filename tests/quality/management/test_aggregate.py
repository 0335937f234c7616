"""Labels in a file, one label per task out: what it says, and what it says about files that it cannot use. No test here has a database."""

import csv
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from benchmarks import recorded

ROWS = "task,worker,label\nt1,ann,cat\nt1,bob,cat\nt1,cid,dog\nt2,ann,dog\nt2,bob,dog\nt2,cid,dog\n"


def file(tmp_path, text, name="labels.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def aggregate(tmp_path, text, *options):
    """{task: (label, confidence, votes)}."""
    out = tmp_path / "result.csv"
    call_command("aggregate", str(file(tmp_path, text)), "--out", str(out), *map(str, options))
    with out.open(encoding="utf-8", newline="") as result:
        header, *rows = csv.reader(result)
    assert header == ["task", "label", "confidence", "votes"]
    return {task: (label, float(confidence), int(votes)) for task, label, confidence, votes in rows}


def refusal(tmp_path, text, *options):
    """What is said; nothing may be written."""
    with pytest.raises(CommandError) as refused:
        aggregate(tmp_path, text, *options)
    assert refused.value.returncode == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"labels.csv", "gold.csv"}
    return str(refused.value).replace(f"{tmp_path}/", "")


def as_file(crowd):
    return "task,worker,label\n" + "".join(f"{task},{worker},{label}\n" for task, worker, label in crowd.labels)


@pytest.mark.parametrize(
    ("name", "estimator", "least"),
    [
        ("bluebirds", "auto", 79.5),
        ("bluebirds", "pooled_dawid_skene", 88.5),
        ("weather_sentiment", "majority", 84.3),
    ],
)
def test_accuracy_on_recorded_crowds(tmp_path, name, estimator, least):
    crowd = recorded.load(name)
    found = aggregate(tmp_path, as_file(crowd), "--estimator", estimator)
    assert list(found) == sorted(found)
    right = [found[task][0] == truth for task, truth in crowd.truth.items()]
    assert 100 * sum(right) / len(right) >= least - 0.05
    assert sum(votes for _, _, votes in found.values()) == len({(task, worker) for task, worker, _ in crowd.labels})


def test_gold_is_taken_and_teaches(tmp_path, capsys):
    crowd = recorded.load("bluebirds")
    known = dict(sorted(crowd.truth.items())[:50])
    gold = file(
        tmp_path, "task,label\nnowhere,1\n" + "".join(f"{t},{label}\n" for t, label in known.items()), "gold.csv"
    )
    found = aggregate(tmp_path, as_file(crowd), "--gold", gold)
    assert all(found[task][:2] == (label, 1) for task, label in known.items())
    rest = [found[task][0] == truth for task, truth in crowd.truth.items() if task not in known]
    assert sum(rest) / len(rest) > 0.75
    assert "tasks without answers are left out: 1, for one 'nowhere'" in capsys.readouterr().err


def test_gold_may_know_a_label_that_nobody_gave(tmp_path):
    gold = file(tmp_path, "task,label\nt1,bird\n", "gold.csv")
    assert aggregate(tmp_path, ROWS, "--gold", gold)["t1"] == ("bird", 1, 3)


def test_what_is_known_of_other_tasks_changes_nothing(tmp_path):
    gold = file(tmp_path, "task,label\nt9,bird\n", "gold.csv")
    assert aggregate(tmp_path, ROWS, "--gold", gold) == aggregate(tmp_path, ROWS)


def test_a_tie_has_no_label(tmp_path):
    text = "task,worker,label\nt,a,yes\nt,b,no\n"
    assert aggregate(tmp_path, text, "--estimator", "majority") == {"t": ("", 0.5, 2)}


def test_where_nothing_can_be_learned_votes_are_counted(tmp_path, capsys):
    found = aggregate(tmp_path, "task,worker,label\nt,a,yes\nt,b,yes\nt,c,no\n")
    assert found == {"t": ("yes", pytest.approx(2 / 3, abs=1e-6), 3)}
    assert "no two people share two tasks" in capsys.readouterr().err


def test_the_last_answer_of_a_person_counts(tmp_path):
    text = "task,worker,label\nt,a,yes\nt,a,no\nt,b,yes\nt,a,maybe\nt,a,yes\n"
    assert aggregate(tmp_path, text, "--estimator", "majority") == {"t": ("yes", 1, 2)}


@pytest.mark.parametrize(
    "text",
    [
        ROWS.encode("utf-8-sig"),
        ROWS.replace("\n", "\r\n"),
        ROWS.replace("\n", "\r"),
        ROWS.rstrip("\n"),
        ROWS.replace("\n", "\n\n") + ",,\n",
        ROWS.replace(",", " , "),
        '"' + ROWS.rstrip("\n").replace(",", '","').replace("\n", '"\n"') + '"',
        "\n".join(f"7,{','.join(reversed(row.split(',')))}" for row in ROWS.replace("task,", "tasks,").split()).replace(
            "7,label,worker,tasks", "seconds,label,worker,task"
        ),
    ],
    ids=["BOM", "CRLF", "CR", "no last line break", "blank lines", "blanks", "quoted", "other order, other columns"],
)
def test_spellings_of_one_file(tmp_path, text):
    assert aggregate(tmp_path, text) == aggregate(tmp_path, ROWS)


def test_the_order_of_lines_changes_nothing(tmp_path):
    header, *rows = as_file(recorded.load("music_genre")).splitlines()
    first = aggregate(tmp_path, "\n".join([header, *rows]))
    content = (tmp_path / "result.csv").read_bytes()
    aggregate(tmp_path, "\n".join([header, *reversed(rows)]))
    assert len(first) == 700
    assert (tmp_path / "result.csv").read_bytes() == content


def test_names_may_hold_anything(tmp_path):
    text = 'task,worker,label\n"a, ""b""","x\ny",猫\n"a, ""b""",z,猫\n'
    assert aggregate(tmp_path, text, "--estimator", "majority") == {'a, "b"': ("猫", 1, 2)}


def test_a_file_of_no_answers_has_no_results(tmp_path):
    assert aggregate(tmp_path, "task,worker,label\n") == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "labels.csv, line 1: no column is named 'task'. The first line must name task, worker, label"),
        ("task,label\n", "labels.csv, line 1: no column is named 'worker'"),
        ("task;worker;label\n", "separated by commas; it says: task;worker;label"),
        ("task,worker,label,label\n", "labels.csv, line 1: two columns are named 'label'"),
        (ROWS + "t3,ann,\n", "labels.csv, line 8: the label is empty. Fill it in or remove the line."),
        (ROWS + "  ,ann,cat\n", "labels.csv, line 8: the task is empty"),
        (ROWS + "t3,ann\n", "labels.csv, line 8: 2 cells, but 3 columns are named"),
        (ROWS + "t3,ann,cat, or dog\n", "labels.csv, line 8: 4 cells, but 3 columns are named. Put double quotes"),
        (ROWS + 't3,ann,"cat\nt4,ann,dog\n', "labels.csv, line 8: this is not CSV"),
        (ROWS.encode() + b"t3,ann,caf\xe9\n", "labels.csv, line 8: this is not UTF-8"),
        (ROWS.encode("utf-16"), "labels.csv, line 1: this is not UTF-8"),
        (
            "task,worker,label\n" + "".join(f"t{n},w,{n}\n" for n in range(33_000)),
            "33000 different labels for 33000 tasks are too many",
        ),
    ],
    ids=lambda each: None if isinstance(each, bytes) else each[:20],
)
def test_what_is_wrong_is_said(tmp_path, text, says):
    assert says in refusal(tmp_path, text)


def test_an_unknown_estimator_is_refused(tmp_path):
    assert refusal(tmp_path, ROWS, "--estimator", "magic").startswith(
        "There is no estimator 'magic'. Choose one of auto"
    )


def test_gold_that_contradicts_itself_is_refused(tmp_path):
    gold = file(tmp_path, "task,label\nt1,cat\nt2,dog\nt1,cat\nt1,dog\n", "gold.csv")
    assert "gold.csv, line 5: task 't1' is 'dog' here and 'cat' in line 2." in refusal(tmp_path, ROWS, "--gold", gold)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"none.csv: cannot be read \(No such file or directory\)"):
        call_command("aggregate", str(tmp_path / "none.csv"), "--out", str(tmp_path / "result.csv"))


def test_a_result_is_written_whole_where_it_can_be(tmp_path):
    labels = file(tmp_path, ROWS)
    (tmp_path / "result.csv").write_text("what was there")
    for out in (tmp_path, tmp_path / "no" / "result.csv"):
        with pytest.raises(CommandError, match="cannot be written there"):
            call_command("aggregate", str(labels), "--out", str(out))
    with pytest.raises(CommandError, match="this is also the file to read"):
        call_command("aggregate", str(labels), "--out", str(labels))
    with pytest.raises(CommandError, match="line 8"):
        aggregate(tmp_path, ROWS + "t3\n")
    assert (tmp_path / "result.csv").read_text() == "what was there"
    call_command("aggregate", str(file(tmp_path, ROWS)), "--out", os.devnull)
    assert Path(os.devnull).is_char_device()


# --- Numbers ----------------------------------------------------------------------------------------------------------
RATINGS = "task,worker,label\n" + "".join(
    f"t{task},w{worker},{task % 5 + 1 + (worker == 2 and task % 5 < 4)}\n" for task in range(10) for worker in range(3)
)


def test_steps_of_a_scale(tmp_path):
    """The third always says one more."""
    found = aggregate(tmp_path, RATINGS.replace(",3\n", ",3.0\n"), "--estimator", "ordinal")
    assert [found[f"t{task}"][0] for task in range(5)] == ["1", "2", "3", "4", "5"]
    assert min(confidence for _, confidence, _ in found.values()) > 0.8


def test_means_of_numbers(tmp_path):
    out = tmp_path / "result.csv"
    call_command("aggregate", str(file(tmp_path, RATINGS)), "--estimator", "interval", "--out", str(out))
    header, *rows = csv.reader(out.read_text().splitlines())
    assert header == ["task", "label", "confidence", "votes", "sd"]
    for task, label, confidence, votes, deviation in rows:
        assert float(label) == pytest.approx(int(task[1:]) % 5 + 1, abs=0.6)
        assert 0.8 < float(confidence) < 1
        assert votes == "3"
        assert 0 < float(deviation) < 1


@pytest.mark.parametrize("estimator", ["ordinal", "interval"])
def test_known_numbers_are_taken(tmp_path, estimator):
    gold = file(tmp_path, "task,label\nt0,2.0\nt99,7\n", "gold.csv")
    out = tmp_path / "result.csv"
    labels = str(file(tmp_path, RATINGS))
    call_command("aggregate", labels, "--estimator", estimator, "--gold", str(gold), "--out", str(out))
    assert out.read_text().splitlines()[1].startswith("t0,2,1.000000,3")


@pytest.mark.parametrize("estimator", ["ordinal", "interval"])
@pytest.mark.parametrize("label", ["cat", "inf"])
def test_labels_that_are_no_numbers(tmp_path, estimator, label):
    said = refusal(tmp_path, f"task,worker,label\nt1,a,{label}\n", "--estimator", estimator)
    assert said == f"labels.csv: the label '{label}' is not a number. Correct it, or take another estimator."


def test_too_many_steps(tmp_path):
    text = "task,worker,label\n" + "".join(f"t{number},a,{number}\n" for number in range(22))
    said = refusal(tmp_path, text, "--estimator", "ordinal")
    assert said == "labels.csv: 22 different numbers are too many steps for one scale; 21 are the most. Take interval."
