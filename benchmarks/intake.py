"""`dev.py bench intake`: tasks by NDJSON streams over HTTP, each with a unique_id, against two web processes.

Measured: rows per second of one stream and of two at once, CPU of server and database per row, and the most memory that a web process has
held after a small and after a large import. A request has 100 thousand rows, the most that the API takes.
"""

import argparse
import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import report, stage, work

PORT = 8175
REQUEST = 100_000
GOAL = 50_000
GROWTH_MB = 40.0  # what one chunk of the largest lines may take


def main(argv: Sequence[str] | None = None) -> int:
    """Send, measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench intake", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="10 and 100 thousand rows instead of 100 thousand and a million"
    )
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    small, large = (10_000, 100_000) if options.quick else (100_000, 1_000_000)
    figures = report.Figures()
    with stage.database(), stage.web(PORT) as server:
        key = work.api_key(project := work.project("intake", 0))
        _send(project.public_id, key, "warm", 2_000)
        _measure(figures, server.pid, project.public_id, key, small, 1)
        before = stage.peak_mb(server.pid)
        _measure(figures, server.pid, project.public_id, key, large, 1)
        after = stage.peak_mb(server.pid)
        _measure(figures, server.pid, project.public_id, key, large, 2)
        figures.add(f"memory of a web process after {small} rows", before, "MB")
        figures.add(f"memory of a web process after {large} rows", after, "MB", before + GROWTH_MB, most=True)
    figures.write(options.json)
    return 0


def _measure(figures: report.Figures, server: int, project: str, key: str, rows: int, streams: int) -> None:
    """So many rows, shared by so many streams."""
    meter = stage.Meter(server)
    before, started = meter.read(), time.monotonic()
    with ThreadPoolExecutor(streams) as pool:
        names = [f"{started}-{stream}" for stream in range(streams)]
        created = sum(pool.map(lambda name: _send(project, key, name, rows // streams), names))
    passed, cost = time.monotonic() - started, meter.read().since(before)
    of = f"{rows} rows, {streams} stream{'s' if streams > 1 else ''}"
    figures.add(f"{of}: rows per second", created / passed, "1/s", GOAL)
    figures.add(f"{of}: CPU of web per row", cost.server_s * 1e6 / rows, "µs")
    figures.add(f"{of}: CPU of PostgreSQL per row", cost.database_s * 1e6 / rows, "µs")
    figures.add(f"{of}: rows not stored", rows - created, "", 0, most=True)


def _send(project: str, key: str, name: str, rows: int) -> int:
    """One import job from begin to finish; how many tasks it created."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
    job = json.loads(_post(connection, key, f"projects/{project}/imports", b"{}"))["id"]
    for first in range(0, rows, REQUEST):
        body = b"".join(_row(name, number) for number in range(first, min(first + REQUEST, rows)))
        _post(connection, key, f"imports/{job}/rows?from={first}", body, "application/x-ndjson")
    done: dict[str, Any] = json.loads(_post(connection, key, f"imports/{job}/finish", b""))
    connection.close()
    return int(done["counts"]["created"])


def _row(name: str, number: int) -> bytes:
    text = f"Review {number}: the screen is bright and the battery lasts two days, but the lid creaks."
    return f'{{"unique_id": "{name}-{number}", "payload": {{"text": "{text}"}}}}\n'.encode()


def _post(
    connection: http.client.HTTPConnection, key: str, path: str, body: bytes, kind: str = "application/json"
) -> bytes:
    connection.request("POST", f"/api/v1/{path}", body, {"Authorization": f"Bearer {key}", "Content-Type": kind})
    answer = connection.getresponse()
    told = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{path}: {answer.status} {told[:500].decode()}")
    return told


if __name__ == "__main__":
    raise SystemExit(main())
