"""Projects as the hot path needs them."""

from time import monotonic

from annotation.models import Project

KEEP_S = 2.0
_kept: dict[str, tuple[float, Project]] = {}


def project_ref(public_id: str) -> Project | None:
    """The project of a public id, at most two seconds old: for its key, gold share, version numbers and whether it is done together.

    What decides (status, terms, eligibility) is read again by the claim itself, in the database.
    """
    now = monotonic()
    kept = _kept.get(public_id)
    if kept and now - kept[0] < KEEP_S:
        return kept[1]
    project = Project.objects.select_related("organization").filter(public_id=public_id).first()
    if project:
        if len(_kept) > 1000:
            _kept.clear()
        _kept[public_id] = (now, project)
    return project
