"""PostgreSQL and Valkey as child processes: found again, shared, killed, and back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from deploy.embedded import engines, places, processes, programs
from deploy.embedded.engines import Engines
from deploy.embedded.environment import ROOT
from deploy.embedded.identity import Identity
from deploy.embedded.postgres import Postgres
from deploy.embedded.trouble import Trouble
from tests.dev.conftest import ENVIRONMENT, is_root

USE = """
import sys, time
from pathlib import Path
from deploy.embedded import engines
with engines.up(Path(sys.argv[1]), Path(sys.argv[2]), throwaway=True) as running:
    print(running.postgres.pid(), flush=True)
    sys.stdin.read()
"""


def user_of(data: Path) -> subprocess.Popen[str]:
    """Another command that uses the engines until its input ends; prints the postmaster's number."""
    command = [sys.executable, "-c", USE, str(data), str(ENVIRONMENT)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def postgres_of(running: Engines) -> Postgres:
    assert running.postgres
    return running.postgres


def answer(postgres: Postgres, query: str = "SELECT 1") -> object:
    with psycopg.connect(postgres.url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_both_come_up_work_and_go(data: Path) -> None:
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        postgres = postgres_of(running)
        assert (
            answer(postgres, "SELECT datcollate || datlocale FROM pg_database WHERE datname = 'manyhands'")
            == "CC.UTF-8"
        )
        assert answer(postgres, "SHOW dynamic_shared_memory_type") == "mmap"
        assert answer(postgres, "SHOW listen_addresses") == ""
        assert running.valkey
        assert running.valkey.answers()
        assert running.start() == []
    assert postgres.pid() is None
    assert not running.valkey.answers()


def test_the_environment_may_name_both_and_then_nothing_is_made(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/manyhands")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with engines.up(data, ENVIRONMENT) as running:
        assert running == Engines(None, None)
        assert running.addresses() == {}
    assert {path.name for path in data.iterdir()} == {"engines.lock", "engines.users"}


@pytest.mark.faults
def test_commands_at_once_share_one_postmaster_and_the_last_one_stops_it(data: Path) -> None:
    users = [user_of(data) for _ in range(3)]
    numbers = {int(user.stdout.readline()) for user in users if user.stdout}
    assert len(numbers) == 1
    pid = numbers.pop()
    for user in users[:2]:
        user.communicate("")
    assert processes.alive(pid)
    users[2].communicate("")
    assert not processes.command_line(pid)


@pytest.mark.faults
def test_a_killed_command_leaves_engines_that_the_next_one_takes_over(data: Path) -> None:
    user = user_of(data)
    assert user.stdout
    pid = int(user.stdout.readline())
    user.kill()
    user.communicate()
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        assert postgres_of(running).pid() == pid
    assert not processes.command_line(pid)


@pytest.mark.faults
def test_kill_9_of_the_postmaster_is_survived_while_a_backend_still_works(data: Path) -> None:
    with engines.up(data, ENVIRONMENT) as running:
        postgres = postgres_of(running)
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        busy = psycopg.connect(postgres.url, autocommit=True)
        os.kill(postgres.pid() or 0, signal.SIGKILL)
        assert processes.wait(lambda: postgres.pid() is None, 10)
        started = time.monotonic()
        assert running.start() == ["PostgreSQL"]
        assert time.monotonic() - started < 20
        assert answer(postgres, "SELECT n FROM kept") == 7
        busy.close()


@pytest.mark.faults
def test_kill_9_of_valkey_is_survived(data: Path) -> None:
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        assert running.valkey
        os.kill(int((running.valkey.run / "valkey.pid").read_text()), signal.SIGKILL)
        processes.wait(lambda: not running.valkey.answers(), 5)  # type: ignore[union-attr]
        assert running.start() == ["Valkey"]


@pytest.mark.faults
def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(data: Path, server: Identity) -> None:
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        postgres = postgres_of(running)
    stranger = subprocess.Popen(["sleep", "60"], **server.as_user())
    try:
        (postgres.cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{postgres.cluster}\n0\n5432\n\n\n\n")
        assert postgres.pid() is None
        with engines.up(data, ENVIRONMENT, throwaway=True):
            assert answer(postgres) == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.faults
def test_a_start_broken_off_while_the_cluster_was_made_leaves_no_half_cluster(data: Path, server: Identity) -> None:
    data.mkdir()
    half = data / "postgres.new-0000"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        assert answer(postgres_of(running)) == 1
    assert not half.exists()


@pytest.mark.faults
@pytest.mark.skipif(not is_root(), reason="only root gives its servers to another user")
def test_root_below_a_private_folder(data: Path, shared_folder: Path, open_folder: Path) -> None:
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    site = private / "environment/lib/python3/site-packages"
    site.mkdir(parents=True)
    for part in programs.PARTS:
        (site / part).parent.mkdir(exist_ok=True)
        subprocess.run(["cp", "-a", str(programs.packages(ENVIRONMENT) / part), str(site / part)], check=True)
    with engines.up(private / "data", private / "environment", throwaway=True) as running:
        postgres = postgres_of(running)
        assert answer(postgres) == 1
        assert postgres.programs.is_relative_to(shared_folder)
        assert postgres.cluster.is_relative_to(shared_folder)
        assert running.valkey
        assert running.valkey.answers()
    places.remove(private / "data")


def test_a_cluster_of_a_version_that_is_not_here_says_so(data: Path, server: Identity) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres/PG_VERSION").write_text("9\n")
    server.own(data / "postgres")
    with pytest.raises(Trouble, match="PostgreSQL 9, which made"):
        programs.postgres(programs.packages(ENVIRONMENT), server, data / "postgres")
    (data / "postgres/PG_VERSION").unlink()


@pytest.mark.faults
def test_a_server_that_refuses_its_settings_is_quoted(data: Path) -> None:
    with engines.up(data, ENVIRONMENT, throwaway=True) as running:
        postgres = postgres_of(running)
    with (postgres.cluster / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'plenty'\n")
    with pytest.raises(Trouble, match="plenty"):
        postgres.start()
