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
        pictures = pictures_of(project)
        for sample in SETS[kind].read():
            known = Known(sample.expected or {}, tuple(value for _person, value in sample.answers))
            found[digest(payload_of(sample, pictures))] = known
    for item in GoldItem.objects.filter(project=project).select_related("task__payload"):
        found[digest(item.task.payload.body)] = Known(item.expected)
    return found


def pictures_of(project: Project) -> dict[str, File]:
    """The stored pictures of the samples, by their name in the sample folder."""
    names = [path.name for path in (FOLDER / "media").iterdir()]
    return {file.name: file for file in File.objects.filter(organization=project.organization_id, name__in=names)}


def payload_of(sample: Sample, pictures: dict[str, File]) -> dict[str, object]:
    """The sample's payload with the stored picture in place of the one in the folder."""
    if not sample.media:
        return sample.payload
    file = pictures.get(sample.media[0].rpartition("/")[2])
    if file is None:
        return sample.payload
    image = {**sample.payload["image"], "src": file.public_id, "sha256": file.sha256}
    return {**sample.payload, "image": {**image, "width": file.width, "height": file.height}}
