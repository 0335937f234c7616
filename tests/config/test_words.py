"""The words in other languages: the tool that keeps them, and that a reader of Chinese gets them."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.urls import reverse

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def words():
    spec = importlib.util.spec_from_file_location("words", ROOT / ".ci/messages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["words"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["words"]


def catalog(*messages):
    made = Catalog(locale="zh_Hans_CN")
    for english, chinese, context in messages:
        made.add(english, chinese, locations=[("somewhere.py", None)], context=context)
    return made


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("%(n)s of %(all)d", {"%(n)s", "%(all)d"}),
        ("%(hours)s h %(minutes)02d min", {"%(hours)s", "%(minutes)02d"}),
        ("{n} left, %s more", {"{n}", "%s"}),
        ("95%% and 100%", set()),
    ],
)
def test_places_to_fill_in_are_found(words, text, holes):
    assert words.holes(text) == holes


def test_what_is_missing_or_misfilled_is_named(words):
    made = catalog(
        ("Save", "", None),
        ("%(n)s left", "剩余 %(m)s", None),
        (("{n} row", "{n} rows"), ("{n} 行",), None),
        ("No", "否", None),
    )
    missing, misfilled = words.problems(made)
    assert "Save" in missing
    assert "%(n)s left" in misfilled


def test_a_translator_fills_one_meaning_at_a_time(words):
    made = catalog(("Label", "", None), ("Label", "", "stage"), (("{n} row", "{n} rows"), (), None))
    words.fill(made, {"Label": "标签", "stage|Label": "标注", "{n} row": "{n} 行"})
    assert made.get("Label").string == "标签"
    assert made.get("Label", "stage").string == "标注"
    assert made.get("{n} row").string == ("{n} 行",)
    assert words.problems(made) == []


def test_scripts_ask_with_plain_strings(words):
    path = ROOT / "static/app/stage.js"
    assert words.unreadable(path, 'put(t("Save"), t(["{n} row", "{n} rows"], { n }));\nobject.t(name);') == []
    assert words.unreadable(path, "start();\nput(t(`Save ${name}`));") == [
        "words must be plain strings: static/app/stage.js:2"
    ]


@pytest.mark.django_db
def test_a_reader_of_chinese_gets_chinese(client):
    page = client.post(
        reverse("account_signup"), {"password1": "1234"}, headers={"accept-language": "zh-CN"}
    ).content.decode()
    assert '<html lang="zh-Hans"' in page
    for said in ("注册账号", "请填写此项。", "密码太短，至少需要 8 个字符。"):
        assert said in page


def test_browsers_get_the_same_words(words):
    table = json.loads(words.JSON.read_text(encoding="utf-8"))["messages"]
    assert table["Skip"] == "跳过"
    assert table["{n} word"] == ["{n} 个词"]
