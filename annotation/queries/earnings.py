"""What a contributor has earned: sums that add up, the rows behind them, and where they came from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate

from annotation.models import Annotation, Assignment, Stage
from workforce.models import Contributor, Earning

PAGE = 50
CHUNK = 1000
DAYS = 30
SOURCE = "assignment:"
CONTESTABLE = ("rejected", "not_returned")  # why work is not paid where its author can ask for another look


@dataclass(frozen=True, slots=True)
class Balance:
    """The money of one currency in minor units: what is being checked and what is ready for payout; their sum is earned."""

    currency: str
    pending: int
    available: int
    reversed: int

    @property
    def earned(self) -> int:
        """Everything that was not taken back."""
        return self.pending + self.available


def balances(contributor: Contributor) -> list[Balance]:
    """One per currency, the most used first; one statement."""
    sums = Earning.objects.filter(contributor=contributor).values_list("currency", "status")
    table: dict[str, dict[str, int]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    for currency, status, minor, count in sums.annotate(Sum("amount_minor"), Count("pk")).order_by():
        table[currency][status] = minor
        counts[currency] += count
    names = sorted(table, key=lambda currency: (-counts[currency], currency))
    states = (Earning.Status.PENDING, Earning.Status.AVAILABLE, Earning.Status.REVERSED)
    return [Balance(name, *(table[name].get(status, 0) for status in states)) for name in names]


@dataclass(frozen=True, slots=True)
class Row:
    """An earning with the work behind it; the work is None if it is not an assignment.

    answers: what its contributor has answered in the task, round by round. The first round earns, and the last one is judged.
    """

    earning: Earning
    work: Assignment | None
    answers: Sequence[Annotation] = ()

    @property
    def seconds(self) -> float | None:
        """Active time, None if it was not measured."""
        return self.work.active_ms / 1000 if self.work and self.work.active_ms else None


def page(*, contributor: Contributor, status: str, after: str) -> tuple[list[Row], str]:
    """A page of earnings below the cursor `after` (a public id), newest first, and the next cursor. Three statements."""
    rows = _of(contributor, status)
    if after:
        rows = rows.filter(pk__lt=Earning.objects.filter(contributor=contributor, public_id=after).values("pk")[:1])
    found = list(rows[: PAGE + 1])
    return with_work(found[:PAGE]), found[PAGE - 1].public_id if len(found) > PAGE else ""


def statement(*, contributor: Contributor, status: str) -> Iterator[Row]:
    """Every earning, newest first, in constant memory."""
    chunk: list[Earning] = []
    for earning in _of(contributor, status).iterator(CHUNK):
        chunk.append(earning)
        if len(chunk) == CHUNK:
            yield from with_work(chunk)
            chunk = []
    yield from with_work(chunk)


def _of(contributor: Contributor, status: str) -> QuerySet[Earning]:
    rows = Earning.objects.filter(contributor=contributor).order_by("-pk")
    return rows.filter(status=status) if status else rows


def with_work(earnings: Sequence[Earning]) -> list[Row]:
    """The earnings with their assignments, tasks, projects and answers; two statements."""
    ids = [earning.source_key.removeprefix(SOURCE) for earning in earnings]
    found = list(Assignment.objects.filter(public_id__in=ids).select_related("task", "project"))
    by_id = {assignment.public_id: assignment for assignment in found}
    answers = _answers(found)
    return [_row(earning, by_id.get(key), answers) for earning, key in zip(earnings, ids, strict=True)]


Answers = Mapping[tuple[int, int], Sequence[Annotation]]  # by task and contributor


def _answers(found: Sequence[Assignment]) -> Answers:
    labelled = [each for each in found if each.stage == Stage.LABEL]
    rows = Annotation.objects.filter(
        task__in={each.task_id for each in labelled}, contributor__in={each.contributor_id for each in labelled}
    )
    table: dict[tuple[int, int], list[Annotation]] = defaultdict(list)
    for row in rows.defer("answer").order_by("pk"):
        table[row.task_id, row.contributor_id].append(row)
    return table


def _row(earning: Earning, work: Assignment | None, answers: Answers) -> Row:
    return Row(earning, work, answers.get((work.task_id, work.contributor_id), ()) if work else ())


def lost(*, task_id: int, contributor_id: int) -> list[Earning]:
    """What somebody's answer to a task would have paid, had it not been rejected, or not come back; empty if nothing was taken back."""
    rounds = Assignment.objects.filter(task=task_id, contributor=contributor_id, stage=Stage.LABEL)
    keys = [SOURCE + key for key in rounds.values_list("public_id", flat=True)]
    rows = Earning.objects.filter(source_key__in=keys, kind=Earning.Kind.WORK, status=Earning.Status.REVERSED)
    return list(rows.filter(reason__in=CONTESTABLE).order_by("pk"))


@dataclass(frozen=True, slots=True)
class Share:
    """What one project paid in the last 30 days."""

    name: str
    public_id: str
    minor: int
    answers: int
    seconds: float

    @property
    def per_hour(self) -> int | None:
        """Minor units per hour of active time; None below ten minutes, where it says little."""
        return round(self.minor * 3600 / self.seconds) if self.seconds >= 600 else None


def by_day(*, contributor: Contributor, currency: str, zone: str, today: date) -> list[tuple[date, int]]:
    """Minor units per day of the reader's zone, for the last 30 days, days without work included; one statement."""
    sums = _recent(contributor, currency, zone, today)
    days = (
        sums.annotate(day=TruncDate("created_at", tzinfo=ZoneInfo(zone)))
        .values_list("day")
        .annotate(Sum("amount_minor"))
    )
    found = dict(days.order_by())
    return [(day, found.get(day, 0)) for day in (today - timedelta(days=n) for n in reversed(range(DAYS)))]


def by_project(*, contributor: Contributor, currency: str, zone: str, today: date) -> list[Share]:
    """The last 30 days by project, the largest first; two statements."""
    paid = dict(_recent(contributor, currency, zone, today).values_list("source_key", "amount_minor"))
    ids = [key.removeprefix(SOURCE) for key in paid]
    rows = Assignment.objects.filter(public_id__in=ids)
    columns = rows.values_list("public_id", "project__name", "project__public_id", "active_ms")
    return _shares((paid[SOURCE + key], name, project, active_ms) for key, name, project, active_ms in columns)


def _shares(rows: Iterable[tuple[int, str, str, int]]) -> list[Share]:
    table: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0])
    for minor, name, project, active_ms in rows:
        sums = table[name, project]
        sums[0] += minor
        sums[1] += 1
        sums[2] += active_ms / 1000
    shares = [
        Share(name, key, int(minor), int(count), seconds) for (name, key), (minor, count, seconds) in table.items()
    ]
    return sorted(shares, key=lambda share: (-share.minor, share.name))


def _recent(contributor: Contributor, currency: str, zone: str, today: date) -> QuerySet[Earning]:
    first = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), ZoneInfo(zone))
    rows = Earning.objects.filter(contributor=contributor, currency=currency, created_at__gte=first)
    return rows.exclude(status=Earning.Status.REVERSED)
