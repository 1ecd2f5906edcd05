"""Taking a task for a change: locked, and still open where the change needs that."""

from django.utils.translation import gettext as _

from foundation.kit.errors import Conflict
from foundation.kit.transactions import require_transaction
from rnd.engineering.models import Task


def locked(task: Task) -> Task:
    """Give the task as it is now, held until the transaction ends."""
    require_transaction("A change of a task")
    return Task.objects.select_for_update().get(pk=task.pk)


def locked_open(task: Task) -> Task:
    """Like `locked`; raises Conflict `task.not_open` for one that is done or cancelled."""
    current = locked(task)
    if not current.is_open:
        raise Conflict(
            "task.not_open",
            _("%(key)s is %(stage)s. Move it back to an open stage first.")
            % {"key": current.key, "stage": current.get_stage_display()},
        )
    return current
