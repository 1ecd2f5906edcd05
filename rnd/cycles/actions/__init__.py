"""The verbs of this room: one writes facts, the others what a programme promises and compares itself with."""

from rnd.cycles.actions.import_history import import_history
from rnd.cycles.actions.project_tickets import project_tickets
from rnd.cycles.actions.set_baseline import set_baseline
from rnd.cycles.actions.set_service_level import set_service_level

__all__ = ["import_history", "project_tickets", "set_baseline", "set_service_level"]
