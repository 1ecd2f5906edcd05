"""The vocabulary of time: the nine stages of a loop in their order, and the three modes that lie over them."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """Where a ticket is. Declared in the order of the loop; a later one is further on the way to the front."""

    TRANSIT = "transit"
    TRIAGE = "triage"
    QUEUE = "queue"
    DESIGN = "design"
    BUILD = "build"
    TEST = "test"
    RELEASE = "release"
    INSTALL = "install"
    VERIFY = "verify"


class Mode(StrEnum):
    """Whether somebody works on it. An overlay: it never changes which stage a moment belongs to."""

    ACTIVE = "active"
    WAITING = "waiting"
    BLOCKED = "blocked"


# How far along the loop a stage is: 0 is transit, 8 is verify.
POSITION: Final[dict[Stage, int]] = {stage: position for position, stage in enumerate(Stage)}

# The stages that an open task can be in, by the name the journal gives them.
TASK_STAGES: Final[dict[str, Stage]] = {
    stage.value: stage for stage in (Stage.QUEUE, Stage.DESIGN, Stage.BUILD, Stage.TEST)
}
# Of these, the ones in which work is done.
WORK: Final = frozenset({Stage.DESIGN, Stage.BUILD, Stage.TEST})
DONE: Final = "done"
