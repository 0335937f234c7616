"""Questions and any valid answers to them, for tests that hold for every type."""

from hypothesis import strategies as st

from quality.aggregation.votes import Vote

KEYS = "abcd"


def votes(*values, weight=0.8):
    """One vote of a given trust per value, by c0, c1, ..."""
    return [Vote(f"c{index}", value, weight) for index, value in enumerate(values)]


def options(*keys, **flags):
    """Options by key; `abstain="x y"` flags the named ones."""
    return [{"key": key} | {flag: True for flag, named in flags.items() if key in named.split()} for key in keys]


own_words = st.sampled_from(["red", " Red ", "blue"]).map(lambda text: {"other": text})
subsets = st.lists(st.sampled_from(KEYS), unique=True).map(sorted)
rankings = st.lists(st.integers(0, 3), min_size=4, max_size=4).map(
    lambda places: {
        "order": [[key for key, at in zip(KEYS, places, strict=True) if at == place] for place in sorted(set(places))]
    }
)

STEPS = list("0123")
WALK = {
    "options": [{"key": "good"}, {"key": "neutral"}, {"key": "bad", "error": True, "stop": True}],
    "stop_at_first": True,
    "first": "derived",
}


def walk_of(letters):
    """ "gnb" -> good, neutral, bad: the walk over STEPS as far as it went."""
    names = {"g": "good", "n": "neutral", "b": "bad"}
    items = [{"item": item, "verdict": names[letter]} for item, letter in zip(STEPS, letters, strict=False)]
    return {"items": items} | ({"first": STEPS[letters.index("b")]} if "b" in letters else {})


walks = st.text("gn", max_size=3).map(lambda start: walk_of(start + "b")) | st.text("gn", min_size=4, max_size=4).map(
    walk_of
)
freely_judged = st.lists(st.sampled_from(KEYS), min_size=3, max_size=3).map(
    lambda verdicts: {"items": [{"item": str(at), "verdict": each} for at, each in enumerate(verdicts)]}
)

calls = st.lists(
    st.tuples(st.sampled_from(["now", "find"]), st.sampled_from([1, 1.0, True, "1"])).map(
        lambda call: {"name": call[0], "arguments": {"of": call[1]}}
    ),
    min_size=1,
    max_size=3,
).map(lambda made: {"calls": made})
uncalled = st.sampled_from(KEYS).map(lambda reason: {"calls": [], "no_call": reason})

COLUMNS = [
    {"key": "name", "type": "text", "required": True},
    {"key": "points", "type": "integer", "required": True},
    {"key": "must", "type": "boolean"},
]


def records_of(*rows):
    """Rows (name, points, must) with ids by their place."""
    cells = [dict(zip(("name", "points", "must"), row, strict=True)) for row in rows]
    return {"records": [{"id": f"r{place}", "cells": each} for place, each in enumerate(cells)]}


