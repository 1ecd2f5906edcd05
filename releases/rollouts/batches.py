"""Batches of installations: what ran where since when, a row each, as CSV or from a program. Pure but for its words."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from django.utils.translation import gettext as _

from foundation.kit.errors import Invalid

HEAD: Final = ("component", "version", "team", "platform", "hardware", "installed_at", "client_uuid")
NEEDED: Final = ("component", "version", "team", "hardware", "installed_at")
MOST: Final = 5000
_SPACE: Final = uuid.UUID("6f0d35a4-5f2c-4d67-9d0e-2f5f4a1e7c11")


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One line, as it was written: names and slugs, a moment in ISO 8601, perhaps a UUID of its own."""

    component: str
    version: str
    team: str
    hardware: str
    installed_at: str
    platform: str = ""
    client_uuid: str = ""
    line: int = 0

    @property
    def identity(self) -> uuid.UUID:
        """The UUID under which it is reported: its own, or one made of what it says, the same each time it is read.

        Raises ValueError for an own one that is none.
        """
        if self.client_uuid:
            return uuid.UUID(self.client_uuid)
        said = (self.component, self.version, self.team, self.platform, self.hardware, self.installed_at)
        return uuid.uuid5(_SPACE, "\n".join(part.casefold() for part in said))


def read_csv(text: str) -> list[BatchRow]:
    """Give the lines of a CSV text: comma, semicolon or tab, a head with the names of `HEAD` in any order.

    Columns of other names are left alone. Raises Invalid `batch.head_missing`, `batch.empty` or
    `batch.too_many`; whatever is wrong with a single line is told when it is taken.
    """
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max((",", ";", "\t"), key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    head = [name.strip().casefold() for name in rows[0]] if rows else []
    missing = [name for name in NEEDED if name not in head]
    if missing:
        raise Invalid(
            "batch.head_missing",
            _("The first line has to name the columns. Missing: %(missing)s.") % {"missing": ", ".join(missing)},
            field="file",
        )
    found = []
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            cells = dict(zip(head, (cell.strip().lstrip("'") for cell in row), strict=False))
            found.append(BatchRow(**{name: cells.get(name, "") for name in HEAD}, line=number))
    check_count(len(found))
    return found


def check_count(count: int) -> None:
    """Raise Invalid `batch.empty` or `batch.too_many` for so many rows."""
    if not count:
        raise Invalid("batch.empty", _("There is no installation in it."), field="file")
    if count > MOST:
        raise Invalid(
            "batch.too_many",
            _("%(count)s lines are too many at once; send at most %(most)s.") % {"count": count, "most": MOST},
            field="file",
        )


def write_csv(rows: Iterable[BatchRow]) -> str:
    """Give the rows as CSV text that `read_csv` reads back."""
    target = io.StringIO()
    writer = csv.DictWriter(target, HEAD, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return target.getvalue()
