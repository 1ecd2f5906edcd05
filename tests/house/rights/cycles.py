"""Rows of the reports: everyone but partners, each over what they may see."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from rnd.cycles.actions import project_tickets, set_baseline, set_service_level
from rnd.cycles.policies import RIGHTS
from tests.frontline_feedback.world import report
from tests.house.rights import Cast, Row

SEE: Final = RIGHTS["report.see"]


def key(cast: Cast) -> Mapping[str, object]:
    ticket = report(cast)
    project_tickets(ticket_ids=[ticket.pk])
    return {"key": ticket.key}


def level(cast: Cast) -> Mapping[str, object]:
    return {"pk": set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S1", days=14).pk}


def new_level(cast: Cast) -> dict[str, object]:
    return {"programme": cast.programme.slug, "severity": "S1", "days": 14}


def baseline(cast: Cast) -> Mapping[str, object]:
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    return {"pk": set_baseline(actor=cast.actor("solveig"), programme=cast.programme, first=first, last=last).pk}


def new_baseline(cast: Cast) -> dict[str, object]:
    return {"programme": cast.programme.slug, "first": "2026-01-01", "last": "2026-03-31"}


ROWS = [
    Row("cycles:reports", may=SEE),
    Row("cycles:report_tickets", may=SEE),
    Row("cycles-loop-list", may=SEE),
    Row("cycles-loop-detail", may=SEE, kwargs=key),
    Row("cycles-summary", may=SEE),
    Row("cycles-service-level-list", may=SEE),
    Row("cycles-service-level-list", "POST", may=RIGHTS["service_level.set"], data=new_level),
    Row("cycles-service-level-detail", may=SEE, kwargs=level),
    Row("cycles-baseline-list", may=SEE),
    Row("cycles-baseline-list", "POST", may=RIGHTS["baseline.set"], data=new_baseline),
    Row("cycles-baseline-detail", may=SEE, kwargs=baseline),
]
