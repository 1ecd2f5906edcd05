"""The verbs of tasks: the only code that writes them, one verb a file."""

from rnd.engineering.actions.assign_task import assign_task
from rnd.engineering.actions.block_task import block_task
from rnd.engineering.actions.confirm_commit import confirm_commit
from rnd.engineering.actions.edit_task import edit_task
from rnd.engineering.actions.hand_over_task import hand_over_task
from rnd.engineering.actions.link_commit import link_commit
from rnd.engineering.actions.link_ticket import link_ticket
from rnd.engineering.actions.move_task import move_task
from rnd.engineering.actions.open_task import open_task
from rnd.engineering.actions.unblock_task import unblock_task
from rnd.engineering.actions.unlink_commit import unlink_commit
from rnd.engineering.actions.unlink_ticket import unlink_ticket

__all__ = [
    "assign_task",
    "block_task",
    "confirm_commit",
    "edit_task",
    "hand_over_task",
    "link_commit",
    "link_ticket",
    "move_task",
    "open_task",
    "unblock_task",
    "unlink_commit",
    "unlink_ticket",
]
