"""Refusals of the API itself; those of the acts live beside the acts."""

from django.utils.translation import gettext_lazy as _

from workforce.domain.refusal import Refusal


class Unauthenticated(Refusal):
    """No key, or none that works."""

    code = "unauthenticated"
    message = _("A working key is needed: none was sent, or it is unknown, expired or revoked.")
    remedy = _("Send it as `Authorization: Bearer KEY`.")


class ScopeMissing(Refusal):
    """The key works, but not for this; `scope`: one that would do."""

    code = "scope_missing"
    message = _("The key lacks the scope for this.")
    remedy = _("Use a key with that scope.")


class NotFound(Refusal):
    """There is no such thing, or it belongs to somebody else or to the other mode."""

    code = "not_found"
    message = _("There is nothing at this address for this key.")
    remedy = _("Check the id, the key's organization and its mode.")


class InvalidRequest(Refusal):
    """The request could not be read; `parameter` says where."""

    code = "invalid_request"
    message = _("The request could not be read.")
    remedy = _("Look at the documentation of this address.")


class BadCursor(Refusal):
    """The cursor was not made by this list with these filters."""

    code = "bad_cursor"
    message = _("This cursor does not belong to this list and these filters.")
    remedy = _("Begin again without `after`.")


class PreconditionRequired(Refusal):
    """A change must say which version it changes."""

    code = "precondition_required"
    message = _("This change needs an If-Match header.")
    remedy = _("Send the ETag that you have read, or * to overwrite.")


class StaleVersion(Refusal):
    """It has changed since it was read; `etag`: as it is now."""

    code = "version_mismatch"
    message = _("It has changed since you read it.")
    remedy = _("Read it again, and send the change with its new ETag.")


class PayloadTooLarge(Refusal):
    """More than one request may carry; `limit` in bytes or lines."""

    code = "payload_too_large"
    message = _("The request carries too much.")
    remedy = _("Send it in smaller parts.")


class NotReady(Refusal):
    """It does not exist yet."""

    code = "not_ready"
    message = _("This is not there yet.")
    remedy = _("Wait for the task to be completed.")


class EventsExpired(Refusal):
    """The log no longer reaches back so far; `earliest_seq`: its first number."""

    code = "events_expired"
    message = _("The log no longer reaches back so far.")
    remedy = _("Read on from earliest_seq, and read the objects themselves for what came before.")
