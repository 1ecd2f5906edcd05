"""Rows of the tickets: pages, verbs and API."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from frontline_feedback.models import Ticket
from frontline_feedback.policies import RIGHTS
from tests.frontline_feedback.world import accepted, offered_and_installed, report
from tests.house.rights import Cast, Role, Row

TRIAGE: Final = RIGHTS["ticket.accept"]
REPORT: Final = RIGHTS["ticket.report"]
REOPEN: Final = RIGHTS["ticket.reopen"]
SEE: Final = RIGHTS["ticket.see"]
HIDDEN: Final = frozenset({Role.PARTNER})
REPORTER: Final = frozenset({Role.REPORTER})
REASON: Final[dict[str, Any]] = {"reason": "Not ours."}


def pk(cast: Cast) -> Mapping[str, object]:
    return {"pk": report(cast).pk}


def key(cast: Cast) -> Mapping[str, object]:
    return {"key": report(cast).key}


def ticket_key(cast: Cast) -> Mapping[str, object]:
    return {"ticket_key": report(cast).key}


def judged(cast: Cast) -> Ticket:
    ticket = accepted(cast)
    offered_and_installed(cast, ticket, "9.9")
    return ticket


def verdict_of(cast: Cast) -> Mapping[str, object]:
    from frontline_feedback.actions import give_verdict

    ticket = judged(cast)
    release = ticket.offers.get().release
    verdict = give_verdict(actor=cast.actor("olena"), ticket=ticket, release=release, outcome="could_not_test")
    return {"ticket_key": ticket.key, "pk": verdict.pk}


def comment_of(cast: Cast) -> Mapping[str, object]:
    from frontline_feedback.actions import comment_ticket

    ticket = report(cast)
    return {"ticket_key": ticket.key, "pk": comment_ticket(actor=cast.actor("olena"), ticket=ticket, body="Cold.").pk}


def attachment_of(cast: Cast) -> Mapping[str, object]:
    from io import BytesIO

    from frontline_feedback.actions import attach_file

    actor = cast.actor("olena")
    return {"pk": attach_file(actor=actor, ticket=report(cast), upload=BytesIO(b"log"), name="a.log").pk}


def sends(**values: object) -> Callable[[Cast], Mapping[str, object]]:
    return lambda cast: values


def verb(
    name: str, may: frozenset[Role], api: str = "", api_data: Mapping[str, object] | None = None, **data: object
) -> list[Row]:
    rows = [Row(f"frontline_feedback:{name}", "POST", kwargs=pk, may=may, hidden_from=HIDDEN, data=sends(**data))]
    if api:
        sent = sends(**(data if api_data is None else api_data))
        rows.append(Row(api, "POST", kwargs=key, may=may, hidden_from=HIDDEN, data=sent))
    return rows


def reported(cast: Cast) -> Mapping[str, object]:
    return {
        "team": "north",
        "platform": "quad-10",
        "component": "autopilot",
        "title": "Loses position",
        "severity": "S2",
        "seen_at": "2026-03-01T08:30:00Z",
    }


def room(name: str, method: str = "GET", may: frozenset[Role] = SEE, **more: object) -> Row:
    return Row(f"frontline_feedback:{name}", method, may=may, **more)  # type: ignore[arg-type]  # passed on as given


ROWS: list[Row] = [
    room("report", may=REPORT),
    room("report", "POST", may=REPORT),
    room("report_about", may=REPORT),
    room("reported", kwargs=pk, hidden_from=HIDDEN),
    room("my_tickets", may=REPORTER),
    room("triage", may=TRIAGE),
    room("triage_ticket", may=TRIAGE, kwargs=pk, foreign=404),
    room("merge_candidates", may=TRIAGE, kwargs=pk, hidden_from=HIDDEN),
    room("classification", may=TRIAGE, kwargs=pk, hidden_from=HIDDEN),
    room("attachment", kwargs=attachment_of, hidden_from=HIDDEN),
    room(
        "attach",
        "POST",
        kwargs=pk,
        hidden_from=HIDDEN,
        data=sends(),
    ),
    room("comment", "POST", kwargs=pk, hidden_from=HIDDEN, data=sends(body="Cold.", client_uuid=str(uuid4()))),
    room("verdict", "POST", may=REPORTER, kwargs=pk, hidden_from=HIDDEN, data=sends(outcome="fixed")),
    *verb("accept", TRIAGE, "ticket-accept"),
    *verb("reject", TRIAGE, "ticket-reject", **REASON),
    *verb("merge", TRIAGE, "ticket-merge", {"into": "FB-1"}, into=""),
    *verb("close", TRIAGE, "ticket-close", outcome="answered", **REASON),
    *verb("reopen", REOPEN, "ticket-reopen", **REASON),
    *verb("reclassify", TRIAGE, "ticket-reclassify", {"severity": "S1"}, severity="S1"),
    Row("ticket-list"),
    Row("ticket-list", "POST", may=REPORT, data=reported),
    Row("ticket-detail", kwargs=key, hidden_from=HIDDEN),
    Row("ticket-verdict-list", kwargs=ticket_key, hidden_from=HIDDEN),
    Row(
        "ticket-verdict-list",
        "POST",
        may=REPORTER,
        kwargs=lambda cast: {"ticket_key": judged(cast).key},
        hidden_from=HIDDEN,
        data=sends(release="9.9", outcome="fixed"),
    ),
    Row("ticket-verdict-detail", kwargs=verdict_of, hidden_from=HIDDEN),
    Row("ticket-comment-list", kwargs=ticket_key, hidden_from=HIDDEN),
    Row("ticket-comment-list", "POST", may=SEE, kwargs=ticket_key, hidden_from=HIDDEN, data=sends(body="Cold.")),
    Row("ticket-comment-detail", kwargs=comment_of, hidden_from=HIDDEN),
]
