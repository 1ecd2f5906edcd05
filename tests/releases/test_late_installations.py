"""Installations that are told late: of a release that was withdrawn since; and where the team lands afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation.journal.models import Entry
from foundation.kit import clock
from releases.actions.report_installation import report_installation
from releases.actions.withdraw_release import withdraw_release
from releases.models import Installation
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def test_a_late_report_of_a_withdrawn_release_is_taken_and_marked(world: World) -> None:
    cast, release = world.cast, world.published("1.1")
    installed = clock.now()
    with clock.at(installed + timedelta(days=1)):
        withdraw_release(actor=cast.actor("kari"), release=release, reason="Loses GNSS.")
    with clock.at(installed + timedelta(days=2)):
        found = report_installation(
            actor=cast.actor("olena"), release=release, team=cast.north, hardware=cast.rev_a, installed_at=installed
        )
    found = Installation.objects.select_related("release").get(pk=found.pk)
    assert found.of_withdrawn
    entry = Entry.objects.get(kind="installation.reported")
    assert "though it was withdrawn" in entry.payload.sentence()
    answer = cast.api_client_of("olena").get(f"/api/v1/installations/{found.pk}/").json()
    assert answer["of_withdrawn"] is True


@pytest.mark.parametrize(
    ("asked", "lands"), [("/my/", "/my/"), ("//evil.example/", "/installations/"), ("", "/installations/")]
)
def test_the_team_lands_where_it_came_from(world: World, asked: str, lands: str) -> None:
    cast, release = world.cast, world.published("1.1")
    browser = cast.client_of("olena")
    query: dict[str, str | int] = {"release": release.pk, "next": asked}
    page = browser.get("/installations/report/", query).content.decode()
    assert ('name="next" value="/my/"' in page) is (asked == "/my/")
    form: dict[str, str | int] = {
        "release": release.pk,
        "hardware": cast.rev_a.pk,
        "team": cast.north.pk,
        "client_uuid": "8e5cb1ef-9a08-4f5c-b4d4-2a2f52f26d25",
        "next": asked,
    }
    response = browser.post("/installations/report/", form)
    assert response.status_code == 302, response.content.decode()[:2000]
    assert response["Location"] == lands
