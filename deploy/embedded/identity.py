"""Who runs the servers: ourselves, or for root, whom PostgreSQL refuses, a user without rights."""

import contextlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.embedded.trouble import Trouble


class SwitchTo(TypedDict, total=False):
    """The part of `subprocess.run`'s arguments that changes the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """A user of this machine; `switch` says whether we must become it."""

    uid: int
    gid: int
    switch: bool

    def as_user(self) -> SwitchTo:
        """Arguments for `subprocess.run`."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def run(self, command: list[str], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command as this user, from a directory that everybody may enter, give it this text, and return what it printed."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(
            command,
            cwd="/",
            env=environment,
            umask=0o077,
            input=text,
            check=False,
            capture_output=True,
            text=True,
            **self.as_user(),
        )

    def may(self, test: str, path: Path) -> bool:
        """Ask the machine itself, for access lists and mounts count too: `-x` enter or execute, `-w` write."""
        return self.run(["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]).returncode == 0

    def own(self, path: Path) -> None:
        """Make a folder private to this user."""
        path.chmod(0o700)
        if self.switch:
            os.chown(path, self.uid, self.gid)


def for_servers(cluster: Path) -> Identity:
    """Ourselves; for root the owner of the cluster, or before there is one `postgres` if that user exists, else `nobody`."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), switch=False)
    if cluster.is_dir() and cluster.stat().st_uid != 0:
        return Identity(cluster.stat().st_uid, cluster.stat().st_gid, switch=True)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Identity(entry.pw_uid, entry.pw_gid, switch=True)
    raise Trouble("PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`.")