records = st.lists(
    st.tuples(
        st.sampled_from(["Gives a reason", "gives  a Reason", "Gives a reason.", "Is short"]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=4,
).map(lambda rows: records_of(*rows))

cuts = st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(sorted)
labelled = st.tuples(cuts, st.lists(st.sampled_from("xy"), min_size=4, max_size=4)).map(
    lambda made: segments_of(*zip(made[1], made[0][::2], made[0][1::2], strict=False))
)
spoken = st.tuples(cuts, st.lists(st.text("aB ,", min_size=1, max_size=6), min_size=4, max_size=4)).map(
    lambda made: segments_of(*zip(made[1], made[0][::2], made[0][1::2], strict=False), member="text")
)


def segments_of(*stretches, member="label"):
    """Stretches (label or text, start, end), in tenths of a second."""
    return {
        "segments": [
            {"id": f"r{place}", "start": start / 10, "end": end / 10, member: said}
            for place, (said, start, end) in enumerate(stretches)
        ]
    }


TEXT = "Ada lives in New York and likes the River Po."


def spans_of(*marks, none=False):
    """Spans (label, start, end) of TEXT, with ids and quotes."""
    spans = [
        {"id": f"r{index}", "label": label, "start": start, "end": end, "text": TEXT[start:end]}
        for index, (label, start, end) in enumerate(marks)
    ]
    return {"spans": spans} | ({"none": True} if none else {})


def boxes_of(*marks, none=False):
    """Boxes (label, x, y, width, height)."""
    regions = [
        {"id": f"r{index}", "label": label, "shape": "box", "bbox": list(box)}
        for index, (label, *box) in enumerate(marks)
    ]
    return {"regions": regions} | ({"none": True} if none else {})


@st.composite
def disjoint_spans(draw):
    cuts = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=8)))
    pairs = [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    pairs = [(start, end) for start, end in pairs if not {" "} & {TEXT[start], TEXT[end - 1]}]
    return spans_of(*((draw(st.sampled_from("xy")), start, end) for start, end in pairs), none=not pairs)


overlapping_spans = st.lists(
    st.tuples(st.sampled_from("xy"), st.integers(0, 20), st.integers(1, 20)).map(lambda s: (s[0], s[1], s[1] + s[2])),
    max_size=4,
    unique=True,
).map(lambda marks: spans_of(*sorted(marks, key=lambda mark: mark[1])))
some_boxes = st.lists(
    st.tuples(st.sampled_from("xy"), *[st.integers(0, 12)] * 2, *[st.integers(1, 12)] * 2), max_size=4
).map(lambda marks: boxes_of(*marks))
triangle = st.tuples(*[st.integers(0, 30)] * 3).map(lambda n: [[n[0], 0], [n[0] + 9 + n[1], n[1]], [n[2], 20 + n[2]]])
quadrangle = st.integers(1, 30).map(lambda n: [[0, 0], [n, 2], [n + 1, n + 3], [0, n + 1]])
turned_box = st.tuples(st.integers(0, 9), st.integers(4, 9), st.integers(-179, 180)).map(
    lambda n: {"id": "r", "label": "x", "shape": "box", "bbox": [n[0], n[0], n[1], 9], "angle": n[2]}
)
some_shapes = st.lists(
    (triangle | quadrangle).map(lambda points: {"id": "r", "label": "x", "shape": "polygon", "points": points})
    | turned_box,
    max_size=3,
).map(lambda marks: {"regions": [mark | {"id": f"r{index}"} for index, mark in enumerate(marks)]})
LABELS = [{"key": "x"}, {"key": "y"}]

QUESTIONS = {
    "choice": ("choice", {"options": options(*KEYS)}, {}, st.sampled_from(KEYS)),
    "choice with own words": (
        "choice",
        {"options": options(*KEYS), "other": True},
        {},
        st.sampled_from(KEYS) | own_words,
    ),
    "choice with abstention": ("choice", {"options": options(*KEYS, abstain="d")}, {}, st.sampled_from(KEYS)),
    "choice, ordinal": ("choice", {"options": options(*KEYS), "measure": "ordinal"}, {}, st.sampled_from(KEYS)),
    "choice, interval": (
        "choice",
        {"options": [{"key": key, "value": value} for key, value in zip(KEYS, (0, 1, 1, 10), strict=True)]}
        | {"measure": "interval"},
        {},
        st.sampled_from(KEYS),
    ),
    "choice from items": ("choice", {"options_from": "things"}, {"things": [{"id": "a"}, "b"]}, st.sampled_from("a1")),
    "choice of one": ("choice", {"options_from": "things"}, {"things": ["only"]}, st.just("0")),
    "choices": ("choices", {"options": options(*KEYS)}, {}, subsets),
    "choices, none of these": (
        "choices",
        {"options": options(*KEYS, exclusive="d"), "min": 1, "max": 2},
        {},
        st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(sorted) | st.just(["d"]),
    ),
    "rating": ("rating", {"min": 1, "max": 5}, {}, st.integers(1, 5)),
    "rating, interval": ("rating", {"min": -4, "max": 4, "measure": "interval"}, {}, st.integers(-4, 4)),
    "rating or na": ("rating", {"min": 1, "max": 4, "allow_na": True}, {}, st.integers(1, 4) | st.just("na")),
    "number": ("number", {"tolerance": 1}, {}, st.integers(-5, 5) | st.sampled_from([0.5, -1.25])),
    "number, exact": ("number", {"decimals": 1}, {}, st.sampled_from([0.1, 0.2, 0.3, 5])),
    "number, by its size": ("number", {"relative_tolerance": 0.1}, {}, st.sampled_from([0, 1, 95, 100, 105, 111])),
    "rating of one step": ("rating", {"min": 3, "max": 3}, {}, st.just(3)),
    "text, exact": ("text", {"compare": "exact"}, {}, st.sampled_from(["x", "X", "y"])),
    "text, normalised": ("text", {"compare": "normalised"}, {}, st.sampled_from(["x", " X", "y", ""])),
    "text, edit distance": ("text", {"compare": "edit_distance"}, {}, st.text("abc", max_size=6)),
    "text, words": ("text", {"compare": "words"}, {}, st.text("aB ,", max_size=12)),
    "text, free": ("text", {}, {}, st.text(max_size=5)),
    "preference": ("preference", {"steps": 1}, {}, st.sampled_from([-1, 1]).map(lambda score: {"score": score})),
    "preference, seven points": (
        "preference",
        {"steps": 3, "ties": True, "both_bad": True},
        {},
        st.integers(-3, 3).map(lambda score: {"score": score}) | st.just({"score": 0, "both_bad": True}),
    ),
    "ranking": ("ranking", {"ties": True, "all_bad": True}, {}, rankings | st.just({"order": [], "all_bad": True})),
    "ranking of one": ("ranking", {}, {}, st.just({"order": [["a"]]})),
    "spans": ("spans", {"labels": LABELS, "confirm_empty": True}, {"text": TEXT}, disjoint_spans()),
    "spans, any overlap": (
        "spans",
        {"labels": LABELS, "overlap": "any", "snap": "character"},
        {"text": TEXT},
        overlapping_spans,
    ),
    "boxes": ("regions", {"labels": LABELS, "shapes": ["box"]}, {}, some_boxes),
    "polygons and turned boxes": (
        "regions",
        {"labels": LABELS, "shapes": ["polygon", "box"], "iou": 0.3},
        {},
        some_shapes,
    ),
    "verdicts": ("verdicts", WALK, {}, walks),
    "calls of tools": ("tool_calls", {"parallel": True, "no_call": options(*KEYS)}, {}, calls | uncalled),
    "segments": ("segments", {"labels": LABELS}, {}, labelled),
    "segments, spoken": ("segments", {"transcript": "required"}, {}, spoken),
    "records": ("records", {"columns": COLUMNS, "match": ["name"]}, {}, records),
    "records, free": ("records", {"columns": COLUMNS}, {}, records),
    "verdicts, each by itself": ("verdicts", {"options": options(*KEYS, abstain="d")}, {}, freely_judged),
}
