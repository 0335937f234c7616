"""Every editor and viewer under its contract, in a real browser: one page, no server behind it. Ways through are keys and a mouse."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.journeys import bench

pytestmark = pytest.mark.journey

STATIC = Path(settings.STATICFILES_DIRS[0])
EDITORS = sorted(path.stem for path in (STATIC / "editors").glob("*.js"))
VIEWERS = sorted(path.stem for path in (STATIC / "viewers").glob("*.js"))
VECTORS = settings.BASE_DIR / "tests/vectors/questions"
PRESETS = sorted((settings.BASE_DIR / "annotation/questions/presets").glob("*.json"))
TWINS = ("spans", "regions", "segments")  # editors that take anything in, and find what the server finds
DIGIT = {"src": "/media/0_george_11.wav", "seconds": 0.458}
RBC = {"src": "/media/BloodImage_00001.jpg", "width": 640, "height": 480}
LOREM = "Ada met Grace Hopper in New York; 李雷 was there too. 👩‍👩‍👧 came later.\n\nשלום עולם\n"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The bench; what breaks in it or breaks its content policy fails the test that did it."""
    with bench.served() as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        opened = context.new_page()
        opened.goto(address)
        opened.locator("html[data-ready]").wait_for(timeout=10_000)
        opened.evaluate(bench.AXE.read_text(encoding="utf-8"))
        yield opened
        context.close()


@pytest.fixture(autouse=True)
def _clean(page: Page) -> Iterator[None]:
    errors: list[str] = []

    def note(error: Any) -> None:
        errors.append(str(error.stack))

    page.on("pageerror", note)
    yield
    page.remove_listener("pageerror", note)
    assert errors == []
    assert page.evaluate("bench.violations") == []


def cases_of(kind: str) -> list[dict[str, Any]]:
    return json.loads((VECTORS / f"{kind}.json").read_text(encoding="utf-8"))


def preset(name: str) -> dict[str, Any]:
    return json.loads((settings.BASE_DIR / f"annotation/questions/presets/{name}.json").read_text(encoding="utf-8"))


def local(value: Any) -> Any:
    """A payload with a picture or recording that is there."""
    if isinstance(value, str) and value.startswith("media/"):
        return f"/{value}" if value.endswith(".wav") else RBC["src"]
    if isinstance(value, dict):
        return {name: local(each) for name, each in value.items()}
    return [local(each) for each in value] if isinstance(value, list) else value


def mount(page: Page, schema: dict[str, Any], payload: dict[str, Any], **options: Any) -> None:
    page.evaluate("(options) => bench.mount(options)", {"schema": schema, "payload": local(payload), **options})


def schema_of(fields: list[dict[str, Any]], *questions: dict[str, Any]) -> dict[str, Any]:
    return {"language": "manyhands/1", "fields": fields, "questions": list(questions)}


def value(page: Page) -> dict[str, Any]:
    return page.evaluate("bench.stage.value")


def press(page: Page, *chords: str) -> None:
    for chord in chords:
        page.keyboard.press(chord)


def codes(page: Page) -> list[list[str]]:
    """What is wrong with the answer so far: [code, path]; other questions that are open are left out."""
    return [
        each
        for each in page.evaluate("bench.stage.validate().map(({code, path}) => [code, path])")
        if each[0] != "required"
    ]


def undo_all(page: Page) -> int:
    return page.evaluate("() => { let n = 0; while (bench.stage.undo()) n += 1; return n; }")


def redo_all(page: Page) -> None:
    page.evaluate("() => { while (bench.stage.redo()); }")


