"""Text: one way to trim, to normalise and to count words, the same as in the browser."""

import re
import unicodedata
from functools import lru_cache

# What JavaScript's `trim` removes.
BLANKS = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

# Scripts without spaces between words: each letter counts as a word.
SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_IS_SINGLE = re.compile(f"[{SINGLE}]")
_WORD = re.compile("L[LM]*(?:AL[LM]*)*|SM*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]+(?:'[A-Za-z0-9]+)*")


def trim(text: str) -> str:
    """Without blanks at both ends."""
    return text.strip(BLANKS)


def compose(text: str) -> str:
    """LF line ends, Unicode NFC."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def strip_line_ends(text: str) -> str:
    """Without blanks at the end of each line."""
    return "\n".join(line.rstrip(BLANKS) for line in text.split("\n"))


def words(text: str) -> int:
    """Number of words: runs of letters, digits and marks with inner apostrophes; in scripts without spaces, letters."""
    return len(_ASCII_WORD.findall(text)) if text.isascii() else len(word_list(text))


def word_list(text: str) -> list[str]:
    """The words themselves, in order."""
    kinds = "".join(map(_kind, text))
    return [text[found.start() : found.end()] for found in _WORD.finditer(kinds)]


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """L letter or digit, S letter of a script without spaces, M mark, A apostrophe, else a blank."""
    if char in "'\u2019":
        return "A"
    category = unicodedata.category(char)
    if category[0] == "M":
        return "M"
    if category[0] != "L" and category != "Nd":
        return " "
    return "S" if _IS_SINGLE.match(char) and category != "Nd" else "L"
