"""What is known of a project's tasks: the shipped samples with their published answers, and the project's gold."""

from annotation.formats.samples import FOLDER, SETS, Sample
from annotation.models import File, Project
from quality.management.crowd.mind import Known, digest
from quality.models import GoldItem

SAMPLE = "sample"  # member of a project's metadata: which of the shipped sets its tasks come from


def known_of(project: Project) -> dict[str, Known]:
    """Per digest of the payload."""
    found: dict[str, Known] = {}
    kind = project.metadata.get(SAMPLE)
    if kind in SETS:
        pictures = media_of(project)
        for sample in SETS[kind].read():
            known = Known(sample.expected or {}, tuple(value for _person, value in sample.answers))
            found[digest(payload_of(sample, pictures))] = known
    for item in GoldItem.objects.filter(project=project).select_related("task__payload"):
        found[digest(item.task.payload.body)] = Known(item.expected)
    return found


def media_of(project: Project) -> dict[str, File]:
    """The stored pictures and recordings of the samples, by their name in the sample folder."""
    names = [path.name for path in (FOLDER / "media").iterdir()]
    return {file.name: file for file in File.objects.filter(organization=project.organization_id, name__in=names)}


def payload_of(sample: Sample, files: dict[str, File]) -> dict[str, object]:
    """The sample's payload with the stored file in place of the one in the folder."""
    if not sample.media:
        return sample.payload
    (path,) = sample.media
    file = files.get(path.rpartition("/")[2])
    if file is None:
        return sample.payload
    name = next(name for name, value in sample.payload.items() if isinstance(value, dict) and value.get("src") == path)
    return {**sample.payload, name: {**sample.payload[name], "src": file.public_id, **file.described}}
