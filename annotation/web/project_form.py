"""The form of a project's settings, for a new one and for one that is there: people's units in front, the acts' units behind."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation.models import Organization, Project
from annotation.queries.customers import GRANTS
from annotation.questions.base import Problem, message_of
from annotation.web.estimators import CHOICES, ESTIMATORS
from annotation.web.preset_groups import words
from workforce.models import Sensitive, Skill, Team
from workforce.models.skills import PLATFORM
from workforce.templatetags.ui import MINOR_DIGITS

DAY_S = 86_400
LABELED = ("choice", "preference", "rating")  # questions whose answers an estimator can weigh
# Sampling plans: so many of each batch are looked at, so many of them may be wrong.
LOTS = {
    "": gettext_lazy("No plan"),
    "50 1": gettext_lazy("50 of each batch, 1 may be wrong"),
    "80 2": gettext_lazy("80 of each batch, 2 may be wrong"),
    "125 3": gettext_lazy("125 of each batch, 3 may be wrong"),
    "200 5": gettext_lazy("200 of each batch, 5 may be wrong"),
}
# Where a problem of an act belongs on the form: the beginning of its path.
PLACES = {
    "/name": "name",
    "/description": "description",
    "/guideline": "guideline",
    "/workforce": "workforce",
    "/terms/price_minor": "price",
    "/terms/review_price_minor": "review_price",
    "/terms/lease_s": "lease_min",
    "/terms/auto_accept_s": "judge_days",
    "/quality/overlap/min": "answers_min",
    "/quality/overlap/confidence": "confidence",
    "/quality/overlap": "answers_max",
    "/quality/aggregate": "aggregate",
    "/quality/gold/first": "practice_first",
    "/quality/gold": "gold_share",
    "/quality/review/share": "review_share",
    "/quality/review/second": "review_second",
    "/quality/review/lot": "review_lot",
    "/quality/review": "review_below",
    "/requirements/together": "together",
    "/requirements/languages": "languages",
    "/requirements/countries": "countries",
}


def _share(label: Any, help_text: Any = "", *, required: bool = True) -> forms.FloatField:
    return forms.FloatField(label=label, help_text=help_text, min_value=0, max_value=100, required=required)


class SettingsForm(forms.Form):
    """Prices in major units, times in minutes or days, shares in per cent. `values()` gives what the acts take.

    questions: as the schema has them, where there is one already.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("What it is, in one line"),
        help_text=gettext_lazy("People read it when they choose work."),
        max_length=1000,
        required=False,
    )
    price = forms.DecimalField(label=gettext_lazy("Pay per answer"), min_value=0, max_value=10_000)
    review_price = forms.DecimalField(label=gettext_lazy("Pay per review"), min_value=0, max_value=10_000)
    lease_min = forms.FloatField(
        label=gettext_lazy("Minutes for one task"),
        help_text=gettext_lazy("Extended while somebody works; otherwise the task goes to the next person."),
        min_value=0.5,
        max_value=525_600,
    )
    judge_days = forms.FloatField(
        label=gettext_lazy("Days in which an answer can be rejected"),
        help_text=gettext_lazy("Answers that nobody has judged by then are accepted and paid. 0: at once."),
        min_value=0,
        max_value=30,
    )
    answers_min = forms.IntegerField(label=gettext_lazy("Answers per task, at least"), min_value=1, max_value=50)
    answers_max = forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=50)
    confidence = _share(
        gettext_lazy("Enough at this confidence, %"),
        gettext_lazy(
            "More answers are asked for until the result reaches it. Left empty: 95, or 99 while what we have learned of people cannot "
            "be checked on 50 known tasks."
        ),
        required=False,
    )
    aggregate = forms.ChoiceField(
        label=gettext_lazy("How answers are weighed"),
        help_text=gettext_lazy(
            "For comparisons, ratings, and questions with one answer out of several. How people answer is learned from all"
            " answers to the project."
        ),
        choices=CHOICES,
    )
    gold_share = _share(
        gettext_lazy("Known answers, % of tasks"),
        gettext_lazy(
            "Hidden among the others; they show how good the answers are. This is the share for people whose work is known: it is five "
            "times as high in somebody's first 50 answers, 2.5 times in the next 150, and never more than a quarter. 0: none."
        ),
    )
    practice_first = forms.IntegerField(
        label=gettext_lazy("Tasks for practice that come first"),
        help_text=gettext_lazy(
            "The oldest so many are done by everybody before other work; the rest is kept for people whom you or a rule ask to practise"
            " again. Left empty: all come first."
        ),
        min_value=0,
        max_value=1_000,
        required=False,
    )
    review_share = _share(gettext_lazy("Reviewed at random, % of results"))
    review_below = _share(gettext_lazy("Always reviewed below this confidence, %"))
    review_second = _share(
        gettext_lazy("Decided by a second reviewer too, % of decisions"),
        gettext_lazy(
            "The second reviewer does not know it; where the two differ, an expert decides. It shows how good reviewers are. For a new "
            "reviewer it is twice the share."
        ),
    )
    review_lot = forms.ChoiceField(
        label=gettext_lazy("Sampling plan"),
        help_text=gettext_lazy(
            "Each batch passes or not by what reviewers find in a random sample. After two failed ones of the last five, everything is "
            "reviewed until five have passed."
        ),
        choices=LOTS.items(),
        required=False,
    )
    review_blind = forms.BooleanField(
        label=gettext_lazy("Reviewers say what they think first"),
        help_text=gettext_lazy("Only then do they see the merged value and how often each author was right."),
        required=False,
    )
    workforce = forms.ChoiceField(label=gettext_lazy("Who may work"), choices=Project.Workforce.choices)
    languages = forms.CharField(
        label=gettext_lazy("Languages needed"),
        help_text=gettext_lazy("Language tags, each with a level from 1 to 5 if it matters: en 4, zh-Hans"),
        required=False,
        max_length=300,
    )

    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        help_text=gettext_lazy("Where people must live, as two letters each: DE, FR. Empty: anywhere."),
        required=False,
        max_length=1000,
    )
    sensitive = forms.MultipleChoiceField(
        label=gettext_lazy("The tasks may show"),
        help_text=gettext_lazy("Only people who agreed to it beforehand get them, an hour a day at most."),
        choices=Sensitive.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    apart = forms.MultipleChoiceField(
        label=gettext_lazy("No two answers to a task from the same"),
        choices=Team.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    together = forms.BooleanField(
        label=gettext_lazy("Done together"),
        help_text=gettext_lazy(
            "All answers to a task are given at the same time, by people who are called when enough of them wait."
            " Needs as many answers at least as at most."
        ),
        required=False,
    )

    estimators = ESTIMATORS

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organization: Organization,
        questions: Sequence[Mapping[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.digits = MINOR_DIGITS.get(organization.currency, 2)
        self.skills = list(
            Skill.objects.filter(Q(owner_key=PLATFORM) | Q(owner_key=f"org:{organization.public_id}"))
            .exclude(name__in=GRANTS)
            .order_by("name", "id")[:50]
        )
        for skill in self.skills:
            self.fields[f"skill_{skill.public_id}"] = forms.IntegerField(
                label=skill.name, min_value=0, max_value=100, required=False
            )

        plan = self.initial.get("review_lot", "")
        if plan not in LOTS:
            self.fields["review_lot"].choices = [*LOTS.items(), (plan, plan)]  # type: ignore[attr-defined]  # a ChoiceField
        self.questions = [each["name"] for each in questions if each["type"] in LABELED] if len(questions) > 1 else []
        for each in questions:
            if each["name"] in self.questions:
                self.fields[f"aggregate_{each['name']}"] = forms.ChoiceField(
                    label=words(each["title"]), choices=[("", _("As above")), *CHOICES], required=False
                )

    @property
    def question_fields(self) -> list[forms.BoundField]:
        """One per question whose answers can be weighed, where there are several questions: empty if it is weighed as all."""
        return [self[f"aggregate_{name}"] for name in self.questions]

    @property
    def has_own_estimators(self) -> bool:
        """Is a question weighed otherwise?"""
        return any(field.value() for field in self.question_fields)

    @property
    def skill_fields(self) -> list[forms.BoundField]:
        """One per skill: the least level, empty if the skill is not asked for."""
        return [self[f"skill_{skill.public_id}"] for skill in self.skills]

    def clean_languages(self) -> list[dict[str, Any]]:
        """`en 4, zh-Hans` as [{tag, level}]."""
        found = []
        for part in self.cleaned_data["languages"].replace(";", ",").split(","):
            tag, _blank, level = part.strip().partition(" ")
            if level and not level.strip().isdigit():
                raise forms.ValidationError(_("Write a language tag and, if it matters, a level from 1 to 5: en 4"))
            if tag:
                found.append({"tag": tag, "level": int(level or 1)})
        return found

    def clean_countries(self) -> list[str]:
        """`de, FR` as two capital letters each."""
        return [
            part.strip().upper() for part in self.cleaned_data["countries"].replace(";", ",").split(",") if part.strip()
        ]

    def values(self) -> dict[str, Any]:
        """Name, description, terms, quality, requirements and workforce, as `projects.create` and `configure` take them."""
        data = self.cleaned_data
        wanted = [(skill.public_id, data[f"skill_{skill.public_id}"]) for skill in self.skills]
        return {
            "name": data["name"],
            "description": data["description"],
            "workforce": data["workforce"],
            "terms": {
                "price_minor": self._minor(data["price"]),
                "review_price_minor": self._minor(data["review_price"]),
                "lease_s": round(data["lease_min"] * 60),
                "auto_accept_s": round(data["judge_days"] * DAY_S),
            },
            "quality": {
                "overlap": {
                    "min": data["answers_min"],
                    "max": data["answers_max"],
                    "confidence": None if data["confidence"] is None else data["confidence"] / 100,
                },
                "aggregate": data["aggregate"],
                "aggregate_for": {name: data[f"aggregate_{name}"] or None for name in self.questions},
                "gold": {"share": data["gold_share"] / 100, "first": data["practice_first"]},
                "review": {
                    "share": data["review_share"] / 100,
                    "below_confidence": data["review_below"] / 100,
                    "blind": data["review_blind"],
                    "second": data["review_second"] / 100,
                    "lot": _plan(data["review_lot"]),
                },
            },
            "requirements": {
                "languages": data["languages"],
                "skills": [{"skill": key, "value": level} for key, level in wanted if level is not None],
                "countries": data["countries"],
                "sensitive": data["sensitive"],
                "apart": data["apart"],
                **({"together": True} if data["together"] else {}),
            },
        }

    def _minor(self, amount: Decimal) -> int:
        return int((amount.scaleb(self.digits)).to_integral_value())

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Show what an act found wrong, each at its field; what has no field stands above the form."""
        for each in problems:
            place = next((name for path, name in PLACES.items() if each.path.startswith(path)), None)
            self.add_error(place if place in self.fields else None, in_words(each))


def _plan(chosen: str) -> dict[str, int] | None:
    """ "50 1" as {n, accept}."""
    return dict(zip(("n", "accept"), map(int, chosen.split()), strict=True)) if chosen else None


def initial_of(settings: Mapping[str, Any], organization: Organization) -> dict[str, Any]:
    """What the form shows of a project's settings: {name, description, workforce, terms, quality, requirements}."""
    digits = MINOR_DIGITS.get(organization.currency, 2)
    terms, quality, needs = settings["terms"], settings["quality"], settings["requirements"]
    overlap, review = quality["overlap"], quality["review"]
    return {
        "name": settings["name"],
        "description": settings["description"],
        "workforce": settings["workforce"],
        "price": Decimal(terms["price_minor"]).scaleb(-digits),
        "review_price": Decimal(terms["review_price_minor"]).scaleb(-digits),
        "lease_min": _short(terms["lease_s"] / 60),
        "judge_days": _short(terms["auto_accept_s"] / DAY_S, digits=6),
        "answers_min": overlap["min"],
        "answers_max": overlap["max"],
        "confidence": _short(overlap["confidence"] * 100) if "confidence" in overlap else None,
        "aggregate": quality.get("aggregate", "auto"),
        "gold_share": _short(quality["gold"]["share"] * 100),
        "practice_first": quality["gold"].get("first"),
        "review_share": _short(review["share"] * 100),
        "review_below": _short(review["below_confidence"] * 100),
        "review_second": _short(review.get("second", 0.0) * 100),
        "review_lot": "{n} {accept}".format(**review["lot"]) if review.get("lot") else "",
        "review_blind": review.get("blind", True),
        "languages": ", ".join(f"{each['tag']} {each['level']}" for each in needs.get("languages", [])),
        "countries": ", ".join(needs.get("countries", [])),
        "sensitive": needs.get("sensitive", []),
        "apart": needs.get("apart", []),
        "together": needs.get("together", False),
        **{f"aggregate_{name}": each for name, each in quality.get("aggregate_for", {}).items()},
        **{f"skill_{each['skill']}": each["value"] for each in needs.get("skills", [])},
    }


def _short(value: float, digits: int = 4) -> float:
    """A number without the dust of binary fractions: 5, not 5.000000000000001."""
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def in_words(problem: Problem) -> str:
    """What is wrong, in the reader's language."""
    return _(message_of(problem.code)) % dict(problem.params)
