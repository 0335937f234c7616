"""What was decided in a review, in words."""

from django.utils.translation import gettext_lazy as _

DECISIONS = {
    "accept": _("Accepted"),
    "correct": _("Corrected"),
    "return": _("Returned to the author"),
    "reject": _("Rejected"),
    "escalate": _("Passed on"),
}
