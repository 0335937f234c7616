"""Every invariant sees its own violation, and nothing in sound data."""

import json

import pytest
from django.core.management import call_command
from django.db import connection

from annotation.domain import judgements, leases, results, tasks
from annotation.domain.results import Settlement
from annotation.models import Annotation, Task
from quality.domain import invariants, scorecards
from quality.domain.scorecards import Observation
from tests.factories import make_answer, make_contributor, make_organization, make_project, make_tasks
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db

ANSWERS = {"tone": {"value": "good", "confidence": 0.97, "method": "one_coin", "n": 3, "status": "settled"}}
CODES = [invariant.code for invariant in invariants.ALL]


@pytest.fixture
def sound() -> list[Task]:
    """A settled, a collecting and a deciding task, with evidence, pay and a live lease."""
    project = make_project()
    people = [make_contributor() for _ in range(3)]
    settled, collecting, deciding = make_tasks(project, 3)
    for person in people:
        given = make_answer(settled, person, {"tone": "good"})
        make_answer(deciding, person, {"tone": "bad"})
        scorecards.observe(observations=[Observation(given.pk, project.pk, person.pk, "review", 1.0)])
    make_answer(collecting, people[0], {"tone": "bad"})
    results.settle(settlements=[Settlement(tasks.lock([settled.pk])[0], ANSWERS, 0.97)], by=SYSTEM)
    taken = leases.take(project_id=project.pk, contributor_id=people[1].pk, by=SYSTEM)
    assert taken.task_id == collecting.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE event SET seq = k.n FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM event) k WHERE k.id = event.id"
        )
    return [settled, collecting, deciding]


def violated() -> set[str]:
    """Codes of the invariants that do not hold."""
    return {found.invariant.code for found in map(invariants.check, invariants.ALL) if found.violations}


