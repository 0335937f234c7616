"""The nine projects of the demo: what they ask, what they pay, and their tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from annotation.domain import batches, intake, media, projects
from annotation.formats.samples import FOLDER, SETS, Sample
from annotation.models import Batch, File, Mode, Project, Task
from annotation.questions import presets
from quality.domain import gold
from quality.management.crowd.library import SAMPLE, media_of, payload_of
from quality.management.demo.people import Cast
from workforce.domain.actor import SYSTEM

GUIDELINES = Path(__file__).with_name("guidelines")
GOLD_EVERY = 8  # of the samples whose answer is known
FEWEST = 12  # tasks open to somebody: below it, the samples come once more


@dataclass(frozen=True, slots=True)
class Plan:
    """A project on one set of samples. Prices in minor units of the organization's currency.

    overlap: where the preset's is not wanted. gold: whether some of the known answers are planted.
    """

    kind: str
    name: str
    about: str
    price_minor: int
    lease_s: int
    review_share: float
    below_confidence: float = 0.6
    overlap: Mapping[str, Any] = field(default_factory=dict)
    gold: bool = True


PLANS = (
    Plan("chat_preference", "Better reply", "Two replies to the same request: which one is better?", 12, 600, 0.15),
    # Nine steps: who would wait until people differ by less than half a step, would ask nearly everybody.
    Plan(
        "classify",
        "Review sentences",
        "How positive is a sentence of a product review?",
        3,
        300,
        0.05,
        overlap={"confidence": 0.9},
    ),
    Plan("span_label", "Names in messages", "People, places, products and companies in short messages.", 8, 600, 0.15),
    Plan("image_boxes", "Blood cells", "A box around every blood cell under the microscope.", 40, 1200, 1.0),
    Plan("chat_ranking", "Replies in order", "Several replies to one question, best first.", 20, 900, 0.2),
    Plan(
        "step_labels",
        "First wrong step",
        "Calculations step by step: where does the first mistake happen?",
        25,
        900,
        0.2,
    ),
    Plan("transcribe", "Spoken numbers", "Who says which digits, and when?", 15, 600, 1.0),
    Plan("tool_call", "Calls of tools", "Which calls should the assistant make for this request?", 20, 900, 1.0),
    # Two good rubrics share a part of their rows: a known one would fault whoever thought of others.
    Plan(
        "rubric_author",
        "Rubrics for replies",
        "What must a good reply to this request have?",
        120,
        1800,
        1.0,
        overlap={"min": 3, "max": 3},
        gold=False,
    ),
)


def made(plan: Plan, cast: Cast) -> tuple[Project, bool]:
    """The project with its tasks and gold, and whether it is new; all of it in one transaction."""
    known = Project.objects.filter(organization=cast.organization, mode=Mode.LIVE, name=plan.name).first()
    return (known, False) if known else (_make(plan, cast), True)


@transaction.atomic
def _make(plan: Plan, cast: Cast) -> Project:
    kind = SETS[plan.kind]
    project = projects.create(
        organization=cast.organization,
        mode=Mode.LIVE,
        name=plan.name,
        description=plan.about,
        by=SYSTEM,
        created_by=cast.users["owner"],
        preset=kind.preset,
        schema=kind.adapt(presets.load(kind.preset).schema),
        guideline=(GUIDELINES / f"{plan.kind}.md").read_text(encoding="utf-8"),
        terms={
            "price_minor": plan.price_minor,
            "review_price_minor": max(plan.price_minor // 2, 2),
            "lease_s": plan.lease_s,
        },
        quality={
            "overlap": dict(plan.overlap),
            "review": {"share": plan.review_share, "below_confidence": plan.below_confidence},
            "gold": {"share": 0.1 if plan.gold else 0},
        },
        metadata={SAMPLE: plan.kind},
        members=cast.listed(),
    )
    _fill(project, plan)
    return project


def _fill(project: Project, plan: Plan) -> None:
    samples = list(SETS[project.metadata[SAMPLE]].read())
    pictures = _pictures(project, samples)
    expected = [sample for sample in samples if sample.expected]
    known = expected[::GOLD_EVERY] if plan.gold else []
    for sample in known:
        gold.plant(project=project, payload=payload_of(sample, pictures), expected=sample.expected or {}, by=SYSTEM)
    keys = {sample.key for sample in known}
    batch = batches.create(project=project, name="Samples", by=SYSTEM)
    _post(project, [sample for sample in samples if sample.key not in keys], pictures, "", batch)


def _pictures(project: Project, samples: Sequence[Sample]) -> dict[str, File]:
    """The samples' pictures, stored."""
    for path in sorted({FOLDER / path for sample in samples for path in sample.media}):
        media.store(organization=project.organization, name=path.name, data=path.read_bytes(), by=SYSTEM)
    return media_of(project)


def _post(
    project: Project, samples: Sequence[Sample], pictures: dict[str, File], suffix: str, batch: Batch | None = None
) -> None:
    rows: list[dict[str, Any]] = [
        {"payload": payload_of(sample, pictures), "unique_id": f"{sample.key}{suffix}"} for sample in samples
    ]
    intake.add(project=project, inputs=rows, by=SYSTEM, batch=batch)


def refill(project: Project) -> None:
    """Post the samples once more if the project is about to run out of work: so that the demo never stands still.

    Only projects made of samples: what people make in the demo is theirs.
    """
    if SAMPLE not in project.metadata:
        return
    work = Task.objects.filter(project=project, purpose="work")
    if work.filter(claimable=True, stage="label").count() >= FEWEST:
        return
    samples = list(SETS[project.metadata[SAMPLE]].read())
    times = work.count() // len(samples) + 1
    _post(project, samples, media_of(project), f"-again-{times}")
