"""Where the servers keep their files: in the data directory, unless they could not reach or use it there.

What must lie elsewhere is linked from the data directory, so that every later command finds the same place, and a data
directory that was deleted takes nothing old into its next life.
"""

import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.identity import Identity
from deploy.embedded.trouble import Trouble

LONGEST_SOCKET = 107  # bytes: sockaddr_un of Linux
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432.lock")
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")  # what needs no quoting in the addresses of the engines
SHARED = (Path("/var/lib/manyhands"), Path("/var/tmp/manyhands"))  # noqa: S108  only root makes them, and checks


@dataclass(frozen=True)
class Places:
    """The real folders of one data directory."""

    cluster: Path
    run: Path


def arrange(data: Path, server: Identity) -> Places:
    """Find or make the places of a data directory. Raises Trouble if there is none."""
    data.mkdir(parents=True, exist_ok=True)
    return Places(cluster=_cluster(data / "postgres", server), run=_run(data / "run", server))


def remove(data: Path) -> None:
    """Delete a data directory and what lies elsewhere for it."""
    for name in ("postgres", "run"):
        link = data / name
        if link.is_symlink():
            shutil.rmtree(link.resolve(), ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)


def shared(server: Identity) -> Path:
    """A folder of root's that the servers' user can enter, for what lies where it cannot."""
    for folder in SHARED:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if folder.owner() == "root" and not folder.is_symlink() and server.may("-x", folder):
            return folder
    raise Trouble(
        f"The servers' user cannot enter this folder, and neither {SHARED[0]} nor {SHARED[1]} could be made.\n"
        "Choose a data directory below one that everybody may enter, such as --data-dir /srv/manyhands."
    )


def _cluster(wanted: Path, server: Identity) -> Path:
    if wanted.is_dir():
        place = wanted.resolve()
        if not server.may("-x", place):
            raise Trouble(
                f"The user who runs PostgreSQL cannot enter {place}.\n"
                "Let everybody enter the folders above it (chmod o+x), or choose another --data-dir."
            )
        return place
    wanted.unlink(missing_ok=True)  # a link whose cluster was never made, or is gone
    if server.may("-x", wanted.parent):
        return wanted.resolve()
    place = shared(server) / f"data-{secrets.token_hex(4)}"
    _link(wanted, place)
    return place


def _run(wanted: Path, server: Identity) -> Path:
    """The folder of the sockets: 0700, its name short enough, reachable by the servers."""
    if wanted.is_symlink() and _private(wanted.resolve(), server):
        return wanted.resolve()
    fits = len(bytes(wanted)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET and PLAIN.fullmatch(str(wanted))
    if fits and server.may("-x", wanted.parent):
        wanted.unlink() if wanted.is_symlink() else None
        wanted.mkdir(exist_ok=True)
        server.own(wanted)
        return wanted
    place = Path(tempfile.mkdtemp(prefix="manyhands-", dir=_temporary()))
    server.own(place)
    _link(wanted, place)
    return place


def _private(place: Path, server: Identity) -> bool:
    """Whether it is still the folder we made: the temp folder is everybody's."""
    if not place.is_dir():
        return False
    seen = place.lstat()
    return seen.st_uid == server.uid and seen.st_mode & 0o777 == 0o700


def _temporary() -> str:
    """The short temp folder; TMPDIR may be long, or private to root."""
    return next((place for place in ("/tmp", "/var/tmp") if Path(place).is_dir()), tempfile.gettempdir())  # noqa: S108  mkdtemp makes a private folder there


def _link(name: Path, target: Path) -> None:
    if name.is_dir() and not name.is_symlink():
        shutil.rmtree(name)
    name.unlink(missing_ok=True)
    name.symlink_to(target)
