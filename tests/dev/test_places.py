"""Where the servers' files lie when the data directory does not suit them."""

from pathlib import Path

import pytest

from deploy.embedded import identity, places
from deploy.embedded.identity import Identity
from tests.dev.conftest import is_root

as_root = pytest.mark.skipif(not is_root(), reason="only root gives its servers to another user")


def test_all_lies_in_the_data_directory_where_it_can(data: Path, server: Identity) -> None:
    found = places.arrange(data, server)
    assert found == places.Places(cluster=data / "postgres", run=data / "run")
    assert found.run.stat().st_mode & 0o777 == 0o700


def test_sockets_move_to_a_short_folder_when_the_path_is_too_long(data: Path, server: Identity) -> None:
    deep = data / ("d" * 100)
    found = places.arrange(deep, server)
    assert len(str(found.run)) < 60
    assert (deep / "run").resolve() == found.run
    assert places.arrange(deep, server) == found
    places.remove(deep)
    assert not found.run.exists()


def test_sockets_move_when_the_path_would_need_quoting(data: Path, server: Identity) -> None:
    assert places.PLAIN.fullmatch(str(places.arrange(data / "mes données, 2", server).run))
    places.remove(data / "mes données, 2")


def test_a_socket_folder_that_somebody_opened_is_not_used_again(data: Path, server: Identity) -> None:
    deep = data / ("d" * 100)
    before = places.arrange(deep, server).run
    before.chmod(0o777)
    after = places.arrange(deep, server).run
    assert after != before
    before.rmdir()
    places.remove(deep)


@as_root
def test_the_cluster_moves_where_its_user_can_enter(data: Path, server: Identity, shared_folder: Path) -> None:
    data.mkdir()
    data.chmod(0o700)
    inner = data / "inner"
    found = places.arrange(inner, server)
    assert found.cluster.parent == shared_folder
    assert server.may("-x", found.run)
    found.cluster.mkdir()
    server.own(found.cluster)
    assert places.arrange(inner, server) == found
    places.remove(inner)


@as_root
def test_a_deleted_data_directory_takes_nothing_old_along(data: Path, server: Identity, shared_folder: Path) -> None:
    data.mkdir()
    data.chmod(0o700)
    before = places.arrange(data / "inner", server).cluster
    places.remove(data / "inner")
    assert places.arrange(data / "inner", server).cluster != before
    places.remove(data / "inner")


@as_root
def test_servers_keep_the_user_who_owns_their_cluster(data: Path) -> None:
    from_before = data / "postgres"
    from_before.mkdir(parents=True)
    Identity(12345, 12345, switch=True).own(from_before)
    assert identity.for_servers(from_before).uid == 12345
