"""Fills in the parts of the tasks that were there before parts were kept: a few chunks whenever a worker has time."""

from __future__ import annotations

from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import F

from rnd.cycles.actions import project_tasks
from rnd.cycles.facts.columnar.work import refresh_work
from rnd.cycles.models import Filling
from rnd.cycles.rebuilding.chunks import task_chunks

PARTS: Final = "task parts"


def is_filled(using: str) -> bool:
    """Tell whether the parts of all old tasks are there."""
    return not Filling.objects.using(using).filter(name=PARTS, behind__lt=F("upto")).exists()


def fill_in(limit: int = 25) -> int:
    """Project the next chunks of old tasks, at most so many, and sum them up; give how many tasks these are."""
    done = 0
    for _chunk in range(limit):
        with transaction.atomic():
            left = Filling.objects.select_for_update(skip_locked=True).filter(name=PARTS, behind__lt=F("upto")).first()
            if left is None:
                break
            chunk = next(islice(task_chunks(after=left.behind), 1), [])
            project_tasks(task_ids=chunk)
            left.behind = chunk[-1] if chunk else left.upto
            left.save(update_fields=["behind"])
            done += len(chunk)
    if done:
        refresh_work()
    return done


def fill_no_more() -> None:
    """Say that the parts of all tasks are there: they were all computed anew."""
    Filling.objects.filter(name=PARTS).update(behind=F("upto"))
