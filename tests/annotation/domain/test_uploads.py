"""Uploaded files on their way to tasks."""

import pytest

from annotation.domain import imports, uploads
from annotation.models import ImportJob
from tests.factories import make_project
from workforce.domain.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("act", [uploads.start, uploads.discard])
def test_the_stream_of_a_program_is_not_a_file(act):
    job = imports.begin(project=make_project(), by=SYSTEM)

    with pytest.raises(uploads.NoFile):
        act(job=job, by=SYSTEM)
    assert ImportJob.objects.get(pk=job.pk).status == "open"
