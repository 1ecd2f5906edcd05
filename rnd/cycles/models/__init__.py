"""What is stored of loops: the facts and the roll-ups over them, what is promised, and reports that people keep."""

from rnd.cycles.models.columnar import LoopColumn, Slab, WorkColumn, WorkSlab
from rnd.cycles.models.levels import Baseline, ImportedCase, ServiceLevel
from rnd.cycles.models.loops import MODE_COLUMNS, STAGE_COLUMNS, Course, Loop, Segment
from rnd.cycles.models.reports import DigestReader, FrozenReport, LevelWatcher, SavedReport
from rnd.cycles.models.rollups import Flow, Span
from rnd.cycles.models.work import Filling, TaskPart

__all__ = [
    "MODE_COLUMNS",
    "STAGE_COLUMNS",
    "Baseline",
    "Course",
    "DigestReader",
    "Filling",
    "Flow",
    "FrozenReport",
    "ImportedCase",
    "LevelWatcher",
    "Loop",
    "LoopColumn",
    "SavedReport",
    "Segment",
    "ServiceLevel",
    "Slab",
    "Span",
    "TaskPart",
    "WorkColumn",
    "WorkSlab",
]
