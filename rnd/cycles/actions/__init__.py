"""The verbs of this room: three write facts and roll-ups, the others what a programme promises or is compared with."""

from rnd.cycles.actions.foresee_breaches import foresee_breaches
from rnd.cycles.actions.forget_history import forget_history
from rnd.cycles.actions.freeze_report import freeze_report
from rnd.cycles.actions.import_history import import_history
from rnd.cycles.actions.name_watchers import name_watchers
from rnd.cycles.actions.project_tasks import project_tasks
from rnd.cycles.actions.project_tickets import project_entries, project_tickets
from rnd.cycles.actions.read_digest import read_digest
from rnd.cycles.actions.refresh_rollups import refresh_rollups
from rnd.cycles.actions.remove_report import remove_report
from rnd.cycles.actions.save_report import save_report
from rnd.cycles.actions.set_baseline import set_baseline
from rnd.cycles.actions.set_service_level import set_service_level

__all__ = [
    "foresee_breaches",
    "forget_history",
    "freeze_report",
    "import_history",
    "name_watchers",
    "project_entries",
    "project_tasks",
    "project_tickets",
    "read_digest",
    "refresh_rollups",
    "remove_report",
    "save_report",
    "set_baseline",
    "set_service_level",
]
