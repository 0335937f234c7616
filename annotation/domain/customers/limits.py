"""What an organization may have at most; set by those who run the installation."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from annotation.domain import admission
from annotation.domain.events import Fact, publish
from annotation.models import Mode, Organization, Project
from workforce.domain.actor import Actor
from workforce.domain.refusal import Refusal

KNOWN = ("open_tasks", "live_tasks", "spend_day_minor")


class UnknownLimit(Refusal):
    """A limit that is none; `known`: those there are."""

    code = "validation_failed"
    message = _("There is no such limit, or it is no whole number from 0 on.")
    remedy = _("Choose one of those that are listed.")


def limit(*, organization: Organization, limits: Mapping[str, int | None], by: Actor) -> Organization:
    """Set those that are named, None takes one away; what may open then, opens. Raises UnknownLimit.

    First the limits, then admission, which takes its locks in another order: a broken-off one is made up for by the sweep.
    """
    if any(name not in KNOWN or (value is not None and value < 0) for name, value in limits.items()):
        raise UnknownLimit(known=list(KNOWN))
    limited = _limited(organization, limits, by)
    projects = Project.objects.filter(organization=organization).values_list("pk", flat=True)
    admission.admit_waiting(project_ids=projects)
    return limited


@transaction.atomic
def _limited(organization: Organization, limits: Mapping[str, int | None], by: Actor) -> Organization:
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    merged = {**locked.limits, **limits}
    locked.limits = {name: value for name, value in merged.items() if value is not None}
    locked.save(update_fields=["limits"])
    about = {"organization": locked.public_id, "limits": locked.limits}
    publish(Fact(locked.pk, Mode.LIVE, None, "organization.limited", locked.public_id, about), by=by)
    return locked
