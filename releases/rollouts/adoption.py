"""Which versions run over time. Pure: from reports of installations to what runs at given moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Reported:
    """A place (a team on a hardware revision) runs a release since a moment."""

    place: Hashable
    release: int
    at: datetime


def running_at(reports: Iterable[Reported], moments: Sequence[datetime]) -> list[Counter[int]]:
    """Give, for each of the rising moments, how many places ran each release. One pass over the sorted reports.

    A place runs what it reported last; of two reports of one moment the later one in the order given counts.
    """
    queue = sorted(reports, key=lambda report: report.at)
    now: dict[Hashable, int] = {}
    counts: Counter[int] = Counter()
    result: list[Counter[int]] = []
    place = 0
    for moment in moments:
        while place < len(queue) and queue[place].at <= moment:
            report = queue[place]
            before = now.get(report.place)
            if before is not None:
                counts[before] -= 1
            now[report.place] = report.release
            counts[report.release] += 1
            place += 1
        result.append(+counts)
    return result


def ends_of_weeks(end: datetime, weeks: int) -> list[datetime]:
    """Give `weeks` moments a week apart, the last of them `end`."""
    return [end - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
