"""Webhooks: events signed by Standard Webhooks, tried ten times over three days, logged, and replayed on request.

https://www.standardwebhooks.com: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64 HMAC-SHA256(id.timestamp.body)>`.
"""

import base64
import http.client
import json
import random
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from standardwebhooks.webhooks import Webhook

from annotation.domain import events, outgoing
from annotation.domain.tasks import WrongState
from annotation.models import Event, Organization, Project, WebhookDelivery, WebhookEndpoint
from annotation.queries.events import on_the_wire
from workforce.domain.actor import SYSTEM, Actor
from workforce.domain.refusal import Refusal
from workforce.models.sealing import seal, unseal

SCHEDULE_S = (
    5,
    300,
    1_800,
    7_200,
    18_000,
    36_000,
    50_400,
    72_000,
    86_400,
)  # after the 1st, 2nd … failed try; ten tries in all
JITTER = 0.1
DISABLE_AFTER = timedelta(days=5)
STUCK_AFTER = timedelta(minutes=5)
LONGEST_WAIT_S = 3_600
GONE, SLOW_DOWN = 410, (429, 502, 504)
TYPES_MOST = 50
SEALED_AS = "webhook"


class NoSuchType(Refusal):
    """A pattern that names no event."""

    code = "validation_failed"
    message = _("A webhook needs at least one event type, like task.completed or task.*.")
    remedy = _("Name the events you want.")


def _new_secret() -> tuple[str, dict[str, Any]]:
    """A secret as the customer sees it, and its sealed form."""
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    sealed = {
        "id": secrets.token_hex(8),
        "sealed": seal(secret, of=SEALED_AS),
        "created_at": timezone.now().isoformat(),
    }
    return secret, sealed


