from pathlib import Path

import pytest

from benchmarks.simulator import record, world
from tests.benchmarks.simulator.test_table import FCFS, OURS

SIZE = world.Size(tasks=80, people=4, projects=3, organizations=2)


def test_what_was_written_is_read_again(tmp_path):
    record.write(tmp_path / "day.json", world.draw(SIZE, 1, 1.5), [OURS, FCFS])
    assert record.read(tmp_path / "day.json", world.draw(SIZE, 1, 1.5)) == [OURS, FCFS]


@pytest.mark.parametrize(("seed", "load"), [(2, 1.5), (1, 1.1)])
def test_days_of_another_world_are_refused(tmp_path, seed, load):
    record.write(tmp_path / "day.json", world.draw(SIZE, 1, 1.5), [OURS])
    with pytest.raises(SystemExit, match="another day"):
        record.read(tmp_path / "day.json", world.draw(SIZE, seed, load))


def test_the_recorded_day_is_of_the_world_that_is_drawn_today():
    file = Path(record.__file__).parents[1] / "recorded" / "day.json"
    assert {day.policy for day in record.read(file, world.draw(world.FULL, 1, 1.5))} == {"ours", "fcfs", "random"}
