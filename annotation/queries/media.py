"""Links to files: signed, short-lived, and good for the organization's own files only. Nothing is asked of the database."""

import time
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from annotation.models import File
from annotation.questions.answers import media_of
from annotation.questions.schema import Schema

SIGNATURE_LENGTH = 32


def link(public_id: str, organization_id: int, part: str = "") -> str:
    """The address of a file, or of the `/peaks` of a recording, good for MEDIA_LINK_AGE_S seconds at least.

    It changes only that often, so that browsers keep the file.
    """
    age = settings.MEDIA_LINK_AGE_S
    until = (int(time.time()) // age + 2) * age
    return f"/media/{public_id}{part}?until={until}&signature={_signature(public_id, organization_id, until)}"


def seconds_left(file: File, until: str, signature: str) -> int:
    """How long the link of this file still holds; 0 if it does not, or was made for somebody else's file."""
    if not until.isdigit() or len(until) > 12:
        return 0
    if not constant_time_compare(signature, _signature(file.public_id, file.organization_id, int(until))):
        return 0
    return max(0, int(until) - int(time.time()))


def _signature(public_id: str, organization_id: int, until: int) -> str:
    about = f"{public_id} {organization_id} {until}"
    return salted_hmac("media link", about, algorithm="sha256").hexdigest()[:SIGNATURE_LENGTH]


def with_links(schema: Schema, payload: Mapping[str, Any], organization_id: int) -> Mapping[str, Any]:
    """The payload as it is shown to people: ids of files are replaced by links to them, and recordings get one to their `peaks`."""
    if not schema.has_media:
        return payload
    shown = deepcopy(dict(payload))
    for _path, medium in media_of(schema, shown):
        if medium["src"].startswith("fil_"):
            if "seconds" in medium:
                medium["peaks"] = link(medium["src"], organization_id, "/peaks")
            medium["src"] = link(medium["src"], organization_id)
    return shown
