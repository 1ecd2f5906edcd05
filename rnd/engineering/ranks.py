"""A task's place within its column of the board: a number between its neighbours'."""

from django.db.models import Max

from rnd.engineering.models import Task


def last_rank(programme_id: int, stage: str) -> float:
    """Give the rank below everything that stands in the column now."""
    top = Task.objects.filter(programme_id=programme_id, stage=stage).aggregate(top=Max("rank"))["top"]
    return float(top or 0) + 1024


def rank_between(before: Task | None, after: Task | None) -> float:
    """Give a rank between two neighbours (None: the column's end)."""
    if before is None and after is None:
        return 1024.0
    if before is None:
        assert after is not None
        return after.rank - 1024
    if after is None:
        return before.rank + 1024
    return (before.rank + after.rank) / 2
