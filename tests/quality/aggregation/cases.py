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
    "rating of one step": ("rating", {"min": 3, "max": 3}, {}, st.just(3)),
    "text, exact": ("text", {"compare": "exact"}, {}, st.sampled_from(["x", "X", "y"])),
    "text, normalised": ("text", {"compare": "normalised"}, {}, st.sampled_from(["x", " X", "y", ""])),
    "text, edit distance": ("text", {"compare": "edit_distance"}, {}, st.text("abc", max_size=6)),
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
}
