"""A task's place within its column of the board: a number between its neighbours'."""

from __future__ import annotations

from django.db.models import Max, Min

from rnd.engineering.models import Task


def last_rank(programme_id: int, stage: str) -> float:
    """Give the rank below everything that stands in the column now."""
    top = Task.objects.filter(programme_id=programme_id, stage=stage).aggregate(top=Max("rank"))["top"]
    return float(top or 0) + 1024


def rank_above(below: Task, *, moving: Task) -> float:
    """Give the rank with which `moving` comes to stand right above `below`, in the same column."""
    column = Task.objects.filter(programme_id=below.programme_id, stage=below.stage).exclude(pk=moving.pk)
    above = column.filter(rank__lt=below.rank).aggregate(rank=Max("rank"))["rank"]
    if above is None:
        first = column.aggregate(rank=Min("rank"))["rank"]
        return float(below.rank if first is None else min(first, below.rank)) - 1024
    return float(above + below.rank) / 2
