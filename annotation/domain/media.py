"""The media store: pictures and recordings are looked at before they are kept, and kept once per organization and content."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain.probing import probe
from annotation.models import File, Organization, TaskPayload
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

NAME_LENGTH = 255


class FileInUse(Refusal):
    """Tasks show the file."""

    code = "wrong_state"
    message = _("Tasks show this file.")
    remedy = _("Keep it as long as there are tasks with it.")


def store(*, organization: Organization, name: str, data: bytes, by: Actor) -> File:
    """The file of this content, made if the organization has none yet; then the older name stays. Raises UnknownMedium, MediumTooLarge."""
    medium = probe(data)
    digest = hashlib.sha256(medium.data).hexdigest()
    known = File.objects.filter(organization=organization, sha256=digest).first()
    if known:
        return known
    file = File(
        organization=organization,
        name=name.replace("\x00", "")[-NAME_LENGTH:] or medium.mime.partition("/")[0],
        sha256=digest,
        bytes=len(medium.data),
        mime=medium.mime,
        width=medium.width,
        height=medium.height,
        seconds=medium.seconds,
        sample_rate=medium.sample_rate,
        peaks=medium.peaks,
        storage_key=_kept(organization, digest, medium.data),
    )
    File.objects.bulk_create([file], ignore_conflicts=True)
    return File.objects.get(organization=organization, sha256=digest)


def _kept(organization: Organization, digest: str, data: bytes) -> str:
    """Write the bytes under the name of their digest; the row comes after, so every row has its bytes."""
    key = f"{organization.public_id}/{digest[:2]}/{digest}"
    return key if default_storage.exists(key) else default_storage.save(key, ContentFile(data))


@transaction.atomic
def remove(*, file: File, by: Actor) -> None:
    """Delete a file that no task shows. Raises FileInUse."""
    locked = File.objects.select_for_update().get(pk=file.pk)
    shown = TaskPayload.objects.filter(task__organization=file.organization_id, body__icontains=file.public_id)
    if shown.exists():
        raise FileInUse
    key = locked.storage_key
    locked.delete()
    transaction.on_commit(lambda: default_storage.delete(key))
