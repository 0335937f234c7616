"""The media store: pictures are looked at before they are kept, turned upright, and kept once per organization and content."""

import hashlib
import io
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from annotation.models import File, Organization, TaskPayload
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 50_000_000
NAME_LENGTH = 255
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


class NotAPicture(Refusal):
    """The bytes are no picture that browsers show."""

    code = "unsupported_media_type"
    message = _("This file is not a picture that can be shown.")
    remedy = _("Upload PNG, JPEG, GIF or WebP.")


class PictureTooLarge(Refusal):
    """More bytes or pixels than one picture may have."""

    code = "payload_too_large"
    message = _("The picture is too large.")
    remedy = _("A picture may have 20 MB and 50 million pixels. Make it smaller.")


class FileInUse(Refusal):
    """Tasks show the file."""

    code = "wrong_state"
    message = _("Tasks show this file.")
    remedy = _("Keep it as long as there are tasks with it.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    data: bytes
    mime: str
    width: int
    height: int


def store(*, organization: Organization, name: str, data: bytes, by: Actor) -> File:
    """The file of this content, made if the organization has none yet; then the older name stays. Raises NotAPicture, PictureTooLarge."""
    picture = probe(data)
    digest = hashlib.sha256(picture.data).hexdigest()
    known = File.objects.filter(organization=organization, sha256=digest).first()
    if known:
        return known
    file = File(
        organization=organization,
        name=name.replace("\x00", "")[-NAME_LENGTH:] or "picture",
        sha256=digest,
        bytes=len(picture.data),
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        storage_key=_kept(organization, digest, picture.data),
    )
    File.objects.bulk_create([file], ignore_conflicts=True)
    return File.objects.get(organization=organization, sha256=digest)


def _kept(organization: Organization, digest: str, data: bytes) -> str:
    """Write the bytes under the name of their digest; the row comes after, so every row has its bytes."""
    key = f"{organization.public_id}/{digest[:2]}/{digest}"
    return key if default_storage.exists(key) else default_storage.save(key, ContentFile(data))


def probe(data: bytes) -> Picture:
    """What the bytes show, upright and without metadata. The header is read first: a bomb is never unpacked.

    Raises NotAPicture, PictureTooLarge.
    """
    if len(data) > MOST_BYTES:
        raise PictureTooLarge
    try:
        with Image.open(io.BytesIO(data), formats=list(TYPES)) as image:
            if image.width * image.height * getattr(image, "n_frames", 1) > MOST_PIXELS:
                raise PictureTooLarge
            image.load()
            return _upright(image, data)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPicture from error


def _upright(image: Image.Image, data: bytes) -> Picture:
    """As the camera was held. Pictures without EXIF keep their bytes."""
    kind = str(image.format)
    if not image.getexif():
        return Picture(data, TYPES[kind], image.width, image.height)
    turned = ImageOps.exif_transpose(image)
    turned.info.pop("exif", None)
    out = io.BytesIO()
    turned.save(out, format=kind, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {}))
    return Picture(out.getvalue(), TYPES[kind], turned.width, turned.height)


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
