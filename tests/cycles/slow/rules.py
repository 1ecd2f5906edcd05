"""What a ticket reads at one instant: the rules of docs/cycle-clock.md, in the order in which they stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.cycles.slow.plain import Entry

TICKET = {f"ticket.{name}" for name in (
    "received", "accepted", "rejected", "merged", "closed", "reopened", "fix_offered", "fix_installed", "verdict_given",
)}  # fmt: skip
TASK = {f"task.{name}" for name in ("opened", "linked", "unlinked", "assigned", "moved", "blocked", "unblocked")}
OPEN = ["queue", "design", "build", "test"]
Past = Sequence[Entry]
Reading = tuple[str, str, int]  # stage, mode, pass


@dataclass(frozen=True)
class Line:
    """The entries of one subject in the order in which they count, each with its effective time."""

    entries: list[Entry]
    times: list[int]

    def until(self, t: int) -> list[Entry]:
        """What has happened by then."""
        return [entry for entry, at in zip(self.entries, self.times, strict=True) if at <= t]

    def moved(self) -> int:
        """How many do not count at the time they claim."""
        return sum(at != entry.occurred for entry, at in zip(self.entries, self.times, strict=True))


def line(entries: Sequence[Entry], kinds: set[str], birth: str) -> Line:
    """Order by claim, record and number, the birth first; nothing takes effect before what stands in front of it."""
    ordered = sorted(
        (entry for entry in entries if entry.kind in kinds), key=lambda one: (one.claimed, one.recorded, one.id)
    )
    births = [entry for entry in ordered if entry.kind == birth][:1]
    ordered = births + [entry for entry in ordered if entry not in births]
    return Line(ordered, [max(one.claimed for one in ordered[: place + 1]) for place in range(len(ordered))])


def reading(own: Line, tasks: list[Line], t: int) -> Reading:
    """The rules in the order of the document: closed and reopened later, an open task, the own milestones."""
    past = own.until(t)
    number = number_of(past)
    held = closing(past)
    if held is not None:
        return ("verify" if held.kind == "ticket.verdict_given" else "triage"), "waiting", number
    pasts = [past_of_task for task in tasks if (past_of_task := task.until(t))]
    governing = [one for one in pasts if stage_of(one) in OPEN]
    if governing:
        stage = min((stage_of(one) for one in governing), key=OPEN.index)
        governing = [one for one in governing if stage_of(one) == stage]
        if all(blocked(one) for one in governing):
            return stage, "blocked", number
        if stage != "queue" and any(assigned(one) and not blocked(one) for one in governing):
            return stage, "active", number
        return stage, "waiting", number
    return milestone(own, past, tasks, t), "waiting", number


def milestone(own: Line, past: Past, tasks: list[Line], t: int) -> str:
    if not past:
        return "transit"
    starts = [n for n in range(len(past)) if starts_pass(past, n)]
    here = past[starts[-1] + 1 :] if starts else past
    if not accepted(past, here):
        return "triage"
    if any(entry.kind == "ticket.fix_installed" for entry in here):
        return "verify"
    if any(entry.kind == "ticket.fix_offered" for entry in here):
        return "install"
    began = own.times[starts[-1]] if starts else None
    done = [
        entered(task, past_of_task)
        for task in tasks
        if (past_of_task := task.until(t)) and stage_of(past_of_task) == "done"
    ]
    return "release" if any(began is None or at >= began for at in done) else "queue"


def closing(past: Past) -> Entry | None:
    """The decision that holds after all this."""
    held: Entry | None = None
    for entry in past:
        by_verdict = held is not None and held.kind == "ticket.verdict_given"
        if entry.kind == "ticket.reopened":
            held = None
        elif entry.kind == "ticket.verdict_given":
            if entry.data["outcome"] in ("not_fixed", "worse"):
                held = None
            elif entry.data["outcome"] == "fixed" and not by_verdict:
                held = entry
        elif entry.kind in ("ticket.rejected", "ticket.closed") and held is None:
            held = entry
    return held


def outcome(held: Entry | None) -> str:
    if held is None:
        return ""
    return "rejected" if held.kind == "ticket.rejected" else str(held.data["outcome"])


def starts_pass(past: Past, n: int) -> bool:
    entry = past[n]
    if entry.kind == "ticket.verdict_given":
        return entry.data["outcome"] in ("not_fixed", "worse")
    before = closing(past[:n])
    return entry.kind == "ticket.reopened" and before is not None and before.kind == "ticket.verdict_given"


def number_of(past: Past) -> int:
    return 1 + sum(starts_pass(past, n) for n in range(len(past)))


def merged(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind in ("ticket.merged", "ticket.reopened")]
    return bool(marks) and marks[-1].kind == "ticket.merged"


def accepted(past: Past, here: Past) -> bool:
    """Merged, or accepted, offered or installed in this pass and since nothing revoked it."""
    if merged(past):
        return True
    revoked = 0
    for n, entry in enumerate(here):
        before = past[: len(past) - len(here) + n]
        if entry.kind == "ticket.reopened" and (closing(before) is not None or merged(before)):
            revoked = n + 1
    kinds = {"ticket.accepted", "ticket.fix_offered", "ticket.fix_installed", "ticket.merged"}
    return any(entry.kind in kinds for entry in here[revoked:])


def stage_of(past: Past) -> str:
    moves = [entry for entry in past if entry.kind == "task.moved"]
    return str(moves[-1].data["to_stage"]) if moves else "queue"


def entered(task: Line, past: Past) -> int:
    """When a task came into the stage that it is in."""
    n = len(past)
    while n > 1 and stage_of(past[: n - 1]) == stage_of(past):
        n -= 1
    return task.times[n - 1]


def blocked(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind in ("task.blocked", "task.unblocked")]
    return bool(marks) and marks[-1].kind == "task.blocked"


def assigned(past: Past) -> bool:
    marks = [entry for entry in past if entry.kind == "task.assigned"]
    return bool(marks) and marks[-1].data["assignee_id"] is not None
