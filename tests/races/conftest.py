"""Several connections at once: every thread of a race has one of its own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

MOST = 20
Call = Callable[[], Any]


@pytest.fixture(autouse=True)
def _connections(transactional_db: None) -> Iterator[None]:
    """As many connections as there are threads, for the time of the test."""
    default = connections["default"]
    options = default.settings_dict["OPTIONS"]
    before = options.get("pool")
    default.close_pool()
    options["pool"] = {"min_size": 1, "max_size": MOST, "timeout": 30}
    yield
    default.close_pool()
    if before is None:
        del options["pool"]
    else:
        options["pool"] = before


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Call all of these at the same moment, each in a thread of its own; what they return or raise, in their order."""

    def run(*calls: Call) -> list[Any]:
        start = Barrier(len(calls))

        def one(call: Call) -> Any:
            try:
                start.wait(10)
                return call()
            finally:
                connections["default"].close()

        with ThreadPoolExecutor(len(calls)) as pool:
            jobs = [pool.submit(one, call) for call in calls]
        return [job.exception() or job.result() for job in jobs]

    return run
