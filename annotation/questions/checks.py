"""Checks of a text that only warn: is it the language asked for, does it name a person, was there any effort."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from annotation.questions import prose

MIN_CHARS = 20  # nothing is decided on less
_SHARE = 0.6  # of the letters that must be in one script before the text counts as written in it

# First word of the Unicode names of the letters a language is written with. Languages not listed: LATIN.
_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "zh": ("CJK",), "ja": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"), "ko": ("HANGUL", "CJK"),
    "ru": ("CYRILLIC",), "uk": ("CYRILLIC",), "bg": ("CYRILLIC",), "mk": ("CYRILLIC",), "be": ("CYRILLIC",),
    "kk": ("CYRILLIC", "LATIN"),
    "sr": ("CYRILLIC", "LATIN"), "el": ("GREEK",), "he": ("HEBREW",), "yi": ("HEBREW",), "ar": ("ARABIC",), "fa": ("ARABIC",),
    "ur": ("ARABIC",),
    "hi": ("DEVANAGARI",), "mr": ("DEVANAGARI",), "ne": ("DEVANAGARI",), "bn": ("BENGALI",), "pa": ("GURMUKHI", "ARABIC"),
    "gu": ("GUJARATI",),
    "or": ("ORIYA",), "ta": ("TAMIL",), "te": ("TELUGU",), "kn": ("KANNADA",), "ml": ("MALAYALAM",), "si": ("SINHALA",), "th": ("THAI",),
    "lo": ("LAO",), "km": ("KHMER",), "my": ("MYANMAR",), "ka": ("GEORGIAN",), "hy": ("ARMENIAN",), "am": ("ETHIOPIC",),
}  # fmt: skip
# Frequent words that few other languages of the same script share.
_FREQUENT: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to is that it was for with as this are be not you have his from they which",
        "de": "der die und das ist nicht ein eine ich zu den mit sich auf auch wir dem wie für sind",
        "fr": "le les et est des une dans que pour pas qui vous sur avec sont nous cette mais ce du",
        "es": "el los y es las una que por con para como pero más muy está son del se su lo",
        "it": "il di che è gli una non per con sono anche della nel più questo ma si lo dei come",
        "pt": "o os e é uma não que para com mais do da em dos das são mas você isso ao",
        "nl": "de het een en van ik is niet dat op te zijn voor met die er maar aan ook wat",
        "sv": "och att det är som en på för av med inte den jag till om har de ett var vi",
        "pl": "i w na nie się że to jest z do jak ale po o co tak za od ma być",
        "tr": "ve bir bu için ile da de çok ne gibi daha ama var olan ben kadar sonra her mi o",
        "vi": "và của là không có cho được một những các trong người này đã với để khi tôi đó từ",
        "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada saya ke karena ada bisa oleh juga atau",
    }.items()
}

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d{1,4}\)?(?:[ /-]?\(?\d{2,5}\)?){2,5}(?![\w.])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_DIGITS = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_IP = re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")


def passes(name: str, text: str, lang: str | None) -> bool:
    """Whether the text passes the check; True whenever there is not enough to decide."""
    return _CHECKS[name](text, lang)


def is_language(text: str, lang: str | None) -> bool:
    """False only if the text is clearly written in another script, or clearly in another listed language of the same script."""
    if not lang or len(text) < MIN_CHARS:
        return True
    primary = lang.split("-")[0].lower()
    wanted = _SCRIPTS.get(primary, ("LATIN",))
    counted = Counter(filter(None, map(_script, text)))
    total = sum(counted.values())
    if not total:
        return True
    if sum(counted[script] for script in wanted) < (1 - _SHARE) * total:
        return False
    return wanted != ("LATIN",) or not _other_latin(text, primary)


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """First word of a letter's Unicode name; nothing for the rest."""
    return unicodedata.name(char, "").split(" ")[0] if unicodedata.category(char)[0] == "L" else ""


def _other_latin(text: str, lang: str) -> bool:
    """Whether the frequent words of another language are there, and those of this one are not."""
    if lang not in _FREQUENT:
        return False
    words = [word.lower() for word in prose.word_list(text)]
    hits = {language: sum(word in frequent for word in words) for language, frequent in _FREQUENT.items()}
    best = max(hits, key=lambda language: hits[language])
    return hits[best] >= 4 and hits[best] > 3 * hits[lang]


def no_personal_data(text: str, _lang: str | None = None) -> bool:
    """No e-mail or IP address, telephone number, bank account (IBAN) or card number (Luhn)."""
    if _EMAIL.search(text) or _IP.search(text):
        return False
    if any(_is_iban(found) for found in _IBAN.findall(text)) or any(_is_card(found) for found in _DIGITS.findall(text)):
        return False
    return not any(_is_phone(found) for found in _PHONE.findall(text))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _is_phone(text: str) -> bool:
    """A number with its country, or one of at least nine digits in groups."""
    digits = _digits(text)
    return 8 <= len(digits) <= 15 and (text.startswith("+") or (len(digits) >= 9 and digits != text))


def _is_card(text: str) -> bool:
    """ISO/IEC 7812-1: the Luhn sum is a multiple of ten."""
    doubled = [int(each) * 2 for each in _digits(text)[-2::-2]]
    rest = [int(each) for each in _digits(text)[-1::-2]]
    return (sum(rest) + sum(each - 9 if each > 9 else each for each in doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: letters as numbers, the first four characters behind, modulo 97 is 1."""
    plain = text.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def shows_effort(text: str, _lang: str | None = None) -> bool:
    """False if one character makes up half of the text, or the same few words come again and again."""
    letters = [char for char in text if not char.isspace()]
    if len(letters) < MIN_CHARS:
        return True
    if _most_common(letters) > len(letters) / 2:
        return False
    words = [word.lower() for word in prose.word_list(text)[:100]]
    return len(words) < 8 or len(set(words)) / len(words) >= 0.25


def _most_common(letters: Iterable[str]) -> int:
    return Counter(letters).most_common(1)[0][1]


_CHECKS: Mapping[str, Callable[[str, str | None], bool]] = {
    "language": is_language,
    "personal_data": no_personal_data,
    "effort": shows_effort,
}
