"""Keys of options: which may be chosen, and which an option without one gets."""

import re
from collections.abc import Iterable, Sequence

DIGITS = "1234567890"
# In the order in which options without a key get one.
POOL = (*DIGITS, *(f"Shift+{each}" for each in DIGITS), *(f"Shift+Alt+{each}" for each in DIGITS))
_FREE = re.compile(r"[a-z0-9]|Shift\+[0-9]|Shift\+Alt\+[0-9]")


def chord(hotkey: str) -> str | None:
    """The one spelling of a key that questions may use; None if it belongs to the workspace."""
    spelling = re.sub(r"^Alt\+Shift\+", "Shift+Alt+", hotkey)
    return spelling if _FREE.fullmatch(spelling) else None


def allocate(hotkeys: Sequence[str | None], taken: Iterable[str] = ()) -> list[str]:
    """A key for each option: its own, else the next free one of 1-9, 0, then with Shift, then with Shift+Alt; '' when all are used."""
    own = [chord(each) if each else None for each in hotkeys]
    used = {each for each in own if each} | set(taken)
    free = (each for each in POOL if each not in used)
    return [each or next(free, "") for each in own]
