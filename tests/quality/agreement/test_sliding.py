"""What slides by is what a look at the whole would find."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.agreement.conditions import HIGHEST
from quality.agreement.sliding import Sliding

START = datetime(2026, 11, 1, tzinfo=UTC)
LENGTH = timedelta(hours=10)
SEEN = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["gold", "skips", "drift", "row"]), st.sampled_from([0.0, 1.0, 2.5])),
    min_size=1,
    max_size=40,
)


@given(SEEN)
def test_it_holds_the_sum_or_the_highest_of_the_last_hours(rows):
    sliding, before = Sliding(LENGTH), []
    for hour, kind, value in sorted(rows, key=lambda row: row[0]):
        at = START + timedelta(hours=hour)
        sliding.add(at, kind, value)
        before.append((at, kind, value))
        inside = [(each, was) for when, each, was in before if when > at - LENGTH]
        seen = {kind: found for kind, found in sliding.seen().items() if found[0]}
        assert set(seen) == {each for each, _was in inside}
        for each, (n, total) in seen.items():
            values = [was for other, was in inside if other == each]
            assert n == len(values)
            assert total == pytest.approx(max(values) if each in HIGHEST else sum(values))
