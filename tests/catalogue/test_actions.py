"""The verbs of the catalogue: who may, where, and what the journal keeps."""

import pytest

from foundation.accounts.actions.add_team import add_team
from foundation.accounts.models import TeamKind
from foundation.catalogue.actions.add_component import add_component
from foundation.catalogue.actions.add_hardware_revision import add_hardware_revision
from foundation.catalogue.actions.add_platform import add_platform
from foundation.catalogue.actions.add_programme import add_programme
from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme
from foundation.catalogue.actions.change_component import change_component
from foundation.catalogue.actions.change_hardware_revision import change_hardware_revision
from foundation.catalogue.actions.change_platform import change_platform
from foundation.catalogue.actions.change_programme import change_programme
from foundation.catalogue.actions.remove_team_from_programme import remove_team_from_programme
from foundation.journal.models import Entry
from foundation.kit.errors import Forbidden, Invalid
from tests.cast import Cast


@pytest.mark.parametrize("name", ["olena", "ingrid", "magnus", "kari", "solveig", "liv", "astri"])
def test_only_administrators_of_the_programme_change_its_catalogue(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    for attempt in (
        lambda: add_component(actor=actor, programme=cast.programme, name="X", slug="x"),
        lambda: add_platform(actor=actor, programme=cast.programme, name="X", slug="x"),
        lambda: add_hardware_revision(actor=actor, platform=cast.platform, name="X"),
        lambda: change_component(actor=actor, component=cast.radio, name="X"),
        lambda: change_platform(actor=actor, platform=cast.platform, name="X"),
        lambda: change_hardware_revision(actor=actor, revision=cast.rev_a, name="X"),
        lambda: change_programme(actor=actor, programme=cast.programme, name="X", time_zone="UTC"),
        lambda: add_team_to_programme(actor=actor, team=cast.bergen, programme=cast.programme),
        lambda: remove_team_from_programme(actor=actor, team=cast.north, programme=cast.programme),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_a_change_is_told_once_and_no_change_not_at_all(cast: Cast) -> None:
    arne = cast.actor("arne")
    for _again in range(2):
        change_component(actor=arne, component=cast.radio, name="Long-range link")
        change_platform(actor=arne, platform=cast.platform, name="Quad 11")
        change_hardware_revision(actor=arne, revision=cast.rev_a, name="A2")
        change_programme(actor=arne, programme=cast.programme, name="Sokil", time_zone="Europe/Oslo")
    told = Entry.objects.filter(kind__endswith=".changed").order_by("id").values_list("kind", "subject_id")
    assert list(told) == [
        ("component.changed", cast.radio.pk),
        ("platform.changed", cast.platform.pk),
        ("hardware.changed", cast.rev_a.pk),
        ("programme.changed", cast.programme.pk),
    ]


def test_nobody_draws_a_foreign_team_into_the_own_programme(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_team_to_programme(actor=cast.actor("arne"), team=cast.west, programme=cast.programme)
    with pytest.raises(Forbidden):
        add_programme(actor=cast.actor("arne"), name="Kite", slug="kite", team=cast.west)


def test_nobody_lets_the_own_team_into_a_foreign_programme(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_team_to_programme(actor=cast.actor("arne"), team=cast.oslo, programme=cast.foreign_programme)


def test_a_team_without_a_programme_joins_and_its_joining_is_told_once(cast: Cast) -> None:
    arne = cast.actor("arne")
    south = add_team(actor=arne, name="South", slug="south", kind=TeamKind.FIELD)
    for _again in range(2):
        add_team_to_programme(actor=arne, team=south, programme=cast.programme)
    assert Entry.objects.filter(kind="programme.team_joined", team_id=south.pk).count() == 1
    for _again in range(2):
        remove_team_from_programme(actor=arne, team=south, programme=cast.programme)
    assert Entry.objects.filter(kind="programme.team_left", team_id=south.pk).count() == 1


def test_an_unknown_time_zone_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid) as refusal:
        add_programme(actor=cast.actor("arne"), name="Kite", slug="kite", time_zone="Mars/Olympus")
    assert (refusal.value.code, refusal.value.field) == ("accounts.time_zone_unknown", "time_zone")
