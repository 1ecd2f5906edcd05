"""Who may see the whole way of a ticket."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

from django.conf import settings

from foundation.kit import clock
from frontline_feedback.actions import accept_ticket, report_ticket
from frontline_feedback.models import Ticket
from releases.models import Release
from rnd.loop.actions.state_fix import state_fix
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.releases import api_world
from tests.releases.world import make_world

STATERS = frozenset({Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
STAFF = EVERYONE - {Role.PARTNER, Role.REPORTER}
INSIDE = EVERYONE - {Role.PARTNER}


def ticket(cast: Cast) -> dict[str, object]:
    reported = report_ticket(
        actor=cast.actor("olena"),
        team=cast.north,
        title="Link drops",
        platform=cast.platform,
        component=cast.radio,
        severity="S2",
        seen_at=clock.now(),
    )
    return {"pk": reported.pk}


def key(cast: Cast) -> dict[str, object]:
    return {"key": f"FB-{ticket(cast)['pk']}"}


def release(cast: Cast) -> dict[str, object]:
    shipped = make_world(cast, Path(mkdtemp(dir=settings.DATA_DIR))).published("1.1")
    return {"component": cast.autopilot.slug, "version": shipped.version}


def component(cast: Cast) -> dict[str, object]:
    return {"component": release(cast)["component"]}


def two_releases(cast: Cast) -> dict[str, object]:
    world = make_world(cast, Path(mkdtemp(dir=settings.DATA_DIR)))
    return {"pk": world.published("1.1").pk, "other": world.published("1.2").pk}


def released(cast: Cast) -> dict[str, object]:
    return {"pk": make_world(cast, Path(mkdtemp(dir=settings.DATA_DIR))).published("1.1").pk}


def statement(cast: Cast) -> dict[str, object]:
    return {"release": Release.objects.latest("pk").pk if Release.objects.exists() else 0, "note": "A setting."}


def ticket_and_release(cast: Cast) -> dict[str, object]:
    release(cast)
    return ticket(cast)


def said_by_program(cast: Cast) -> dict[str, object]:
    # The ticket is not accepted yet: 409 for whoever may say so.
    return {"ticket": key(cast)["key"], "release": api_world.published(cast).pk, "note": "A setting."}


def said(cast: Cast) -> dict[str, object]:
    holder = api_world.published(cast)
    reported = Ticket.objects.get(pk=str(ticket(cast)["pk"]))
    accept_ticket(actor=cast.actor("ingrid"), ticket=reported)
    return {"pk": state_fix(actor=cast.actor("magnus"), ticket=reported, release=holder, note="A setting.").pk}


ROWS = [
    Row("loop:verdicts", may=INSIDE, foreign=0),
    Row("loop:release_verdicts", kwargs=release, may=INSIDE, hidden_from={Role.PARTNER}),
    Row("loop:home"),
    Row("loop:ticket_list", may=INSIDE, foreign=0),
    Row("loop:ticket", kwargs=ticket, hidden_from={Role.PARTNER}),
    Row("loop:fix_in", kwargs=ticket, hidden_from={Role.PARTNER}),
    Row("loop:release_fixes", kwargs=release, hidden_from={Role.PARTNER}),
    Row("loop:next_release", kwargs=component, may=STAFF, hidden_from={Role.PARTNER}),
    Row(
        "loop:next_release",
        "POST",
        kwargs=component,
        may={Role.RELEASE_MANAGER},
        hidden_from={Role.PARTNER},
        data=lambda _cast: {"repository": "autopilot-firmware", "sha": "0" * 40, "tag": "v9"},
    ),
    Row("loop:matrix", may=INSIDE, foreign=0),
    Row("loop:matrix_file", kwargs=lambda _cast: {"form": "xlsx"}, may=INSIDE, foreign=0),
    Row("loop:compare", kwargs=release, hidden_from={Role.PARTNER}),
    Row("loop:is_fixed"),
    Row(
        "loop:say_fixed",
        "POST",
        kwargs=ticket_and_release,
        may=STATERS,
        hidden_from={Role.PARTNER},
        data=statement,
    ),
    Row("comparison-with", kwargs=two_releases, hidden_from={Role.PARTNER}),
    Row("verdict-board-detail", kwargs=released, hidden_from={Role.PARTNER}),
    Row("statement-list"),
    Row("statement-list", "POST", may=STATERS, data=said_by_program),
    Row("statement-detail", kwargs=said, may=INSIDE, hidden_from={Role.PARTNER}),
    # Without a version it answers 422 to whoever may see the ticket.
    Row("fix-detail", kwargs=key, hidden_from={Role.PARTNER}),
]
