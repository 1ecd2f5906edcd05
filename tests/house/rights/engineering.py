"""Who may do what with tasks."""

from __future__ import annotations

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from frontline_feedback.models import Ticket
from rnd.engineering.actions import link_commit, open_task
from rnd.engineering.actions.suspect_links import suspect_links
from rnd.engineering.models import Task, TaskCommit
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.releases import api_world

OUTSIDE = frozenset({Role.REPORTER, Role.PARTNER})
WORKERS = frozenset({Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
OPENERS = WORKERS | {Role.TRIAGER}


def _ticket(cast: Cast) -> Ticket:
    ticket = report_ticket(
        actor=cast.actor("olena"),
        team=cast.north,
        title="Link drops",
        platform=cast.platform,
        component=cast.radio,
        severity="S2",
        seen_at=clock.now(),
    )
    return accept_ticket(actor=cast.actor("ingrid"), ticket=ticket)


def _task(cast: Cast) -> Task:
    return open_task(actor=cast.actor("magnus"), component=cast.radio, title="Warm it up", ticket=_ticket(cast))


def pk(cast: Cast) -> dict[str, object]:
    return {"pk": _task(cast).pk}


def key(cast: Cast) -> dict[str, object]:
    return {"key": _task(cast).key}


def with_ticket(cast: Cast) -> dict[str, object]:
    task = _task(cast)
    return {"pk": task.pk, "ticket_pk": task.tickets.get().pk}


def with_commit(cast: Cast) -> dict[str, object]:
    # No such commit: who may link is answered 422, and everybody else is stopped before.
    return {"pk": _task(cast).pk, "commit_pk": 999_999}


def new_task(cast: Cast) -> dict[str, object]:
    return {"component": cast.radio.slug, "title": "Another"}


def ticket_key(cast: Cast) -> dict[str, object]:
    return {"ticket": Ticket.objects.latest("pk").key}


def suspect(cast: Cast) -> dict[str, object]:
    commit = api_world.commit(cast)
    task = open_task(actor=cast.actor("magnus"), component=cast.autopilot, title="Reject steps")
    link_commit(actor=cast.actor("magnus"), task=task, commit=commit)
    link = TaskCommit.objects.get(task=task)
    suspect_links(actor=SYSTEM, links=[link.pk], reason="dropped")
    return {"pk": link.pk}


SHA = {"sha": "0" * 40}

ROWS = [
    Row("engineering:board", may=OPENERS, foreign=0),
    Row("engineering:task_list", may=OPENERS, foreign=0),
    Row("engineering:open_task", may=OPENERS, foreign=0),
    Row("engineering:open_task", "POST", may=OPENERS, foreign=0),
    Row("engineering:task", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:edit_task", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:edit_task", "POST", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row(
        "engineering:move_task", "POST", kwargs=pk, may=WORKERS, hidden_from=OUTSIDE, data=lambda _: {"stage": "build"}
    ),
    Row("engineering:assign_task", "POST", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:block_task", "POST", kwargs=pk, may=WORKERS, hidden_from=OUTSIDE, data=lambda _: {"reason": "x"}),
    Row("engineering:unblock_task", "POST", kwargs=pk, may=WORKERS, hidden_from=OUTSIDE),
    Row("engineering:link_ticket", "POST", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE, data=ticket_key),
    Row("engineering:unlink_ticket", "POST", kwargs=with_ticket, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:commit_search", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:link_commit", "POST", kwargs=with_commit, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:link_pull_request", "POST", kwargs=pk, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:confirm_commit", "POST", kwargs=with_commit, may=OPENERS, hidden_from=OUTSIDE),
    Row("engineering:unlink_commit", "POST", kwargs=with_commit, may=OPENERS, hidden_from=OUTSIDE),
    Row("task-list", may=EVERYONE),
    Row("task-list", "POST", may=OPENERS, data=new_task),
    Row("task-detail", kwargs=key, may=OPENERS, hidden_from=OUTSIDE),
    Row("task-edit", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: {"title": "x", "body": ""}),
    Row("task-move", "POST", kwargs=key, may=WORKERS, hidden_from=OUTSIDE, data=lambda _: {"stage": "build"}),
    Row("task-assign", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: {"assignee": "magnus"}),
    Row("task-hand-over", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: {"team": "oslo"}),
    Row("task-block", "POST", kwargs=key, may=WORKERS, hidden_from=OUTSIDE, data=lambda _: {"reason": "x"}),
    Row("task-unblock", "POST", kwargs=key, may=WORKERS, hidden_from=OUTSIDE),
    Row("task-tickets", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=ticket_key),
    Row("task-tickets-unlink", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=ticket_key),
    Row("task-commits", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: SHA),
    Row("task-commits-confirm", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: SHA),
    Row("suspect-link-list", may=EVERYONE),
    Row("suspect-link-detail", kwargs=suspect, may=OPENERS, hidden_from=OUTSIDE),
    Row("task-commits-unlink", "POST", kwargs=key, may=OPENERS, hidden_from=OUTSIDE, data=lambda _: SHA),
]
