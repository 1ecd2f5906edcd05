"""Words about this room's things that the journal, pages and API share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from releases.artifacts.models import Compatibility


def condition_of(statement: Compatibility) -> str:
    """Give what a statement is narrowed to ("bootloader 1.2 – 1.9, Radio link >= 2"), or ""."""
    parts = []
    match bool(statement.bootloader_from), bool(statement.bootloader_to):
        case True, True:
            parts.append(_("bootloader %(first)s – %(last)s"))
        case True, False:
            parts.append(_("bootloader %(first)s and later"))
        case False, True:
            parts.append(_("bootloader up to %(last)s"))
        case _none:
            pass
    values = {"first": statement.bootloader_from, "last": statement.bootloader_to}
    parts = [part % values for part in parts]
    if statement.companion is not None:
        parts.append(f"{statement.companion.name} {statement.companion_versions}")
    return ", ".join(parts)
