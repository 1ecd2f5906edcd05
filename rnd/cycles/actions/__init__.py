"""The one verb that writes facts."""

from rnd.cycles.actions.project_tickets import project_tickets

__all__ = ["project_tickets"]