def spoil(*statements: str) -> None:
    """Change rows behind the back of every trigger and key, as a bug or a broken restore might."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def test_sound_data_violates_nothing(sound):
    assert violated() == set()


@pytest.mark.parametrize(
    ("code", "statement"),
    [
        ("I3", "UPDATE task SET answers = answers - 1 WHERE status = 'collecting'"),
        ("I3", "UPDATE assignment SET status = 'returned' WHERE status = 'leased'"),
        ("I4", "UPDATE annotation SET epoch = 7 WHERE id = (SELECT min(id) FROM annotation)"),
        ("I4", "UPDATE assignment SET status = 'leased' WHERE id = (SELECT min(assignment_id) FROM annotation)"),
        ("I5", ("UPDATE assignment SET stage = 'review', contributor_id = (SELECT min(contributor_id) FROM annotation), round = 9"
               " WHERE id = (SELECT max(assignment_id) FROM annotation WHERE task_id = (SELECT min(task_id) FROM annotation))")),
        ("I6", "UPDATE assignment SET terms = jsonb_set(terms, '{facts_version}', '99')"),
        ("I6", "UPDATE assignment SET terms = '{}'"),
        ("I7", "DELETE FROM result"),
        ("I7", "UPDATE task SET revision = 2 WHERE status = 'completed'"),
        ("I7", "UPDATE result SET provenance = jsonb_set(provenance, '{annotations}', '[\"a\", \"b\", \"c\", \"d\"]')"),
        ("I8", ("INSERT INTO event (organization_id, mode, type, subject, subject_seq, actor_kind, actor, data, request_id, seq)"
               " SELECT organization_id, mode, 'task.started', subject, subject_seq + 1, 'system', '', '{}', '',"
               " (SELECT max(seq) + 1 FROM event) FROM event WHERE type = 'task.completed'")),
        ("I9", "UPDATE event SET seq = seq + 5 WHERE seq = (SELECT max(seq) FROM event)"),
        ("I9", "UPDATE event SET seq = NULL, created_at = now() - interval '5 minutes' WHERE seq = (SELECT max(seq) FROM event)"),
        ("I9", "UPDATE event SET subject_seq = 5 WHERE id = (SELECT max(id) FROM event)"),
        ("I10", "UPDATE ledger_entry SET amount_minor = amount_minor + 1 WHERE id = (SELECT min(id) FROM ledger_entry)"),
        ("I10", "UPDATE account SET balance_minor = balance_minor + 1 WHERE kind = 'payable'"),
        ("I10", "UPDATE earning SET status = 'pending', settled_at = NULL WHERE status = 'available'"),
        ("I10", "DELETE FROM earning WHERE status = 'available'"),
        ("I15", "UPDATE annotation SET status = 'rejected', decision = NULL WHERE id = (SELECT min(id) FROM annotation)"),
        ("I16", "UPDATE assignment SET leased_until = lease_cap_at + interval '1 hour' WHERE status = 'leased'"),
        ("I16", "UPDATE queue SET head_rank = 1000000"),
        ("I16", "UPDATE task SET status = 'in_review', stage = 'review' WHERE status = 'deciding'"),
        ("I17", "UPDATE scorecard SET alpha = alpha + 1"),
        ("I17", "DELETE FROM evidence WHERE id = (SELECT min(id) FROM evidence)"),
    ],
)  # fmt: skip
def test_each_violation_is_seen(sound, code, statement):
    spoil(statement)
    assert code in violated()


def test_two_answers_of_one_seat_are_seen(sound):
    spoil(
        "DROP INDEX annotation_counts_once",
        "UPDATE annotation SET contributor_id = (SELECT min(contributor_id) FROM annotation)",
    )
    assert "I2" in violated()


def test_rows_of_two_organizations_are_seen(sound):
    other = make_organization()
    spoil(f"UPDATE result SET organization_id = {other.pk}")
    assert violated() == {"I12"}


def test_rows_whose_parent_is_gone_are_seen(sound):
    spoil(
        "DELETE FROM task_payload",
        "INSERT INTO task_payload (task_id, body, sha256, tags, metadata) VALUES (0, '{}', '', '{}', '{}')",
    )
    assert violated() == {"I12"}


def test_gold_outside_is_seen(sound):
    spoil("UPDATE task SET purpose = 'gold' WHERE status = 'completed'")
    assert "I13" in violated()


def test_a_missing_trigger_is_seen(sound):
    spoil("ALTER TABLE result DISABLE TRIGGER ALL")
    assert "I8" in violated()


def test_the_command_prints_a_line_each_and_fails_on_a_violation(sound, capsys):
    call_command("verify")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == CODES
    assert all(line.split()[1] == "holds" for line in lines)

    spoil("DELETE FROM result")
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "I7   VIOLATED by 1" in out
    assert f"task {sound[0].pk} is completed at revision 1 with 0 results" in out


def test_acknowledged_answers_are_compared_with_the_clients_record(sound, tmp_path, capsys):
    rows = [
        {"assignment": given.assignment.public_id, "sha256": given.sha256}
        for given in Annotation.objects.select_related("assignment")
    ]
    record = tmp_path / "acknowledged.jsonl"
    record.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    call_command("verify", acknowledged=record)
    assert capsys.readouterr().out.startswith("I1   holds")

    lost = {"assignment": make_tasks(make_project())[0].public_id.replace("tsk", "asg"), "sha256": "0" * 64}
    record.write_text("\n".join(map(json.dumps, [*rows, lost, {**rows[0], "sha256": "0" * 64}])), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("verify", acknowledged=record)
    assert "I1   VIOLATED by 2" in capsys.readouterr().out


def test_judgements_keep_every_invariant(sound):
    pending = Annotation.objects.filter(task=sound[2]).first()
    judgements.reject(annotations=[pending.pk], by=SYSTEM, how="customer", reasons=["wrong"], note="Look again.")
    tasks.uncount(task=tasks.lock([sound[2].pk])[0], by=SYSTEM)
    assert violated() <= {"I9"}  # not numbered yet
