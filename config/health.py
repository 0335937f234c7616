"""Health for machines: does the process answer, can it work; and the browser's reports of refused content."""

import json
import shutil
from functools import cache

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

log = structlog.get_logger(__name__)
LEAST_FREE_SHARE = 0.05
LONGEST_REPORT = 10_000


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers. No dependency is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if work can be done here: database reachable, migrations applied, disk not full; else 503 and which check failed.

    Valkey is not asked: without it work goes on.
    """
    checks = {"database": _database(), "disk": _disk()}
    ready = all(check == "ok" for check in checks.values())
    return JsonResponse({"ready": ready, **checks}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok" if _migrated() else "migrations are missing: run `manage.py migrate`"
    except (DatabaseError, OSError) as error:
        log.warning("not_ready", error=str(error))
        return "not reachable"


@cache
def _applied_once() -> None:
    """Raise LookupError until every migration is applied; remembered from then on."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError


def _migrated() -> bool:
    try:
        _applied_once()
    except LookupError:
        return False
    return True


def _disk() -> str:
    usage = shutil.disk_usage(settings.BASE_DIR)
    return "ok" if usage.free / usage.total > LEAST_FREE_SHARE else "less than 5 % free"


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """A browser refused something that our policy does not allow: worth a line in the log."""
    try:
        report = json.loads(request.body[:LONGEST_REPORT]).get("csp-report", {})
    except (ValueError, AttributeError):
        report = {}
    log.warning(
        "csp_violation",
        **{key: str(report.get(key))[:200] for key in ("violated-directive", "blocked-uri", "document-uri")},
    )
    return HttpResponse(status=204)
