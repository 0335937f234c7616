"""Keys of authenticator apps and seeds of recovery codes are sealed at rest; those that are there are sealed now."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from workforce.models.sealing import SECOND_FACTOR, seal, unseal


def _rewritten(apps: Any, changed: Callable[[str], str]) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]):
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = changed(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [changed(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


def sealed(apps: Any, _editor: object) -> None:
    """Forwards."""
    _rewritten(apps, lambda text: seal(text, of=SECOND_FACTOR))


def unsealed(apps: Any, _editor: object) -> None:
    """And back."""
    _rewritten(apps, lambda text: unseal(text, of=SECOND_FACTOR))


class Migration(migrations.Migration):
    dependencies = [
        ("workforce", "0004_back_pay"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(sealed, unsealed)]
