#!/usr/bin/env python3
"""Third-party front-end files: fetched by package name, checked by hash, committed.

    .ci/vendor.py --check              recompute every hash offline; what CI runs
    .ci/vendor.py --fetch              fetch every package of the locks again and check it
    .ci/vendor.py --update NAME=X.Y.Z  move one package to a version and write its new hashes

A lock (`vendor.lock.json`) names per package: version, licence, `integrity` of its archive (sha512), what each file is
called here and there, the sha384 of each file, and the specifiers our import map gives its modules. A `bundle` is made
from several packages by a pinned esbuild. Archives come from the npm registry that this machine is set up for.
"""

import argparse
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (ROOT / "static/vendor/vendor.lock.json", ROOT / "tests/vendor/vendor.lock.json")


def digest(data: bytes, name: str) -> str:
    """A hash as browsers and npm write it: `sha384-<base64>`."""
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def folder(lock: Path, name: str, version: str) -> Path:
    """Where a package's files lie."""
    return lock.parent / f"{name}@{version}"


def check(lock: Path) -> list[str]:
    """What is wrong with the files of a lock: changed, missing, or lying there without being named."""
    wrong, named = [], {lock}
    for name, package in json.loads(lock.read_text())["packages"].items():
        for file, entry in package["files"].items():
            path = folder(lock, name, package["version"]) / file
            named.add(path)
            if not path.is_file():
                wrong.append(f"{path.relative_to(ROOT)} is missing")
            elif digest(path.read_bytes(), "sha384") != entry["sha384"]:
                wrong.append(f"{path.relative_to(ROOT)} is not the file that was vendored")
    strays = (path for path in lock.parent.rglob("*") if path.is_file() and path not in named)
    return wrong + [f"{path.relative_to(ROOT)} is in no lock" for path in strays]


def archive(name: str, version: str, where: Path) -> bytes:
    """The archive of a package as the configured registry has it."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(where)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return (where / listed[-1]).read_bytes()


def unpack(name: str, wanted: dict[str, Any], into: Path) -> None:
    """Fetch a package into a folder; its integrity must be the locked one, which is filled in if there is none yet."""
    with tempfile.TemporaryDirectory() as temporary:
        data = archive(name, wanted["version"], Path(temporary))
        found = digest(data, "sha512")
        if wanted.setdefault("integrity", found) != found:
            raise SystemExit(
                f"{name} {wanted['version']}: the archive has {found}, the lock says {wanted['integrity']}"
            )
        path = Path(temporary) / "archive.tgz"
        path.write_bytes(data)
        with tarfile.open(path) as tar:
            tar.extractall(Path(temporary) / "x", filter="data")
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(next((Path(temporary) / "x").iterdir()), into)


def bundle(recipe: dict[str, Any], work: Path) -> None:
    """Make the one file of a bundle from its packages, with a pinned esbuild."""
    for name, wanted in recipe["packages"].items():
        unpack(name, wanted, work / "node_modules" / name)
    (work / "entry.js").write_text("\n".join(recipe["entry"]) + "\n")
    options = ["--bundle", "--format=esm", "--minify", "--legal-comments=inline", f"--outfile={work / 'bundle.js'}"]
    esbuild = ["npm", "exec", "--yes", f"--package=esbuild@{recipe['esbuild']}", "--", "esbuild"]
    subprocess.run([*esbuild, str(work / "entry.js"), *options, "--log-level=warning"], check=True, cwd=work)


def fetch(lock: Path, name: str, package: dict[str, Any], *, moved: bool) -> None:
    """Write a package's files; their hashes must be the locked ones unless the version moved."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary) / "package"
        unpack(name, package, work)
        if "bundle" in package:
            bundle(package["bundle"], work)
        for file, entry in package["files"].items():
            data = (work / entry["from"]).read_bytes()
            found = digest(data, "sha384")
            if not moved and entry.get("sha384", found) != found:
                raise SystemExit(f"{name}: {file} has {found}, the lock says {entry['sha384']}")
            entry["sha384"] = found
            target = folder(lock, name, package["version"]) / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    print(f"{name} {package['version']}")


def refresh(lock: Path, updates: dict[str, str]) -> None:
    """Fetch the packages of a lock, all of them or those that move to another version."""
    table = json.loads(lock.read_text())
    for name, package in table["packages"].items():
        if updates and name not in updates:
            continue
        if name in updates:
            shutil.rmtree(folder(lock, name, package["version"]), ignore_errors=True)
            package["version"] = updates[name]
            package.pop("integrity", None)
        fetch(lock, name, package, moved=name in updates)
    lock.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n")


def main() -> int:
    """Check, fetch or update."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="recompute every hash offline")
    parser.add_argument("--fetch", action="store_true", help="fetch every package again")
    parser.add_argument("--update", action="append", default=[], metavar="NAME=VERSION", help="move a package")
    options = parser.parse_args()
    if options.fetch or options.update:
        updates = dict(update.rsplit("=", 1) for update in options.update)
        for lock in LOCKS:
            refresh(lock, updates)
    wrong = [line for lock in LOCKS for line in check(lock)]
    print("\n".join(wrong) or "Every vendored file is the one in its lock.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
