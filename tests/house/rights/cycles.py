"""Rows of the reports: everyone but partners, each over what they may see."""

from collections.abc import Mapping
from typing import Final

from rnd.cycles.actions import project_tickets
from rnd.cycles.policies import RIGHTS
from tests.frontline_feedback.world import report
from tests.house.rights import Cast, Row

SEE: Final = RIGHTS["report.see"]


def key(cast: Cast) -> Mapping[str, object]:
    ticket = report(cast)
    project_tickets(ticket_ids=[ticket.pk])
    return {"key": ticket.key}


ROWS = [
    Row("cycles:reports", may=SEE),
    Row("cycles:report_tickets", may=SEE),
    Row("cycles-loop-list", may=SEE),
    Row("cycles-loop-detail", may=SEE, kwargs=key),
    Row("cycles-summary", may=SEE),
]
