"""What the launcher says to people. Standard output belongs to the command that is run; this goes to standard error."""

import sys


class Trouble(Exception):  # noqa: N818  it is told to people, not handled
    """Something did not come up; the text says what happened and what to do."""


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)
