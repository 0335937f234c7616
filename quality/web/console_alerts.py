"""What the quality console asks somebody to do, each with the place where it is done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.models import Project
from annotation.web.project_frame import address
from annotation.web.reasons import disagreement_words
from quality.queries.agreement import Agreement, Share
from quality.queries.confusion import Confusion
from quality.queries.disagreements import Told
from quality.queries.restrictions import Waiting
from quality.queries.upkeep import Backlog, Gold
from quality.web import alerts as said
from quality.web.alerts import ENOUGH_TASKS, LOW_AGREEMENT, OLD_REVIEW, Alert
from workforce.templatetags.ui import percent

FEW_GOLD = 20  # known answers in use: with fewer, people soon meet one twice
CONFUSED = 0.7  # a class is surely answered right less often than this
ENOUGH_TOLD, OFTEN = 10, 1 / 3  # a reason why answers differ is surely said more often than this


def alerts(
    project: Project,
    titles: Mapping[str, str],
    classes: Mapping[str, Mapping[str, str]],
    agreed: Agreement,
    confused: Sequence[Confusion],
    told: Sequence[Told],
    gold: Gold,
    waiting: Backlog,
    restricted: Waiting,
    now: datetime,
) -> list[Alert]:
    """The gravest first; nothing of an archived project. titles: of the questions; classes: the words of each by key."""
    if project.status == Project.Status.ARCHIVED:
        return []
    found = [
        *_disagreement(project, titles, agreed),
        *_confusion(project, titles, classes, confused),
        *(_why(project, each) for each in told if each.share.n >= ENOUGH_TOLD and each.share.low > OFTEN),
        *_gold(project, gold),
        *_restrictions(project, restricted),
        *_stuck(project, waiting),
        *([said.old_reviews(project, waiting.n)] if waiting.oldest and now - waiting.oldest >= OLD_REVIEW else []),
    ]
    return sorted(found, key=lambda each: ("bad", "warn", "info").index(each.tone))


def _disagreement(project: Project, titles: Mapping[str, str], agreed: Agreement) -> Iterator[Alert]:
    for name, share in agreed.shares.items():
        if share.n >= ENOUGH_TASKS and share.mean < LOW_AGREEMENT:
            yield said.often_disagree(project, titles[name], share.mean)
        latest = list(agreed.guidelines[name].items())[-2:]
        if len(latest) == 2 and _fell(latest[0][1], latest[1][1]):
            title = _("Since guideline %(number)s people agree less on “%(question)s”.")
            text = _("%(before)s before, %(after)s since. Look at what changed, and say it more clearly.")
            shares = {"before": percent(latest[0][1].mean), "after": percent(latest[1][1].mean)}
            number = {"number": latest[1][0], "question": titles[name]}
            yield Alert("warn", title % number, text % shares, address(project, "guidelines/"), _("Guidelines"))


def _fell(before: Share, after: Share) -> bool:
    """Surely: the intervals do not meet."""
    return after.high < before.low


def _confusion(
    project: Project,
    titles: Mapping[str, str],
    classes: Mapping[str, Mapping[str, str]],
    confused: Sequence[Confusion],
) -> Iterator[Alert]:
    for each in confused:
        worst = each.worst
        if worst is not None and worst.high < CONFUSED:
            said_as = classes.get(each.question, {})
            truth, other = (said_as.get(name, name) for name in (worst.truth, worst.taken_for))
            names = {"question": titles.get(each.question, each.question), "truth": truth}
            title = _("In “%(question)s” people often miss “%(truth)s”.") % names
            text = _("Most often they answer “%(other)s”. Say in the guideline how to tell the two apart.")
            yield Alert("warn", title, text % {"other": other}, address(project, "guidelines/"), _("Guidelines"))


def _why(project: Project, told: Told) -> Alert:
    """What helps against the reason that reviewers give most often."""
    text, place, label = {
        "unclear_guidelines": (
            _("Look at tasks on which people differ, and write down how to answer them."), "guidelines/", _("Guidelines")
        ),
        "several_right": (
            _("Let people choose several answers, or keep the answers apart in the settings instead of merging them."),
            "questions/",
            _("Questions"),
        ),
        "unclear_data": (
            _("Let people say that it cannot be decided, with reasons of your own, and look at where the items come from."),
            "questions/",
            _("Questions"),
        ),
        "hard": (_("Ask for a skill that people show in an exam, or send such tasks to experts."), "settings/", _("Settings")),
        "slip": (_("Raise the share of known answers: who hurries is noticed sooner."), "settings/", _("Settings")),
    }[told.code]  # fmt: skip
    title = _("Why answers often differ: “%(why)s” (%(share)s of %(n)d tasks).")
    why = {"why": disagreement_words(told.code), "share": percent(told.share.mean), "n": told.share.n}
    return Alert("warn", title % why, text, address(project, place), label)


def _stuck(project: Project, waiting: Backlog) -> Iterator[Alert]:
    if waiting.stuck:
        title = ngettext(
            "%(n)d review waits for somebody who may decide it.",
            "%(n)d reviews wait for somebody who may decide them.",
            waiting.stuck,
        )
        text = _("Whoever has the permission has had a part in the task, or nobody has it. Give it to one more person.")
        yield Alert("bad", title % {"n": waiting.stuck}, text, reverse("people_contributors"), _("Contributors"))


def _restrictions(project: Project, waiting: Waiting) -> Iterator[Alert]:
    place = reverse("restrictions", args=[project.public_id])
    if waiting.objections:
        title = ngettext(
            "%(n)d restricted person asks somebody to look.",
            "%(n)d restricted people ask somebody to look.",
            waiting.objections,
        )
        text = _("What nobody has answered after three days ends by itself.")
        yield Alert("warn", title % {"n": waiting.objections}, text, place, _("Answer"))
    if waiting.questions:
        title = ngettext(
            "A rule asks about %(n)d person whether to give them new tasks.",
            "Rules ask about %(n)d people whether to give them new tasks.",
            waiting.questions,
        )
        text = _("Only one signal speaks against them, so nothing has happened yet.")
        yield Alert("info", title % {"n": waiting.questions}, text, place, _("Decide"))


def _gold(project: Project, gold: Gold) -> Iterator[Alert]:
    if gold.disputed:
        title = ngettext("%(n)d known answer is disputed.", "%(n)d known answers are disputed.", gold.disputed)
        text = _("Good people answer otherwise. Until you have decided, it is not used.")
        yield Alert("bad", title % {"n": gold.disputed}, text, address(project, "gold/"), _("Decide"))
    if gold.missed:
        yield said.missed_gold(project, gold.missed)
    if project.gold_share and not gold.active:
        yield said.no_gold(project)
    elif project.gold_share and gold.active < FEW_GOLD:
        title = ngettext("Only %(n)d known answer is in use.", "Only %(n)d known answers are in use.", gold.active)
        text = _("With fewer than %(n)d people soon meet the same ones again.") % {"n": FEW_GOLD}
        yield Alert("info", title % {"n": gold.active}, text, address(project, "gold/"), _("Plant some"))
