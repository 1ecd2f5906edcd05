"""Channels, subscriptions and installations: who receives what, and what a team may say that it runs."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid
from releases.actions.publish_release import publish_release
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.actions.withdraw_release import withdraw_release
from releases.models import Channel, Installation, Release, Subscription
from releases.receiving import offered_to, received_at, receives
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def test_who_receives_pilot_receives_fleet_too_and_not_the_other_way(world: World) -> None:
    release = world.published("1.1", "pilot")
    north, autopilot = world.cast.north, world.cast.autopilot
    expected = {"lab": True, "pilot": True, "fleet": False}
    for channel in Channel.values:
        subscribe_team(actor=world.cast.actor("kari"), team=north, component=autopilot, channel=channel)
        assert receives(north, release) is expected[channel]
        assert (release in offered_to(north)) is expected[channel]
    publish_release(actor=world.cast.actor("kari"), release=release, channel="fleet")
    assert received_at(north, release) == release.publications.get(channel="fleet").at
    subscribe_team(actor=world.cast.actor("kari"), team=north, component=autopilot, channel=None)
    assert not receives(north, release)
    assert Subscription.objects.count() == 0


def test_a_subscription_is_told_once_for_each_change(world: World) -> None:
    for channel in ("pilot", "pilot", "fleet", None, None):
        subscribe_team(actor=SYSTEM, team=world.cast.north, component=world.cast.autopilot, channel=channel)
    entries = Entry.objects.filter(kind="subscription.set").order_by("id")
    assert [entry.data["channel"] for entry in entries] == ["pilot", "fleet", None]
    assert entries[0].subject == ("team", world.cast.north.pk)


def test_subscriptions_that_cannot_be_are_refused(world: World) -> None:
    kari, autopilot = world.cast.actor("kari"), world.cast.autopilot
    with pytest.raises(Invalid, match="no channel"):
        subscribe_team(actor=kari, team=world.cast.north, component=autopilot, channel="moon")
    with pytest.raises(Invalid, match="does not belong"):
        subscribe_team(actor=kari, team=world.cast.west, component=autopilot, channel="fleet")
    with pytest.raises(Forbidden):
        subscribe_team(actor=world.cast.actor("olena"), team=world.cast.north, component=autopilot, channel="fleet")
    with pytest.raises(Forbidden):
        subscribe_team(actor=kari, team=world.cast.west, component=world.cast.foreign_component, channel="fleet")


def test_a_team_reports_what_it_runs(world: World) -> None:
    release = world.published("1.1")
    when = clock.now() - timedelta(hours=2)
    found = report_installation(
        actor=world.cast.actor("olena"), release=release, team=world.cast.north, hardware=world.cast.rev_a,
        installed_at=when,
    )  # fmt: skip
    assert (found.installed_at, found.reported_by_id) == (when, world.cast.olena.pk)
    entry = Entry.objects.get(kind="installation.reported")
    assert entry.subject == ("release", release.pk)
    assert entry.occurred_at == when
    assert entry.data == {
        "installation_id": found.pk,
        "team_id": world.cast.north.pk,
        "hardware_id": world.cast.rev_a.pk,
        "withdrawn": False,
    }  # fmt: skip


def test_the_same_report_twice_is_one_installation(world: World) -> None:
    release, name = world.published("1.1"), uuid.uuid4()
    again: dict[str, Any] = {
        "actor": world.cast.actor("olena"), "release": release, "team": world.cast.north, "client_uuid": name,
        "installed_at": clock.now(),
    }  # fmt: skip
    first = report_installation(hardware=world.cast.rev_a, **again)
    assert report_installation(hardware=world.cast.rev_a, **again) == first
    with pytest.raises(Conflict) as caught:
        report_installation(hardware=world.cast.rev_b, **again)
    assert caught.value.code == "installation.uuid_taken"
    assert Installation.objects.count() == 1
    # What was accepted once stays accepted, whatever has become of the release.
    withdraw_release(actor=world.cast.actor("kari"), release=release, reason="Bad")
    assert report_installation(hardware=world.cast.rev_a, **again) == first


def report(world: World, release: Release, **changes: object) -> Installation:
    values: dict[str, object] = {"team": world.cast.north, "hardware": world.cast.rev_a, **changes}
    return report_installation(actor=world.cast.actor("kari"), release=release, **values)  # type: ignore[arg-type]  # values of any kind, to be refused


def test_what_cannot_be_installed_is_refused_with_a_reason(world: World) -> None:
    release = world.published("1.1", "pilot")
    with pytest.raises(Invalid) as caught:
        report(world, release)  # North receives fleet only
    assert caught.value.code == "installation.not_received"
    publish_release(actor=world.cast.actor("kari"), release=release, channel="fleet")
    cases: dict[str, dict[str, object]] = {
        "installation.not_received": {"team": world.cast.east},
        "installation.hardware_outside": {"hardware": world.cast.foreign_revision},
        "installation.in_future": {"installed_at": clock.now() + timedelta(minutes=5)},
    }
    for code, changes in cases.items():
        with pytest.raises(Invalid) as caught:
            report(world, release, **changes)
        assert caught.value.code == code
    with pytest.raises(Conflict, match="not published"):
        report(world, world.draft("1.2"))
    better = world.published("1.3")
    withdraw_release(actor=world.cast.actor("kari"), release=release, reason="Drifts.", replacement=better)
    with pytest.raises(Conflict, match="Install Autopilot 1.3 instead"):
        report(world, release)
    assert Installation.objects.count() == 0


def test_a_reporter_speaks_for_the_own_team_only(world: World) -> None:
    release = world.published("1.1")
    with pytest.raises(Forbidden):
        report_installation(
            actor=world.cast.actor("stepan"), release=release, team=world.cast.north, hardware=world.cast.rev_a
        )


def test_reporters_see_what_was_published_and_their_own_installations(world: World) -> None:
    world.draft("1.1")
    release = world.published("1.2")
    report(world, release)
    world.cast.actor("olena")
    seen = {
        name: set(Release.objects.visible_to(world.cast.actor(name)).values_list("version", flat=True))
        for name in ("olena", "magnus", "liv", "roman")
    }
    assert seen == {"olena": {"1.2"}, "magnus": {"1.0", "1.1", "1.2"}, "liv": set(), "roman": set()}
    counts = {
        name: Installation.objects.visible_to(world.cast.actor(name)).count()
        for name in ("olena", "stepan", "solveig", "liv", "roman")
    }
    assert counts == {"olena": 1, "stepan": 0, "solveig": 1, "liv": 0, "roman": 0}
