"""What an actor may do, where, and with which token."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from foundation.accounts import rights
from foundation.accounts.actors import NOBODY, SYSTEM, actor_of
from foundation.accounts.models import Role
from foundation.kit.errors import Forbidden
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _verbs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "_table", dict(rights.table()))
    rights.register(
        {"kite.see": frozenset(Role), "kite.fly": frozenset({Role.REPORTER, Role.ENGINEER}), "kite.eat": frozenset()},
        {"kite.see": "watch kites", "kite.fly": "fly kites", "kite.eat": "eat kites"},
        scope="kites",
    )


def test_an_engineer_may_do_it_in_the_own_programme_only(cast: Cast) -> None:
    magnus = cast.actor("magnus")
    assert magnus.may("kite.fly")
    assert magnus.may("kite.fly", programme_id=cast.programme.pk)
    assert not magnus.may("kite.fly", programme_id=cast.foreign_programme.pk)


def test_an_engineers_right_in_a_programme_does_not_ask_for_the_team(cast: Cast) -> None:
    magnus = cast.actor("magnus")
    assert magnus.may("kite.fly", programme_id=cast.programme.pk, team_id=cast.north.pk)
    assert not magnus.may("kite.fly", team_id=cast.north.pk)


def test_a_reporter_may_do_it_for_the_own_team_only(cast: Cast) -> None:
    olena = cast.actor("olena")
    assert olena.may("kite.fly", programme_id=cast.programme.pk, team_id=cast.north.pk)
    assert olena.may("kite.fly", team_id=cast.north.pk)
    assert not olena.may("kite.fly", programme_id=cast.programme.pk, team_id=cast.east.pk)
    assert not olena.may("kite.fly", programme_id=cast.foreign_programme.pk, team_id=cast.north.pk)


def test_who_has_no_role_for_it_may_not_and_is_told_which_it_takes(cast: Cast) -> None:
    with pytest.raises(Forbidden) as refusal:
        cast.actor("solveig").require("kite.fly", programme_id=cast.programme.pk)
    assert refusal.value.code == "accounts.right_missing"
    assert refusal.value.right == "kite.fly"
    assert refusal.value.message == (
        "Solveig Moe may not fly kites here. "
        "It takes one of these roles: reporter, engineer; an administrator gives them."
    )


def test_a_right_of_one_role_and_one_of_none_are_told_apart(cast: Cast) -> None:
    with pytest.raises(Forbidden, match="It takes the role “administrator”; an administrator gives it"):
        cast.actor("solveig").require("user.add")
    with pytest.raises(Forbidden, match=r"may not eat kites here\. Fieldloop alone does that\."):
        cast.actor("solveig").require("kite.eat")
    assert rights.right_of("membership.add").roles == {Role.ADMIN}


def test_a_token_does_only_what_its_scopes_reach(cast: Cast) -> None:
    reader = cast.actor("magnus", scopes=["kites:read"])
    assert reader.may("kite.see")
    assert not reader.may("kite.fly")
    with pytest.raises(Forbidden, match="may not fly kites: it lacks the scope “kites:write”") as refusal:
        reader.require("kite.fly")
    assert (refusal.value.code, refusal.value.right) == ("accounts.scope_missing", "kite.fly")


def test_writing_includes_reading_and_nothing_includes_another_area(cast: Cast) -> None:
    writer = cast.actor("magnus", scopes=["kites:write"])
    assert writer.may("kite.see")
    assert writer.may("kite.fly")
    assert not writer.has_scope("feedback:read")


def test_a_scope_gives_no_right_that_the_person_lacks(cast: Cast) -> None:
    assert not cast.actor("solveig", scopes=["kites:write"]).may("kite.fly")


def test_the_system_may_everything_and_a_visitor_nothing(cast: Cast) -> None:
    assert SYSTEM.may("kite.fly", programme_id=cast.foreign_programme.pk)
    assert not NOBODY.may("kite.see")
    assert not NOBODY.is_authenticated


def test_a_deactivated_person_has_no_standing(cast: Cast) -> None:
    cast.magnus.is_active = False
    assert actor_of(cast.magnus) is NOBODY


def test_an_actor_is_read_with_one_query(cast: Cast, django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # the fixture's type is pytest-django's own
        actor = actor_of(cast.magnus)
        actor.may("kite.fly", programme_id=cast.programme.pk)
    assert actor.programmes() == {cast.programme.pk}
    assert actor.programmes(Role.ADMIN) == frozenset()
    assert actor.teams(Role.ENGINEER) == {cast.oslo.pk}
    assert [standing.team_kind for standing in actor.standings] == ["engineering"]


def test_a_team_without_a_programme_gives_none(cast: Cast) -> None:
    cast.programme.teams.remove(cast.oslo)
    assert cast.actor("magnus").programmes() == frozenset()
    assert cast.actor("magnus").teams() == {cast.oslo.pk}


def test_a_verb_that_no_room_registered_is_a_typing_error(cast: Cast) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"kite\.flyy"):
        cast.actor("magnus").may("kite.flyy")


def test_two_rooms_cannot_register_the_same_verb_differently() -> None:
    with pytest.raises(ImproperlyConfigured, match="registered twice"):
        rights.register({"kite.fly": frozenset({Role.PARTNER})}, {"kite.fly": "fly kites"}, scope="kites")


def test_a_right_without_words_is_refused_and_every_room_has_said_its_own() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"no words for what kite\.mend allows"):
        rights.register({"kite.mend": frozenset(Role)}, {"kite.fly": "fly kites"}, scope="kites")
    said = [str(right.words) for right in rights.table().values()]
    assert all(words and words[0].islower() and not words.endswith(".") for words in said)
    assert len(set(said)) == len(said)


def test_each_area_can_be_read_and_what_has_verbs_can_be_written() -> None:
    assert {"kites:read", "kites:write", "accounts:read"} <= set(rights.scopes())