@transaction.atomic
def register(
    *,
    organization: Organization,
    mode: str,
    url: str,
    types: list[str],
    by: Actor,
    project: Project | None = None,
    description: str = "",
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is shown this once. Raises UrlRefused, NoSuchType."""
    outgoing.check(url)
    if not types or len(types) > TYPES_MOST or not all(_is_pattern(pattern) for pattern in types):
        raise NoSuchType
    secret, sealed = _new_secret()
    endpoint = WebhookEndpoint.objects.create(
        organization=organization,
        mode=mode,
        url=url,
        types=types,
        project=project,
        description=description,
        secrets=[sealed],
    )
    endpoint.refresh_from_db()
    return endpoint, secret


def _is_pattern(pattern: str) -> bool:
    return pattern == "*" or all(part.replace("_", "").isalpha() or part == "*" for part in pattern.split(".", 1))


@transaction.atomic
def change(*, endpoint: WebhookEndpoint, by: Actor, **fields: Any) -> WebhookEndpoint:
    """Change url, types, description or status; enabling clears the reason. Raises UrlRefused, NoSuchType."""
    if "url" in fields:
        outgoing.check(fields["url"])
    if "types" in fields and not (fields["types"] and all(_is_pattern(pattern) for pattern in fields["types"])):
        raise NoSuchType
    if fields.get("status") == WebhookEndpoint.Status.ENABLED:
        fields["disabled_reason"] = ""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**fields, version=F("version") + 1, updated_at=timezone.now())
    endpoint.refresh_from_db()
    return endpoint


def remove(*, endpoint: WebhookEndpoint, by: Actor) -> None:
    """Delete an endpoint and the log of its deliveries; the events stay."""
    endpoint.delete()


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, overlap_s: int, by: Actor) -> str:
    """A new secret; the old ones go on signing for `overlap_s` seconds (0 to 7 days)."""
    secret, sealed = _new_secret()
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    until = (timezone.now() + timedelta(seconds=overlap_s)).isoformat()
    old = [{**entry, "expires_at": min(entry.get("expires_at", until), until)} for entry in locked.secrets]
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secrets=[sealed, *old], version=F("version") + 1)
    return secret


def ping(*, endpoint: WebhookEndpoint, by: Actor) -> WebhookDelivery:
    """A test event for this endpoint alone, in the log like any other."""
    fact = events.Fact(
        endpoint.organization_id, endpoint.mode, None, "ping", endpoint.public_id, {"message": "Hello from Manyhands"}
    )
    with transaction.atomic():
        WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        events.publish(fact, by=by)
        event = Event.objects.filter(subject=endpoint.public_id).latest("subject_seq")
        delivery, _created = WebhookDelivery.objects.get_or_create(
            endpoint=endpoint,
            event=event,
            defaults={"organization_id": endpoint.organization_id, "next_attempt_at": timezone.now()},
        )
    delivery.refresh_from_db()
    return delivery


def replay(*, endpoint: WebhookEndpoint, from_seq: int, to_seq: int, by: Actor, only_failed: bool = False) -> int:
    """Queue the deliveries of a range of events again, with the same `webhook-id`; the number queued."""
    again = WebhookDelivery.objects.filter(endpoint=endpoint, event__seq__range=(from_seq, to_seq)).exclude(
        status=WebhookDelivery.Status.SENDING
    )
    if only_failed:
        again = again.exclude(status=WebhookDelivery.Status.DELIVERED)
    return again.update(status=WebhookDelivery.Status.PENDING, attempt=0, next_attempt_at=timezone.now())


def retry(*, delivery: WebhookDelivery, by: Actor) -> None:
    """Try one delivery again now. Raises WrongState while it is being sent."""
    waiting = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(status=WebhookDelivery.Status.SENDING)
    if not waiting.update(status=WebhookDelivery.Status.PENDING, attempt=0, next_attempt_at=timezone.now()):
        raise WrongState(state=delivery.status)


# --- Sending --------------------------------------------------------------------------------------------------------
CLAIM = """
UPDATE webhook_delivery d SET status = 'sending', sending_since = now(), attempt = attempt + 1
 WHERE d.id IN (SELECT w.id FROM webhook_delivery w WHERE w.status IN ('pending', 'retrying') AND w.next_attempt_at <= now()
                 ORDER BY w.next_attempt_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
RETURNING d.id
"""


def attempt_due(*, limit: int = 20) -> int:
    """Send what is due; the number of tries made. Each is claimed first, sent outside any transaction, then recorded."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit])
        claimed = [row[0] for row in cursor.fetchall()]
    for delivery in (
        WebhookDelivery.objects.filter(pk__in=claimed).select_related("endpoint", "event").order_by("event_id")
    ):
        _attempt(delivery)
    return len(claimed)


def unstick(*, now: datetime) -> int:
    """Deliveries whose sender died in the middle are tried again."""
    stuck = WebhookDelivery.objects.filter(status=WebhookDelivery.Status.SENDING, sending_since__lt=now - STUCK_AFTER)
    return stuck.update(status=WebhookDelivery.Status.RETRYING, next_attempt_at=now)


def body_of(event: Event) -> bytes:
    """The event as sent: the same bytes at every try."""
    return json.dumps(on_the_wire(event), separators=(",", ":"), ensure_ascii=False).encode()


def signatures(endpoint: WebhookEndpoint, event: Event, body: bytes, at: datetime) -> dict[str, str]:
    """The three headers; one signature for each secret that is valid now."""
    now = at.isoformat()
    valid = [entry for entry in endpoint.secrets if entry.get("expires_at", now) >= now]
    signed = [
        Webhook(unseal(entry["sealed"], of=SEALED_AS)).sign(event.public_id, at, body.decode()) for entry in valid
    ]
    return {
        "webhook-id": event.public_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _attempt(delivery: WebhookDelivery) -> None:
    """One try, and its record."""
    at, began = datetime.now(tz=UTC), time.monotonic()
    body = body_of(delivery.event)
    outcome: dict[str, Any] = {"at": at.isoformat()}
    reply = None
    try:
        reply = outgoing.post(delivery.endpoint.url, body, signatures(delivery.endpoint, delivery.event, body, at))
        outcome["http_status"] = reply.status
    except outgoing.UrlRefused as error:
        outcome["error"] = f"{error.code}: {error.params.get('reason', '')}"
    except (OSError, http.client.HTTPException) as error:
        outcome["error"] = f"{type(error).__name__}: {error}"[:200]
    outcome["duration_ms"] = round((time.monotonic() - began) * 1000)
    record(delivery=delivery, outcome=outcome, reply=reply)


@transaction.atomic
def record(*, delivery: WebhookDelivery, outcome: dict[str, Any], reply: outgoing.Reply | None) -> None:
    """What a try led to: delivered, another try by the schedule, given up, or the endpoint disabled."""
    now = timezone.now()
    attempts = [*delivery.attempts, outcome][-40:]
    if reply and 200 <= reply.status < 300:
        _move(delivery, WebhookDelivery.Status.DELIVERED, attempts, None)
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(last_success_at=now)
        return
    if delivery.attempt > len(SCHEDULE_S):
        _move(delivery, WebhookDelivery.Status.EXHAUSTED, attempts, None)
        _publish(delivery.endpoint, "delivery.exhausted", delivery=delivery.public_id)
    else:
        wait = SCHEDULE_S[delivery.attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)
        if reply and reply.status in SLOW_DOWN:
            wait = max(wait, min(reply.retry_after_s or 0, LONGEST_WAIT_S))
        _move(delivery, WebhookDelivery.Status.RETRYING, attempts, now + timedelta(seconds=wait))
    since = delivery.endpoint.last_success_at or delivery.endpoint.created_at
    if (reply and reply.status == GONE) or now - since > DISABLE_AFTER:
        _disable(delivery.endpoint, "gone" if reply and reply.status == GONE else "no_success")


def _move(
    delivery: WebhookDelivery, status: WebhookDelivery.Status, attempts: list[dict[str, Any]], due: datetime | None
) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        status=status, attempts=attempts, next_attempt_at=due, sending_since=None
    )


def _disable(endpoint: WebhookEndpoint, reason: str) -> None:
    """No more tries; what waits is marked, and a replay after enabling catches up."""
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, status=WebhookEndpoint.Status.ENABLED).update(
        status=WebhookEndpoint.Status.DISABLED, disabled_reason=reason
    ):
        waiting = [WebhookDelivery.Status.PENDING, WebhookDelivery.Status.RETRYING]
        WebhookDelivery.objects.filter(endpoint=endpoint, status__in=waiting).update(
            status=WebhookDelivery.Status.DISABLED
        )
        _publish(endpoint, "webhook.disabled", reason=reason)


def _publish(endpoint: WebhookEndpoint, kind: str, **data: Any) -> None:
    WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    fact = events.Fact(
        endpoint.organization_id,
        endpoint.mode,
        endpoint.project_id,
        kind,
        endpoint.public_id,
        {"endpoint": endpoint.public_id, **data},
    )
    events.publish(fact, by=SYSTEM)