def violations_of_axe(page: Page, *rules: str) -> list[str]:
    """What axe finds, by all rules or these."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate(
        """async (options) => (await axe.run("#main", options)).violations
        .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target}`))""",
        options,
    )
    return list(found)


# --- every editor ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TWINS)
def test_finds_what_the_server_finds(page: Page, kind: str) -> None:
    cases = cases_of(kind)
    read = page.evaluate("(cases) => bench.readBack(cases)", cases)
    for case, got in zip(cases, read, strict=True):
        wanted = sorted(
            [code, path]
            for code, path in zip(case["codes"], case["paths"], strict=True)
            if (code, path) != ("required", "")
        )
        assert got["value"] == case["normalised"], case["name"]
        assert sorted(got["problems"]) == wanted, case["name"]


@pytest.mark.parametrize("kind", EDITORS)
def test_good_answers_are_read_back_as_they_are(page: Page, kind: str) -> None:
    good = [{**case, "value": case["normalised"]} for case in cases_of(kind) if not case["codes"]]
    for case, got in zip(good, page.evaluate("(cases) => bench.readBack(cases)", good), strict=True):
        assert got["value"] == case["normalised"], case["name"]
        assert got["problems"] == [], case["name"]


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_presets(page: Page, path: Path) -> None:
    """Shown with its example, to be edited and to be read; with other answers beside it; nothing is left behind; axe finds nothing."""
    made = json.loads(path.read_text(encoding="utf-8"))
    schema, payload, given = made["schema"], made["example"]["payload"], made["example"]["value"]
    mount(page, schema, payload, value=given)
    before = value(page)
    assert set(before) == set(given)
    assert [
        each
        for each in page.evaluate("bench.stage.validate().map(({path, code}) => [code, path])")
        if "warning" not in each[0]
    ] == []
    assert repeated_keys(page) == []
    for theme, rules in (("light", []), ("dark", ["color-contrast"])):
        page.evaluate("(theme) => bench.dress(theme)", theme)
        assert violations_of_axe(page, *rules) == [], theme
    mount(page, schema, payload, value=given, readonly=True, compare={"B": given, "C": {}})
    press(page, "1", "p", "Delete", "Space", "t")
    assert value(page) == before
    assert page.evaluate("bench.stage.canUndo") is False
    page.evaluate("bench.dispose()")
    assert (
        page.evaluate(
            "document.getElementById('stage').childElementCount + document.getElementById('questions').childElementCount"
        )
        == 0
    )


def repeated_keys(page: Page) -> list[str]:
    """Chords that two commands of one editor would answer to at once."""
    return page.evaluate("""() => {
        const chords = bench.stage.commands().filter(({ when }) => when?.() ?? true).flatMap(({ keys }) => keys ?? []);
        return chords.filter((chord, at) => chords.indexOf(chord) !== at);
    }""")


HOSTILE = """# Title

| a | b |
|---|---|
| 1 | 2 |

<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://example.org/p.png)
"""
SHOWN = {
    "text": LOREM,
    "markdown": HOSTILE,
    "chat": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "**Hello**", "thinking": "hm"},
    ],
    "image": RBC,
    "audio": DIGIT,
    "trajectory": {
        "goal": "Book a flight.",
        "policy": "Ask first.",
        "steps": [
            {"actor": "user", "text": "To Oslo."},
            {"actor": "agent", "thought": "hm", "calls": [{"name": "search", "arguments": {"to": "OSL"}}], "ms": 1200},
            {"actor": "tool", "call_name": "search", "observation": "none " * 500, "error": True},
            {
                "actor": "agent",
                "action": "click",
                "screenshot": RBC,
                "pointer": [{"x": 9, "y": 9}],
                "boxes": [[1, 1, 5, 5]],
            },
        ],
        "result": {"booked": False},
    },
    "table": [{"id": "a", "name": "Lamp", "price": 12.5, "new": True}, {"name": "https://example.org/x", "more": None}],
    "items": ["one", {"id": "b", "title": "Two", "content": "two", "model": "m-1"}],
}


@pytest.mark.parametrize("kind", VIEWERS)
def test_viewers_survive_being_shown_and_taken_away(page: Page, kind: str) -> None:
    mount(page, schema_of([{"name": "field", "type": kind}]), {"field": SHOWN[kind]})
    shown = page.locator(f"mh-view-{kind}")
    assert shown.count() == 1
    assert (
        page.evaluate("document.querySelector('#stage script, #stage [onerror], #stage a[href^=javascript]')") is None
    )
    page.evaluate("bench.stage.zoom(1)")
    page.evaluate("bench.dispose()")
    assert shown.count() == 0


def test_a_picture_that_is_missing_can_be_tried_again(page: Page) -> None:
    schema = schema_of([{"name": "image", "type": "image"}])
    page.evaluate(
        "(options) => bench.mount(options)",
        {"schema": schema, "payload": {"image": {"src": "/media/none.jpg"}}, "exits": True},
    )
    assert page.locator(".media-card button").all_inner_texts() == ["Try again", "Report as broken", "Skip"]


# --- spans -----------------------------------------------------------------------------------------------------------


def test_spans_with_the_keyboard_alone(page: Page) -> None:
    ner = preset("ner")["schema"]
    mount(page, ner, {"text": LOREM})
    page.evaluate("bench.stage.activate('entities')")
    press(page, "Control+Home", "Control+Shift+ArrowRight", "p")
    assert value(page)["entities"]["spans"] == [{"id": "r1", "label": "person", "start": 0, "end": 3, "text": "Ada"}]
    press(page, "l")  # the selected mark gets another label
    assert value(page)["entities"]["spans"][0]["label"] == "location"
    press(page, "End", *["Shift+ArrowLeft"] * 5)
    assert page.evaluate("getSelection().toString()") == "ater."
    press(page, "c")
    assert value(page)["entities"]["spans"][1]["text"] == "ater."
    press(page, ",", "Delete")
    assert [span["text"] for span in value(page)["entities"]["spans"]] == ["ater."]
    after = value(page)
    assert undo_all(page) == 4
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after


def test_spans_count_code_points_and_take_whole_characters(page: Page) -> None:
    mount(page, preset("ner")["schema"], {"text": "a👩‍👩‍👧b q̈x"})
    page.evaluate("bench.stage.activate('entities')")
    press(
        page, "Control+Home", "ArrowRight", "Shift+ArrowRight", "g", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "p"
    )
    assert [(span["start"], span["end"], span["text"]) for span in value(page)["entities"]["spans"]] == [
        (1, 6, "👩‍👩‍👧"),
        (8, 10, "q̈"),
    ]


def test_spans_with_the_mouse(page: Page) -> None:
    """Half a word pulled over takes the whole word; the labels stand beside it; a click on the mark selects it."""
    mount(page, preset("ner")["schema"], {"text": "Grace Hopper wrote it"})
    box = page.locator(".text-line").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 10, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, middle, steps=4)
    page.mouse.up()
    page.locator(".label-popover button", has_text="Person").click()
    assert value(page)["entities"]["spans"] == [
        {"id": "r1", "label": "person", "start": 0, "end": 12, "text": "Grace Hopper"}
    ]
    press(page, "Escape")
    page.locator("mark").click()
    page.locator(".label-popover button[aria-label=Delete]").click()
    assert value(page)["entities"]["spans"] == []


def test_nothing_to_mark_is_said_and_taken_back(page: Page) -> None:
    mount(page, preset("ner")["schema"], {"text": "so it goes"})
    assert [code for code, _ in page.evaluate("bench.stage.validate().map(({code, path}) => [code, path])")] == [
        "required"
    ]
    press(page, "Alt+0")
    assert value(page) == {"entities": {"spans": [], "none": True}}
    press(page, "Alt+0")
    assert value(page) == {}


def test_attributes_and_connections(page: Page) -> None:
    relations = preset("relations")
    mount(page, relations["schema"], relations["example"]["payload"])
    page.evaluate("bench.stage.activate('graph')")
    press(page, "Control+Home", "Control+Shift+ArrowRight", "1", "Control+End", "Control+Shift+ArrowLeft", "3")
    page.locator(".relations select").nth(0).select_option("works_for")
    press(page, ",")
    page.locator(".relations button", has_text="Connect").click()
    graph = value(page)["graph"]
    assert graph["relations"] == [{"id": "e1", "type": "works_for", "from": "r1", "to": "r2"}]
    press(page, "Delete")
    assert "relations" not in value(page)["graph"]
    mqm = preset("mqm")
    mount(page, mqm["schema"], mqm["example"]["payload"], value=mqm["example"]["value"])
    page.locator("#marks button").first.click()
    press(page, "3")
    assert value(page)["errors"]["spans"][0]["attributes"] == {"severity": "critical"}


def test_one_mark_in_a_long_text_redraws_its_line_only(page: Page) -> None:
    text = "\n".join("Ada met Grace in Oslo and went on to Rome without a word." for _ in range(400))
    spans = [{"id": f"r{at + 1}", "label": "person", "start": at * 58, "end": at * 58 + 3} for at in range(399)]
    mount(page, preset("ner")["schema"], {"text": text}, value={"entities": {"spans": spans}})
    page.evaluate("""() => {
        globalThis.touched = new Set();
        const observer = new MutationObserver((all) => all.forEach(({ target }) => touched.add(target)));
        observer.observe(document.querySelector(".text-part"), { childList: true, subtree: true });
    }""")
    page.evaluate("bench.stage.activate('entities')")
    press(page, "Control+End", "Control+Shift+ArrowLeft", "l")
    page.evaluate("bench.nextFrame()")
    assert page.evaluate("touched.size") == 1


# --- verdicts --------------------------------------------------------------------------------------------------------


def test_a_walk_with_the_keyboard_alone(page: Page) -> None:
    """A digit judges and goes on; a fault waits for its reason and ends the walk; one step back per judgement."""
    steps = preset("step_labels")
    mount(page, steps["schema"], {"problem": "3*4+2?", "steps": ["3*4 is 12.", "12+2 is 15.", "So 15."]})
    page.evaluate("bench.stage.activate('steps_ok')")
    press(page, "1", "3")
    assert codes(page) == [["reason_missing", "/steps_ok/items/1/reason"]]
    press(page, "r", *"14", "u")  # in the field all keys are words
    page.evaluate("document.activeElement.blur()")
    press(page, "u")
    found = value(page)["steps_ok"]
    assert found["items"][1] == {"item": "1", "verdict": "bad", "reason": "14u", "unsure": True}
    assert found["first"] == "1"
    assert codes(page) == []
    assert page.locator(".rail__step:disabled").count() == 1
    press(page, "ArrowUp", "2", "1")
    assert [each["verdict"] for each in value(page)["steps_ok"]["items"]] == ["neutral", "good"]
    assert codes(page) == [["missing_item", "/steps_ok/items"]]
    after = value(page)
    assert undo_all(page) == 6
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after


def test_an_agents_step_gets_a_better_call_and_is_the_first_fault(page: Page) -> None:
    review = preset("trajectory_review")
    payload = review["example"]["payload"]
    run = {**payload["run"], "steps": [*payload["run"]["steps"], {"actor": "agent", "text": "There is none."}]}
    mount(page, review["schema"], {**payload, "run": run})
    page.evaluate("bench.stage.activate('steps')")
    press(page, "3", "c", "f")  # a fault stays in hand
    page.locator("[data-do=fix]").fill("search")
    page.locator("[data-do=arguments]").fill('{"to": "OSL"')
    assert codes(page)[0] == ["fix_type", "/steps/items/0/fix"]
    page.locator("[data-do=arguments]").fill('{"to": "OSL"}')
    page.get_by_role("button", name="Wrong arguments").click()
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "ArrowDown", "1")
    assert value(page)["steps"] == {
        "items": [
            {
                "item": "1",
                "verdict": "wrong",
                "fix": {"name": "search", "arguments": {"to": "OSL"}},
                "codes": ["wrong_args"],
            },
            {"item": "3", "verdict": "correct"},
        ],
        "first": "1",
    }


def test_evidence_is_quoted_from_the_reply(page: Page) -> None:
    grade = preset("rubric_grade")
    mount(page, grade["schema"], grade["example"]["payload"])
    page.evaluate("bench.stage.activate('grades')")
    press(page, "y", "ArrowUp")
    page.locator("[data-field=response] .text-part").focus()
    press(page, "Control+Home", "Control+Shift+ArrowRight")
    page.evaluate("bench.stage.activate('grades')")
    press(page, "e")
    assert value(page)["grades"]["items"][0]["evidence"] == [{"field": "response", "start": 0, "end": 3, "text": "Yes"}]
    page.get_by_role("button", name="Take the quote off").click()
    assert value(page)["grades"]["items"] == [{"item": "c1", "verdict": "met"}]


def test_a_long_run_stays_quick(page: Page) -> None:
    """Of two hundred steps only the two that a verdict touches are drawn anew."""
    steps = preset("step_labels")
    mount(page, steps["schema"], {"problem": "?", "steps": [f"Step {n}." for n in range(200)]})
    page.evaluate("""() => {
        globalThis.touched = new Set();
        const observer = new MutationObserver((all) => all.forEach(({ target }) => touched.add(target)));
        observer.observe(document.querySelector(".rail"), { childList: true, subtree: true });
    }""")
    page.evaluate("bench.stage.activate('steps_ok')")
    press(page, "1")
    page.evaluate("bench.nextFrame()")
    assert page.evaluate("touched.size") == 2


# --- tool calls ------------------------------------------------------------------------------------------------------


def test_calls_are_written_with_the_keyboard_alone(page: Page) -> None:
    """A digit adds a call and stands in its first argument; what is half written is no answer; nothing is called for a reason."""
    made = preset("tool_call")
    mount(page, made["schema"], made["example"]["payload"])
    page.evaluate("bench.stage.activate('calls')")
    press(page, "1", "2")
    assert value(page)["calls"] == {"calls": [{"name": "weather", "arguments": {"city": "2"}}]}
    press(page, "Tab", "9", "Tab", "ArrowDown", "Tab", "7", "Enter", "8")
    assert codes(page) == [["bad_arguments", "/calls/calls/0/arguments/days"]]
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "2", "x")
    first = {"name": "weather", "arguments": {"city": "2", "days": 9, "unit": "celsius", "hours": [7, 8]}}
    assert value(page)["calls"] == {"calls": [first, {"name": "web_search", "arguments": {"query": "x"}}]}
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "Backspace")
    assert value(page)["calls"] == {"calls": [first]}
    after = value(page)
    undo_all(page)
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "n", "Tab", "Space", "Tab", "Tab", *"Why?")
    assert value(page)["calls"] == {"calls": [], "no_call": "missing", "clarify": "Why?"}
    assert codes(page) == []


def test_a_number_is_typed_and_what_is_wrong_with_it_is_said(page: Page) -> None:
    asked = {
        "name": "q",
        "type": "number",
        "title": {"en": "How long?"},
        "config": {"min": 1, "max": 60, "decimals": 1, "unit": "min"},
    }
    mount(page, schema_of([{"name": "text", "type": "text"}], asked), {"text": "x"})
    page.locator("mh-edit-number input").focus()
    press(page, *"12.55")
    assert (value(page), codes(page)) == ({"q": 12.55}, [["too_precise", "/q"]])
    press(page, "Backspace")
    assert (value(page), codes(page)) == ({"q": 12.5}, [])
    press(page, "Backspace", "Backspace", "Backspace", "Backspace", "0")
    assert codes(page) == [["out_of_range", "/q"]]
    press(page, "Backspace")
    assert value(page) == {}
    assert undo_all(page) == 1
    assert value(page) == {}


def test_what_would_be_as_right_is_said_by_the_keyboard_alone(page: Page) -> None:
    """Behind one button for all arguments; what the tool does not take is found, and undone it is there again."""
    made = preset("tool_call")
    mount(page, made["schema"], made["example"]["payload"])
    page.evaluate("bench.stage.activate('calls')")
    press(page, "1", *"Oslo", "Tab", "Tab", "Tab", "Tab", "Enter", *"Oslo, N", "Enter", *"Christiania")
    oslo = {
        "calls": [{"name": "weather", "arguments": {"city": "Oslo"}}],
        "accept": [{"city": ["Oslo, N", "Christiania"]}],
    }
    assert value(page)["calls"] == oslo
    press(page, "Tab", "Tab", "9", "Tab", "Space")  # days: 9 would be as right, or nothing
    assert value(page)["calls"]["accept"] == [{"city": ["Oslo, N", "Christiania"], "days": [9, ""]}]
    assert codes(page) == [["bad_arguments", "/calls/accept/0/days/0"]]
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "2", "x")
    assert value(page)["calls"]["accept"][1] == {}
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, "Backspace", "Backspace")
    assert value(page) == {}
    page.evaluate("bench.stage.undo()")
    page.evaluate("bench.stage.undo()")
    assert value(page)["calls"]["accept"][0]["city"] == ["Oslo, N", "Christiania"]
    assert (
        page.get_by_role("group", name="city: what else").get_by_role("textbox").input_value() == "Oslo, N\nChristiania"
    )


def test_answers_with_calls_are_held_against_each_other(page: Page) -> None:
    """The order of calls means nothing; a sign stands where those differ that make the call."""
    now, far = {"name": "now", "arguments": {}}, {"name": "find", "arguments": {"of": "x", "to": [1]}}
    near = {"name": "find", "arguments": {"to": [2], "of": "x"}}
    values = [[now, far], [far, now], [near], []]
    answers = [{"name": name, "value": {"q": {"calls": calls}}} for name, calls in zip("ABCD", values, strict=True)]
    answers[2]["value"]["q"]["accept"] = [{"of": ["y", "z"]}]
    answers[3]["value"]["q"]["no_call"] = "unfit"
    question = {"name": "q", "type": "tool_calls", "title": "Q", "config": {"no_call": [{"key": "unfit"}]}}
    rows, alike = page.evaluate(
        """async (item) => {
            const { comparisons } = await import("@mh/app/desk-cards");
            const { differences } = await import("@mh/app/desk-differences");
            const [card] = comparisons(item, new Set(), []);
            const alike = differences({ ...item, answers: item.answers.slice(0, 2) }).size === 0;
            return [[...card.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent)), alike];
        }""",
        {"schema": {"questions": [question]}, "payload": {}, "answers": answers},
    )
    assert alike
    assert rows == [
        ["find ≠", "✓", "✓", "✓", "–"],
        ["find · of", "x", "x", "x or y · z", "–"],
        ["find · to ≠", "[1]", "[1]", "[2]", "–"],
        ["now ≠", "✓", "✓", "–", "–"],
        ["No call ≠", "–", "–", "–", "Call nothing: unfit"],
    ]


# --- records ---------------------------------------------------------------------------------------------------------


def criteria(page: Page) -> list[tuple[str, str | None, Any]]:
    """The rows so far: (text, id of the row above, points)."""
    return [
        (row["cells"].get("text"), row.get("parent"), row["cells"].get("points"))
        for row in value(page)["criteria"]["records"]
    ]


def test_a_list_is_written_with_the_keyboard_alone(page: Page) -> None:
    """Enter adds a row at the end, Alt with an arrow moves it or puts it below another, Alt+Delete removes it; all can be undone."""
    made = preset("rubric_author")
    mount(page, made["schema"], made["example"]["payload"])
    page.evaluate("bench.stage.activate('criteria')")
    press(page, *"Says why it is", "Tab", "5", "Tab", "a", "Tab", "Space", "Shift+Tab", "Shift+Tab", "Enter")
    assert page.locator(".records__row").count() == 2
    assert criteria(page) == [("Says why it is", None, 5)]  # nothing is written in the second
    press(page, "Alt+Enter")
    assert page.locator(".records__row").count() == 2  # which is as good as a new one
    assert value(page)["criteria"]["records"][0]["cells"] == {
        "text": "Says why it is",
        "points": 5,
        "axis": "accuracy",
        "must": True,
    }
    press(page, *"Is too long", "Tab", "-", "3", "Alt+Enter", *"Names a study", "Tab", "2", "Enter", "Shift+Tab")
    assert criteria(page) == [("Says why it is", None, 5), ("Is too long", None, -3), ("Names a study", None, 2)]
    press(page, "Shift+Tab")
    page.locator("[aria-label='Points, row 3']").focus()
    press(page, "Alt+ArrowUp", "Alt+ArrowRight")
    assert criteria(page) == [("Says why it is", None, 5), ("Names a study", "r1", 2), ("Is too long", None, -3)]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Points, row 1.1"
    press(page, "Enter", "Alt+ArrowUp")
    assert criteria(page) == [("Is too long", None, -3), ("Says why it is", None, 5), ("Names a study", "r1", 2)]
    page.locator("[aria-label='Points, row 2.1']").focus()
    press(page, "Alt+ArrowLeft", "Alt+Delete")
    assert criteria(page) == [("Is too long", None, -3), ("Says why it is", None, 5)]
    after = value(page)
    undo_all(page)
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after


def test_what_is_wrong_stands_in_its_cell(page: Page) -> None:
    """The cell is named and described; what is about the list as a whole is said below the question."""
    made = preset("rubric_author")
    records = [
        {"id": "r1", "cells": {"text": "Short", "points": 0}},
        {"id": "r2", "cells": {"text": "Says why it is", "points": 12}},
    ]
    mount(page, made["schema"], made["example"]["payload"], value={"criteria": {"records": records}})
    assert codes(page) == [
        ["too_short", "/criteria/records/0/cells/text"],
        ["not_allowed", "/criteria/records/0/cells/points"],
        ["out_of_range", "/criteria/records/1/cells/points"],
        ["too_few", "/criteria/records"],
    ]
    page.evaluate("bench.stage.showProblems(bench.stage.validate())")
    assert page.locator(".records__problem:visible").all_inner_texts() == [
        "At least 8 characters wanted.",
        "This value is not allowed here.",
        "This must lie between -10 and 10.",
    ]
    assert page.locator(".problems:visible").all_inner_texts() == ["At least 3 wanted."]
    assert page.locator("[aria-invalid]").count() == 3
    assert violations_of_axe(page) == []
    page.evaluate("bench.stage.validate()[2].focus()")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Points, row 2"
    page.evaluate("bench.stage.showProblems([])")
    assert page.locator(".records__problem:visible, [aria-invalid]").count() == 0


def test_cells_of_every_kind_and_rows_to_start_from(page: Page) -> None:
    """A task brings rows; each kind of cell has its control, and on a narrow screen a row is a card."""
    columns = [
        {"key": "name", "type": "text"},
        {"key": "link", "type": "url"},
        {"key": "tags", "type": "choices", "options": [{"key": "x"}, {"key": "y"}]},
        {"key": "day", "type": "date"},
        {"key": "of", "type": "ref", "to": "rows"},
        {"key": "code", "type": "code"},
    ]
    asked = {"name": "q", "type": "records", "title": "Q", "config": {"columns": columns, "prefill": "rows", "min": 0}}
    payload = {"rows": [{"id": "a", "title": "First", "name": "Ada"}, {"id": "b", "title": "Second"}]}
    mount(page, schema_of([{"name": "rows", "type": "items"}], asked), payload)
    assert value(page)["q"]["records"] == [{"id": "a", "cells": {"name": "Ada"}}]
    page.set_viewport_size({"width": 700, "height": 900})
    page.evaluate("bench.stage.activate('q')")
    press(page, "Tab", *"https://example.org", "Tab", "Tab", "Space", "Tab", *"03142026")
    page.locator("[aria-label='of, row 1']").focus()
    press(page, "S", "Tab", *" x")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert value(page)["q"]["records"][0]["cells"] == {
        "name": "Ada",
        "link": "https://example.org",
        "tags": ["y"],
        "day": "2026-03-14",
        "of": "b",
        "code": " x",
    }
    assert codes(page) == []
    page.locator("[aria-label='Remove row 1']").click()
    assert value(page)["q"] == {"records": []}
    press(page, "Alt+0")
    assert value(page)["q"] == {"records": [], "none": True}


def test_lists_are_held_against_each_other(page: Page) -> None:
    """Rows that are nearly the same stand side by side, and the cells in which they differ carry a sign."""
    columns = [
        {"key": "text", "type": "text"},
        {"key": "points", "type": "integer", "title": "Points"},
        {"key": "must", "type": "boolean"},
    ]
    question = {"name": "q", "type": "records", "title": "Q", "config": {"columns": columns, "match": ["text"]}}

    def rows(*made: tuple[str, int]) -> dict[str, Any]:
        return {
            "records": [
                {"id": f"r{at}", "cells": {"text": text, "points": n, "must": False}}
                for at, (text, n) in enumerate(made)
            ]
        }

    near = "Says that food lowers stomach upset"
    values = [
        rows((near, 5), ("Is short", 1)),
        rows(("is  SHORT", 1), (f"{near}s", 4)),
        rows((near, 5), ("Is short", 1)),
    ]
    answers = [{"name": name, "value": {"q": given}} for name, given in zip("ABC", values, strict=True)]
    cells, differ, places = page.evaluate(
        """async ({ item, same }) => {
            const { comparisons } = await import("@mh/app/desk-cards");
            const { differences } = await import("@mh/app/desk-differences");
            const { pins } = await import("@mh/app/pins");
            const [card] = comparisons(item, new Set(), []);
            const cells = [...card.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
            return [cells, [item, same].map((each) => differences(each).size), pins(item, item.answers[0].value).map(({ path }) => path)];
        }""",
        {
            "item": {"schema": {"questions": [question]}, "payload": {}, "answers": answers},
            "same": {"schema": {"questions": [question]}, "payload": {}, "answers": answers[::2]},
        },
    )
    assert cells == [
        ["1 ≠", f"{near}Points: 5 ≠", f"{near}sPoints: 4 ≠", f"{near}Points: 5 ≠"],
        ["2", "Is shortPoints: 1", "is  SHORTPoints: 1", "Is shortPoints: 1"],
    ]
    assert differ == [1, 0]
    assert places == ["/q", "/q/records/0", "/q/records/1"]


# --- segments --------------------------------------------------------------------------------------------------------


def test_recordings_are_held_against_each_other(page: Page) -> None:
    """Other words are lit, another speaker carries a sign, whatever the speakers are called; a step leads to what differs."""
    config = {"speakers": {"max": 4}, "transcript": "required"}
    question = {"name": "q", "type": "segments", "title": "Q", "on": "audio", "config": config}

    def heard(*said: tuple[str, str]) -> dict[str, Any]:
        cut = [
            {"id": f"s{at}", "start": at / 5, "end": (at + 1) / 5, "speaker": speaker, "text": text}
            for at, (speaker, text) in enumerate(said)
        ]
        return {"q": {"segments": cut}}

    values = [
        heard(("S1", "one two"), ("S2", "three")),
        heard(("S2", "one two"), ("S1", "three")),
        heard(("S1", "one too"), ("S1", "three")),
    ]
    answers = [{"name": name, "value": given} for name, given in zip("ABC", values, strict=True)]
    lines = page.evaluate(
        """async (item) => {
            const { comparisons } = await import("@mh/app/desk-cards");
            const [card] = comparisons(item, new Set(), []);
            return [...card.querySelectorAll("li")].map((line) => [
                [...line.querySelectorAll("ins")].map(({ textContent }) => textContent).join(),
                line.querySelector(".desk-sign") !== null, line.querySelector("button").dataset.differs !== undefined,
            ]);
        }""",
        {"schema": {"questions": [question]}, "payload": {}, "answers": answers},
    )
    alike = ["", False, False]
    assert lines == [alike, alike, alike, alike, ["too", False, True], ["", True, True]]


def test_a_recording_is_written_down_with_the_keyboard_alone(page: Page) -> None:
    """Cut where somebody else speaks, name them, write what is said; ends are typed; what is left open is said at its place."""
    made = preset("transcribe")
    mount(page, made["schema"], {"audio": DIGIT})
    page.evaluate("bench.stage.activate('speech')")
    press(page, "s")
    first = {"id": "r1", "start": 0, "end": 0.458, "speaker": "S1"}
    assert value(page)["speech"] == {"segments": [first]}
    at(page, 0.2)
    press(page, "s", "2")
    parts = [{**first, "end": 0.2}, {"id": "r2", "start": 0.2, "end": 0.458, "speaker": "S2"}]
    assert value(page)["speech"] == {"segments": parts}
    open_ = [["required", f"/speech/segments/{place}/text"] for place in (0, 1)]
    assert page.evaluate("bench.stage.validate().map(({code, path}) => [code, path])") == open_
    press(page, ",", "Enter", *"ze", "Enter", *"ro", "Enter")
    assert [each["text"] for each in value(page)["speech"]["segments"]] == ["ze", "ro"]
    press(page, "9")
    assert value(page)["speech"]["segments"][1]["tags"] == ["noise"]
    assert codes(page) == []
    at(page, 0.3)
    press(page, "i")
    assert value(page)["speech"]["segments"][1]["start"] == 0.3
    field = page.get_by_label("End of segment 1")
    field.fill("0:00.31")
    field.press("Enter")
    assert [each["end"] for each in value(page)["speech"]["segments"]] == [0.31, 0.458]
    after = value(page)
    undo_all(page)
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, ",", "Delete", "Delete", "Alt+0")
    assert value(page) == {"speech": {"segments": [], "none": True}}


def at(page: Page, seconds: float) -> None:
    """Put the playhead there, and the keyboard to the question."""
    page.locator(".sound__track").click(position={"x": seconds / 0.458 * track(page)["width"], "y": 60})
    page.evaluate("(at) => document.querySelector('mh-view-audio').surface().seek(at)", seconds)
    page.evaluate("bench.stage.current.frame.element.focus()")


def track(page: Page) -> dict[str, float]:
    found = page.locator(".sound__track").bounding_box()
    assert found is not None
    return dict(found)


def test_a_stretch_is_played_and_its_ends_are_pulled(page: Page) -> None:
    """While it sounds its row is lit; Space stops it; an end follows the mouse as one step of undo."""
    schema = {"labels": [{"key": "voice"}, {"key": "noise"}]}
    question = {"name": "q", "type": "segments", "title": "Q", "on": "audio", "config": schema}
    given = {"segments": [{"id": "a", "start": 0.1, "end": 0.4, "label": "voice"}]}
    mount(page, schema_of([{"name": "audio", "type": "audio"}], question), {"audio": DIGIT}, value={"q": given})
    page.evaluate("document.querySelector('mh-view-audio').surface().faster(-2)")
    page.get_by_label("Play segment 1").click()
    page.locator(".segment.is-playing").wait_for()
    page.locator(".sound button[title=Play]").wait_for()
    assert page.evaluate("document.querySelector('mh-view-audio').surface().position") == pytest.approx(0.4, abs=0.01)
    assert page.locator(".segment.is-playing").count() == 0
    box = track(page)
    page.mouse.move(box["x"] + box["width"] * 0.4 / 0.458 - 3, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3 / 0.458, box["y"] + 60, steps=4)
    page.mouse.up()
    assert value(page)["q"]["segments"][0]["end"] == pytest.approx(0.3, abs=0.01)
    assert undo_all(page) == 1
    assert value(page)["q"] == given
    page.evaluate("bench.stage.current.frame.element.focus()")
    press(page, ".", "2")
    assert value(page)["q"]["segments"][0]["label"] == "noise"


def test_transcripts_are_held_against_each_other(page: Page) -> None:
    """Wherever they are cut, only the words that differ are lit; each stretch asks for its sound."""
    said = [["the cat sat", "on a mat"], ["the cat sat on", "the mat"]]
    values = [
        {"segments": [{"id": f"r{at}", "start": at, "end": at + 1, "text": text} for at, text in enumerate(texts)]}
        for texts in said
    ]
    answers = [{"name": name, "value": {"q": each}} for name, each in zip("AB", values, strict=True)]
    question = {"name": "q", "type": "segments", "title": "Q", "on": "audio", "config": {"transcript": "required"}}
    lines, asked, places = page.evaluate(
        """async (item) => {
            const { pins } = await import("@mh/app/pins");
            const { comparisons } = await import("@mh/app/desk-cards");
            const [card] = comparisons(item, new Set(), []);
            let asked = null;
            card.addEventListener("mh:play", ({ detail }) => (asked = detail));
            card.querySelectorAll("button")[1].click();
            const lines = [...card.querySelectorAll("li .prewrap")].map((each) => each.innerHTML);
            return [lines, asked, pins(item, item.answers[0].value).map(({ path, words }) => [path, words])];
        }""",
        {"schema": {"questions": [question]}, "payload": {}, "answers": answers},
    )
    assert lines == [
        "the cat sat",
        "on <del>the</del><ins>a</ins> mat",
        "the cat sat on",
        "<del>a</del><ins>the</ins> mat",
    ]
    assert asked == {"field": "audio", "start": 1, "end": 2}
    assert places[1:] == [
        ["/q/segments/0", "Q › 0:00.0–0:01.0: the cat sat"],
        ["/q/segments/1", "Q › 0:01.0–0:02.0: on a mat"],
    ]


# --- regions ---------------------------------------------------------------------------------------------------------

PICTURE = [{"name": "image", "type": "image"}]
CELLS = {
    "name": "cells",
    "type": "regions",
    "title": {"en": "Cells"},
    "on": "image",
    "config": {"labels": [{"key": "RBC"}, {"key": "WBC"}], "shapes": ["box", "polygon"], "confirm_empty": True},
}


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the 640 x 480 picture is on screen."""
    frame = page.locator(".raster__frame").bounding_box()
    assert frame is not None
    scale = min(frame["width"] / 640, frame["height"] / 480)
    return frame["x"] + (frame["width"] - 640 * scale) / 2 + x * scale, frame["y"] + (
        frame["height"] - 480 * scale
    ) / 2 + y * scale


def pull(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=4)
    page.mouse.up()


def close_to(given: list[float], wanted: list[float]) -> bool:
    """Within a pixel: the picture is larger on screen than in itself."""
    return all(abs(one - other) <= 1.01 for one, other in zip(given, wanted, strict=True))


def test_boxes_and_polygons_with_the_mouse(page: Page) -> None:
    mount(page, schema_of(PICTURE, CELLS), {"image": RBC})
    press(page, "2")
    pull(page, (100, 100), (200, 220))
    pull(page, (200, 220), (240, 260))  # its corner
    pull(page, (300, 20), (380, 90))
    for point in ((500, 300), (450, 340), (560, 340), (500, 400)):
        page.mouse.click(*place(page, *point))  # outermost points
    press(page, "p")
    for point in ((20, 400), (90, 400), (60, 460)):
        page.mouse.click(*place(page, *point))
    press(page, "Enter", "v")
    pull(page, (340, 55), (350, 65))  # moves the second box
    boxes = value(page)["cells"]["regions"]
    assert [box["label"] for box in boxes] == ["WBC"] * 4
    wanted = [[100, 100, 140, 160], [310, 30, 80, 70], [450, 300, 110, 100]]
    assert all(close_to(box["bbox"], each) for box, each in zip(boxes, wanted, strict=False))
    assert boxes[3]["shape"] == "polygon"
    assert len(boxes[3]["points"]) == 3
    after = value(page)
    assert undo_all(page) == 6
    assert value(page) == {}
    redo_all(page)
    assert value(page) == after


def test_boxes_with_the_keyboard_alone(page: Page) -> None:
    mount(page, schema_of(PICTURE, CELLS), {"image": RBC})
    page.evaluate("bench.stage.activate('cells')")
    press(
        page,
        "2",
        *["Shift+ArrowLeft"] * 2,
        "Space",
        *["Shift+ArrowDown"] * 4,
        *["Shift+ArrowRight"] * 6,
        "Space",
        "Enter",
    )
    assert value(page)["cells"]["regions"] == [{"id": "r1", "label": "WBC", "shape": "box", "bbox": [300, 240, 60, 40]}]
    press(page, "v", "ArrowRight", "Shift+ArrowUp")
    assert value(page)["cells"]["regions"][0]["bbox"] == [301, 230, 60, 40]
    page.locator(".number-fields input").nth(2).fill("99.5")
    assert value(page)["cells"]["regions"][0]["bbox"] == [301, 230, 99.5, 40]
    page.evaluate("bench.stage.activate('cells')")
    press(
        page,
        "p",
        "Shift+ArrowUp",
        "Space",
        *["Shift+ArrowDown"] * 3,
        "Space",
        *["Shift+ArrowRight"] * 3,
        "Space",
        "Enter",
    )
    assert [region["shape"] for region in value(page)["cells"]["regions"]] == ["box", "polygon"]
    press(page, "Delete")
    assert len(value(page)["cells"]["regions"]) == 1


def test_pictures_among_items_name_their_item(page: Page) -> None:
    question = {**CELLS, "on": "pictures"}
    fields = [{"name": "pictures", "type": "items", "config": {"item_type": "image"}}]
    mount(page, schema_of(fields, question), {"pictures": [{"id": "a", "content": RBC}, {"id": "b", "content": RBC}]})
    frame = page.locator(".raster__frame").nth(1).bounding_box()
    assert frame is not None
    page.mouse.move(frame["x"] + 30, frame["y"] + 30)
    page.mouse.down()
    page.mouse.move(frame["x"] + 90, frame["y"] + 80, steps=3)
    page.mouse.up()
    assert [region["item"] for region in value(page)["cells"]["regions"]] == ["b"]
