"""The report pages: one module puts one page together, as a document that page, API and files share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.cycles.clock import DEFINITION
from rnd.cycles.documents import Document, Note, Section
from rnd.cycles.filters import Filters
from rnd.cycles.pages import (
    ageing,
    backtest,
    engineering,
    fixes,
    flow,
    forecast,
    glance,
    quality,
    shipping,
    stages,
    times,
)

Built = tuple[int, list[Section]]


@dataclass(frozen=True, slots=True)
class Page:
    """One report. `asks`: it takes numbers too, as its form names them; `below`: another page that it belongs to.

    `ever` says what of it the period of the filters does not narrow.
    """

    slug: str
    title: str | Promise
    lede: str | Promise
    build: Callable[[Actor, Filters, Mapping[str, Any]], Built]
    n: str | Promise
    asks: bool = False
    below: str = ""
    ever: str | Promise = ""


def _plain(build: Callable[[Actor, Filters], Built]) -> Callable[[Actor, Filters, Mapping[str, Any]], Built]:
    return lambda actor, filters, asked: build(actor, filters)


_FINISHED: Final = _("finished loops")
_EVERY_FORECAST: Final = _("Forecasts are not narrowed by the period: they are made from what finished last.")

PAGES: Final[dict[str, Page]] = {
    page.slug: page
    for page in (
        Page(
            "glance",
            _("The loop at a glance"),
            _("From the moment a fault is seen in the field to the verdict that it is fixed."),
            _plain(glance.build),
            _FINISHED,
        ),
        Page(
            "stages",
            _("Where the time goes"),
            _("The nine stages of the loop, what is work in them and what is waiting."),
            _plain(stages.build),
            _FINISHED,
        ),
        Page(
            "times",
            _("Loop times"),
            _("Every loop by itself, and how they are spread."),
            _plain(times.build),
            _FINISHED,
        ),
        Page(
            "flow",
            _("Flow"),
            _("What came, what is in progress, what got done."),
            _plain(flow.build),
            _("tickets ever seen"),
        ),
        Page(
            "ageing",
            _("Ageing"),
            _("What is open now, how old it is, and who is about to miss the service level."),
            _plain(ageing.build),
            _("open tickets"),
            ever=_("What is open now is not narrowed by the period; how service levels were kept is."),
        ),
        Page(
            "fixes",
            _("Quality of fixes"),
            _("What holds the loop up, and how often the first fix is the last."),
            _plain(fixes.build),
            _FINISHED,
        ),
        Page(
            "engineering",
            _("Engineering"),
            _("Design, build and test by team, hand-overs, and what blocked."),
            _plain(engineering.build),
            _("tasks"),
            ever=_("How many tasks there are is not narrowed by the period; what they were spent on is."),
        ),
        Page(
            "releases",
            _("Shipping"),
            _("How often something ships, how it spreads, and whether it helped."),
            shipping.build,
            _("deployments"),
            asks=True,
        ),
        Page(
            "forecast",
            _("Forecast"),
            _("When it will be in the field, and how far such forecasts could be trusted."),
            forecast.build,
            _("loops of the last 90 days"),
            asks=True,
            ever=_EVERY_FORECAST,
        ),
        Page(
            "backtest",
            _("Back-test of the forecasts"),
            _("Each forecast that could have been made, beside what came."),
            backtest.build,
            _("decided forecasts"),
            asks=True,
            below="forecast",
            ever=_EVERY_FORECAST,
        ),
        Page(
            "quality",
            _("Data quality"),
            _("What was moved, left out or never recorded, with the tickets."),
            _plain(quality.build),
            _("loops"),
            ever=_("Of this, only what is left out is narrowed by the period."),
        ),
    )
}


def page_url(slug: str) -> str:
    """Give the address of a page."""
    return reverse("cycles:reports" if slug == "glance" else f"cycles:report_{slug}")


def told(filters: Filters) -> dict[str, str]:
    """Give the filters for machines, without those that are empty."""
    named = {one.name: getattr(filters, one.name) for one in fields(filters)}
    return {name: str(value) for name, value in named.items() if value}


def document(
    page: Page, actor: Actor, filters: Filters, asked: Mapping[str, Any], words: list[tuple[str, str]]
) -> Document:
    """Put a page together: everything that `actor` may see and the filters let through. `words` tells the filters."""
    as_of = clock.now()
    n, sections = page.build(actor, filters, asked)
    if page.ever and (filters.since or filters.until):
        sections[0] = replace(sections[0], notes=[Note(str(page.ever), "info"), *sections[0].notes])
    return Document(
        report=page.slug,
        title=str(page.title),
        lede=str(page.lede),
        as_of=as_of,
        definition=DEFINITION,
        n=n,
        filters={**told(filters), **{name: str(value) for name, value in asked.items()}},
        asked=words,
        sections=sections,
    )
