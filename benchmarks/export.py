"""`dev.py bench export`: all results of a project, streamed as JSON lines and as CSV over HTTP, against two web processes.

Measured: rows per second of one stream and of two at once, CPU of server and database per row, and the most memory that a web process has
held after a small and after a large export.
"""

import argparse
import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks import report, stage, work

PORT = 8174
GOAL = 100_000
GROWTH_MB = 40.0  # a few pages
BLOCK = 2**20


def main(argv: Sequence[str] | None = None) -> int:
    """Fetch, measure and report; 0."""
    parser = argparse.ArgumentParser(prog="dev.py bench export", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="10 and 100 thousand rows instead of 100 thousand and a million"
    )
    report.add_arguments(parser)
    options = parser.parse_args(argv)
    sizes = (10_000, 100_000) if options.quick else (100_000, 1_000_000)
    figures = report.Figures()
    with stage.database(), stage.web(PORT) as server:
        peaks = [_play(figures, server.pid, size) for size in sizes]
        figures.add(f"memory of a web process after {sizes[0]} rows", peaks[0], "MB")
        figures.add(f"memory of a web process after {sizes[1]} rows", peaks[1], "MB", peaks[0] + GROWTH_MB, most=True)
    figures.write(options.json)
    return 0


def _play(figures: report.Figures, server: int, rows: int) -> float:
    """Every format, alone and twice at once; the most memory held."""
    project = work.project(f"export {rows}", rows)
    work.settle(project)
    key = work.api_key(project)
    for form in ("ndjson", "csv"):
        for streams in (1, 2):
            meter = stage.Meter(server)
            before, started = meter.read(), time.monotonic()
            with ThreadPoolExecutor(streams) as pool:
                lines = sum(pool.map(lambda _: _lines(project.public_id, key, form), range(streams)))  # noqa: B023
            passed, cost = time.monotonic() - started, meter.read().since(before)
            of = f"{rows} rows as {form}, {streams} stream{'s' if streams > 1 else ''}"
            got = lines - streams  # beside the cursor, or the header
            figures.add(f"{of}: rows per second", got / passed, "1/s", GOAL)
            figures.add(f"{of}: CPU of web per row", cost.server_s * 1e6 / max(got, 1), "µs")
            figures.add(f"{of}: CPU of PostgreSQL per row", cost.database_s * 1e6 / max(got, 1), "µs")
            figures.add(f"{of}: rows missing", rows * streams - got, "", 0, most=True)
    return stage.peak_mb(server)


def _lines(project: str, key: str, form: str) -> int:
    """How many lines came."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
    connection.request("GET", f"/api/v1/projects/{project}/results.{form}", headers={"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{answer.status} {answer.read(500).decode()}")
    lines = 0
    while block := answer.read(BLOCK):
        lines += block.count(b"\n")
    connection.close()
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
