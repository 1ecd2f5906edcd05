"""Rows of the reports: everyone but partners, each over what they may see."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from rnd.cycles.actions import freeze_report, project_tickets, save_report, set_baseline, set_service_level
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES, document
from rnd.cycles.policies import RIGHTS
from tests.frontline_feedback.world import report
from tests.house.rights import PASSES, Cast, Role, Row

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


def programme(cast: Cast) -> Mapping[str, object]:
    return {"programme": cast.programme.slug}


def saved(cast: Cast) -> Mapping[str, object]:
    """A report that the manager shares."""
    made = save_report(
        actor=cast.actor("solveig"),
        report="glance",
        query="",
        name="Mine",
        shared=True,
        programmes=[cast.programme.pk],
    )
    return {"pk": made.pk}


def frozen(cast: Cast) -> Mapping[str, object]:
    """Figures of the whole programme, frozen by the manager."""
    actor = cast.actor("solveig")
    made = document(PAGES["flow"], actor, Filters(programme=cast.programme.slug), {}, [])
    return {"token": freeze_report(actor=actor, document=made, query="", programmes=[cast.programme.pk]).token}


def named_report(cast: Cast) -> Mapping[str, object]:
    return {"report": "glance"}


def asked(cast: Cast) -> Mapping[str, object]:
    return {"report": "glance", "query": f"programme={cast.programme.slug}", "name": "Mine"}


def digest(cast: Cast) -> Mapping[str, object]:
    return {"programme": cast.programme.slug, "wanted": "0"}


# Every caller asks for the same documents at the pages.
UNREAD: Final[Mapping[str, object]] = {"rnd.cycles.views_files.documents_of": []}
FILES = [Row(f"cycles:{kind}_{slug}", may=SEE, bodies=UNREAD) for slug in PAGES for kind in ("csv", "xlsx")]

ROWS = [
    Row("cycles:reports", may=SEE),
    Row("cycles:report_tickets", may=SEE),
    *(Row(f"cycles:report_{slug}", may=SEE) for slug in PAGES if slug != "glance"),
    *FILES,
    Row("cycles:level_programmes", may=SEE),
    Row("cycles:levels", may=SEE, kwargs=programme),
    Row("cycles:set_service_level", "POST", may=RIGHTS["service_level.set"], kwargs=programme, data=new_level),
    Row("cycles:set_baseline", "POST", may=RIGHTS["baseline.set"], kwargs=programme, data=new_baseline),
    Row(
        "cycles:set_watchers",
        "POST",
        may=RIGHTS["service_level.set"],
        kwargs=programme,
        data=lambda cast: {"people": [cast.solveig.pk]},
    ),
    Row("cycles:saved_list", may=SEE),
    Row("cycles:save", "POST", may=SEE, device=403, data=asked),
    Row("cycles:saved", may=SEE, kwargs=saved),
    Row("cycles:remove_saved", "POST", may={Role.MANAGER}, kwargs=saved),
    Row("cycles:freeze", "POST", may=SEE, device=403, data=asked),
    Row("cycles:frozen", may=SEE, hidden_from={Role.REPORTER}, kwargs=frozen),
    Row("cycles:digest", may=SEE),
    Row("cycles:digest_set", "POST", may=SEE, device=403, data=digest),
    Row("cycles:digest_send", "POST", may=SEE, device=403, data=digest),
    Row("cycles-report", may=SEE, kwargs=named_report, foreign=PASSES),
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
