"""What rooms above demand of a release before it goes out, on its page and under the lock."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from foundation.kit.errors import Conflict
from releases.actions.approve_release import approve_release
from releases.actions.publish_release import publish_release
from releases.models import Channel, Release
from tests.releases.world import World

pytestmark = pytest.mark.django_db

UNSIGNED = "Its image is not signed."
UNTESTED = "Nobody flew it on the pilot's hardware."


def signed_beyond_the_lab(*, release: Release, channel: Channel) -> list[str]:
    return [] if channel is Channel.LAB else [UNSIGNED]


def flown_before_the_fleet(*, release: Release, channel: Channel) -> list[str]:
    return [UNTESTED] if channel is Channel.FLEET and release.version == "1.1" else []


@pytest.fixture
def approved(world: World, settings: Settings) -> Release:
    """A release that may go to the lab only."""
    settings.PUBLISHING_GATES = [f"{__name__}.signed_beyond_the_lab", f"{__name__}.flown_before_the_fleet"]
    return approve_release(actor=world.cast.actor("henrik"), release=world.candidate("1.1"))


def test_a_release_goes_out_only_where_no_gate_stands_against_it(world: World, approved: Release) -> None:
    kari = world.cast.actor("kari")
    with pytest.raises(Conflict) as caught:
        publish_release(actor=kari, release=approved, channel="fleet")
    assert caught.value.code == "release.gate"
    assert str(caught.value) == f"{UNSIGNED} {UNTESTED}"
    assert world.release("1.1").state == "approved"
    assert publish_release(actor=kari, release=approved, channel="lab").state == "published"


def test_its_page_tells_who_may_publish_what_stands_against_it_on_which_channel(
    world: World, approved: Release
) -> None:
    text = world.cast.client_of("kari").get(approved.get_absolute_url()).content.decode()
    assert text.count(UNSIGNED) == 1
    assert 'value="lab">' in text
    assert 'value="fleet" disabled aria-describedby="against">' in text
    for name in ("magnus", "ingrid"):
        assert UNSIGNED not in world.cast.client_of(name).get(approved.get_absolute_url()).content.decode()
