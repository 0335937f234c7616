"""Numbers in words."""

import pytest

from workforce.templatetags.ui import percent


@pytest.mark.parametrize(("share", "words"), [(0.786, "79%"), (0.957, "96%"), (0.999, "100%"), (0, "0%"), (None, "–")])
def test_shares_are_rounded_not_cut(share, words):
    assert percent(share) == words


def test_shares_with_digits():
    assert percent(0.12345, 1) == "12.3%"
