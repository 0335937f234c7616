"""The Python environment: `.venv`, made from the hashed lock files once and left alone while they do not change."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.embedded.trouble import Trouble, say

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin/python"
STAMP = FOLDER / "manyhands.stamp"
RUN = "requirements.lock"
DEVELOP = "requirements-dev.lock"  # holds everything that the other holds


def ready(lock: str) -> Path:
    """Have an environment with everything a lock names; its Python. A warm one costs a hash. Raises Trouble."""
    if _satisfied(lock):
        return PYTHON
    with (ROOT / lock).open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not _satisfied(lock):  # another command may have made it meanwhile
            _make(lock)
    return PYTHON


def _satisfied(lock: str) -> bool:
    """Whether the stamp has the hash of the lock, and the interpreter behind the environment is still there."""
    return PYTHON.exists() and STAMP.is_file() and _hash(lock) in STAMP.read_text().split()


def _hash(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def _make(lock: str) -> None:
    say(f"Making the Python environment {FOLDER} from {lock}: the first time this takes a little while ...")
    STAMP.unlink(missing_ok=True)
    if not _by_uv(lock):
        _by_pip(lock)
    STAMP.write_text("\n".join(_hash(name) for name in dict.fromkeys((RUN, lock))) + "\n")


def _by_uv(lock: str) -> bool:
    """Fast, where uv works; False where it is missing or cannot reach the packages."""
    uv = shutil.which("uv")
    if not uv:
        return False
    # The machine's own certificates, as pip uses them: a company's proxy is only known there.
    environment = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_PYTHON_DOWNLOADS": "never", **os.environ}
    environment.pop("VIRTUAL_ENV", None)
    make = [uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(FOLDER)]
    fill = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(ROOT / lock)]
    for command in (make, fill):
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            say(f"uv did not manage it, so pip does it. uv said:\n{done.stderr.strip()[-800:]}")
            return False
    return True


def _by_pip(lock: str) -> None:
    if not _has_pip():
        _have_venv()
        _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], "Python could not make the environment")
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    _run([*install, "--require-hashes", "-r", str(ROOT / lock)], f"pip could not install what {lock} names")


def _has_pip() -> bool:
    """Whether there is an environment that pip works in; one made by uv has none, one broken off half way neither."""
    return (
        PYTHON.exists()
        and subprocess.run([str(PYTHON), "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0
    )


def _run(command: list[str], what: str) -> None:
    """Run a step; standard output is not ours to write to. Raises Trouble with the step's last words."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"{what}:\n{(done.stdout + done.stderr).strip()[-1500:]}")


def _have_venv() -> None:
    """Debian ships Python without `venv`: install it where that is ours to do, else say how. Raises Trouble."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    command = ["apt-get", "install", "-y", f"python3.{sys.version_info.minor}-venv"]
    if may_install() and (os.environ.get("CI") == "true" or _agreed(command)):
        subprocess.run(command, check=False, stdout=sys.stderr, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if Path(f"{sys.prefix}/lib/python3.{sys.version_info.minor}/ensurepip").is_dir():
            return
    raise Trouble(f"This Python comes without its `venv` module. On Debian and Ubuntu: {' '.join(command)}")


def may_install() -> bool:
    """Whether this is root on a machine with Debian's packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _agreed(command: list[str]) -> bool:
    """Ask the person at the terminal, if there is one."""
    if not sys.stdin.isatty():
        return False
    return input(f"This Python comes without its `venv` module. Run `{' '.join(command)}`? [Y/n] ").strip() in (
        "",
        "y",
        "Y",
    )
