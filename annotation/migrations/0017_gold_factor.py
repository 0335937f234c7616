"""Everybody gets known answers at a rate of their own: the claim takes the turn's draw, and compares it with the person's factor.

A known answer comes only if it is drawn: where the other work has run out, nobody is given one after the other.
"""

from collections.abc import Sequence
from importlib import import_module

from django.db import migrations, models

CLAIM = import_module("annotation.migrations.0002_claim").CLAIM
HOT_PATH = import_module("annotation.migrations.0003_hot_path").FUNCTIONS
BEFORE = "".join(
    (
        CLAIM[CLAIM.index("-- A free seat from the queues") :],
        HOT_PATH[HOT_PATH.index("-- take_next, with what") : HOT_PATH.index("-- The fence: ends")],
    )
)
DROP = """
DROP FUNCTION next_task(bigint, bigint, text, {type}, uuid, int, text, text, text);
DROP FUNCTION take_next(bigint, bigint, text, {type}, uuid, int);
DROP FUNCTION offer_next(bigint, bigint, text, {type}, int);
DROP FUNCTION claim_seat(bigint, bigint, text, {type}, boolean, int, int);
"""
CHANGES = (
    ("p_purpose text", "p_gold double precision"),
    ("ORDER BY k.purpose <> p_purpose,", "ORDER BY k.purpose = 'work',"),
    (
        "c.eligible_until <= now())\n",
        "c.eligible_until <= now())\n           AND (k.purpose = 'work' OR p_gold < coalesce(c.gold_factor, 'infinity'))\n",
    ),
    ("p_purpose", "p_gold"),
    (
        "begun before. Where a queue",
        "begun before. p_gold: the turn's draw; who has a factor above it\n-- gets a known answer first, and nobody else gets one. Where a queue",
    ),
)


def changed(text: str, changes: Sequence[tuple[str, str]]) -> str:
    """Functions with other words in some places, each of which must be there."""
    for old, new in changes:
        assert old in text, f"not in the functions: {old}"  # noqa: S101  they never change
        text = text.replace(old, new)
    return text


def after() -> str:
    """The functions as they are from now on."""
    return changed(BEFORE, CHANGES)


class Migration(migrations.Migration):
    dependencies = [("annotation", "0016_spare")]

    operations = [
        migrations.AddField(
            model_name="queuecursor",
            name="gold_factor",
            field=models.FloatField(db_default=5.0, default=5.0),
        ),
        migrations.RunSQL(
            DROP.format(type="text") + after(),
            DROP.format(type="double precision") + BEFORE,
        ),
    ]
