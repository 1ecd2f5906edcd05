"""The verbs of administration: who may, how far an administrator reaches, and what the journal keeps."""

from typing import Any

import pytest

from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actions.change_team import change_team
from foundation.accounts.actions.change_user import change_user
from foundation.accounts.actions.deactivate_user import deactivate_user
from foundation.accounts.actions.make_password_link import make_password_link
from foundation.accounts.actions.reactivate_user import reactivate_user
from foundation.accounts.actions.remove_membership import remove_membership
from foundation.accounts.actions.set_password import set_password
from foundation.accounts.models import Membership, Role, Team, TeamKind, User
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cast import Cast


def told(kind: str) -> list[dict[str, Any]]:
    return [entry.data for entry in Entry.objects.filter(kind=kind).order_by("id")]


def test_an_administrator_adds_a_person_who_cannot_sign_in_before_setting_a_password(cast: Cast) -> None:
    user = add_user(actor=cast.actor("arne"), username="nils", name="Nils", email="Nils@Example.org")
    assert not user.has_usable_password()
    assert user.email == "nils@example.org"
    entry = Entry.objects.get(kind="user.added", subject_id=user.pk)
    assert (entry.actor_name, entry.data) == ("Arne Foss", {"username": "nils"})


@pytest.mark.parametrize("name", ["olena", "ingrid", "magnus", "kari", "solveig", "liv"])
def test_nobody_else_adds_people_teams_or_roles(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    with pytest.raises(Forbidden):
        add_user(actor=actor, username="nils")
    with pytest.raises(Forbidden):
        add_team(actor=actor, name="South", slug="south", kind=TeamKind.FIELD)
    with pytest.raises(Forbidden):
        add_membership(actor=actor, user=cast.users[name], team=cast.oslo, role=Role.ADMIN)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"username": "OLENA"}, "accounts.taken", ""),
        ({"username": "two words"}, "accounts.username_invalid", "username"),
        ({"username": ""}, "accounts.username_invalid", "username"),
        ({"username": "nils", "email": "nowhere"}, "accounts.email_invalid", "email"),
        ({"username": "nils", "language": "xx"}, "accounts.language_unknown", "language"),
        ({"username": "nils", "time_zone": "Mars/Olympus"}, "accounts.time_zone_unknown", "time_zone"),
        ({"username": "nils", "password": "nils"}, "accounts.password_weak", "password"),
    ],
)
def test_what_no_account_can_be_is_refused_on_its_field(cast: Cast, values: Any, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_user(actor=cast.actor("arne"), **values)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_an_administrator_reaches_nobody_in_another_programme(cast: Cast) -> None:
    arne = cast.actor("arne")
    for attempt in (
        lambda: deactivate_user(actor=arne, user=cast.vira),
        lambda: make_password_link(actor=arne, user=cast.vira),
        lambda: set_password(actor=arne, user=cast.vira, password="a taken over account"),
        lambda: change_user(actor=arne, user=cast.vira, email="arne@example.org"),
        lambda: add_membership(actor=arne, user=cast.arne, team=cast.west, role=Role.ADMIN),
        lambda: add_membership(actor=arne, user=cast.vira, team=cast.oslo, role=Role.ENGINEER),
        lambda: change_team(actor=arne, team=cast.west, name="Wild west"),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_nor_whoever_stands_in_another_programme_too(cast: Cast) -> None:
    cast.foreign_programme.teams.add(cast.north)
    with pytest.raises(Forbidden):
        make_password_link(actor=cast.actor("arne"), user=cast.olena)
    with pytest.raises(Forbidden):
        add_membership(actor=cast.actor("arne"), user=cast.arne, team=cast.north, role=Role.ADMIN)


def test_a_role_is_added_once_and_told_once(cast: Cast) -> None:
    before = len(told("membership.added"))
    for _again in range(2):
        add_membership(actor=cast.actor("arne"), user=cast.magnus, team=cast.oslo, role=Role.TRIAGER)
    assert told("membership.added")[before:] == [{"team_id": cast.oslo.pk, "role": "triager"}]
    assert cast.actor("magnus").has_role(Role.TRIAGER)


@pytest.mark.parametrize(("team", "role"), [("ntnu", Role.ENGINEER), ("oslo", Role.PARTNER), ("north", Role.PARTNER)])
def test_academic_teams_have_partners_and_only_they(cast: Cast, team: str, role: Role) -> None:
    with pytest.raises(Invalid, match="academic teams have partners only"):
        add_membership(actor=cast.actor("arne"), user=cast.magnus, team=getattr(cast, team), role=role)


def test_a_role_that_is_taken_away_gives_no_standing_any_more(cast: Cast) -> None:
    membership = Membership.objects.get(user=cast.magnus)
    remove_membership(actor=cast.actor("arne"), membership=membership)
    assert cast.actor("magnus").standings == ()
    assert told("membership.removed") == [{"team_id": cast.oslo.pk, "role": "engineer"}]
    with pytest.raises(NotFound):
        remove_membership(actor=cast.actor("arne"), membership=membership)


def test_an_administrator_cannot_lock_themself_out(cast: Cast) -> None:
    arne = cast.actor("arne")
    with pytest.raises(Conflict, match="your own account"):
        deactivate_user(actor=arne, user=cast.arne)
    with pytest.raises(Conflict, match="from yourself"):
        remove_membership(actor=arne, membership=Membership.objects.get(user=cast.arne))


def test_an_account_is_shut_and_opened_once_each(cast: Cast) -> None:
    arne = cast.actor("arne")
    deactivate_user(actor=arne, user=cast.magnus)
    with pytest.raises(Conflict, match="deactivated already"):
        deactivate_user(actor=arne, user=cast.magnus)
    with pytest.raises(Conflict, match="Reactivate it first"):
        make_password_link(actor=arne, user=cast.magnus)
    reactivate_user(actor=arne, user=cast.magnus)
    with pytest.raises(Conflict, match="active already"):
        reactivate_user(actor=arne, user=cast.magnus)
    assert (told("user.deactivated"), told("user.reactivated")) == ([{}], [{}])


def test_people_change_their_own_account_and_the_journal_names_the_fields_only(cast: Cast) -> None:
    change_user(actor=cast.actor("olena"), user=cast.olena, name="Олена", email="olena@example.org", language="")
    assert told("user.changed") == [{"fields": ["name", "email"]}]


def test_nobody_changes_another_account_and_no_token_the_own(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        change_user(actor=cast.actor("olena"), user=cast.bohdan, name="X")
    with pytest.raises(Forbidden):
        change_user(actor=cast.actor("olena", scopes=["accounts:write"]), user=cast.olena, name="X")


def test_an_address_that_was_changed_no_longer_resets_the_password(cast: Cast) -> None:
    from allauth.account.models import EmailAddress

    change_user(actor=cast.actor("olena"), user=cast.olena, email="old@example.org")
    EmailAddress.objects.create(user=cast.olena, email="old@example.org", primary=True)
    change_user(actor=cast.actor("olena"), user=cast.olena, email="new@example.org")
    assert not EmailAddress.objects.filter(email="old@example.org").exists()


def test_a_team_is_renamed_and_keeps_its_slug(cast: Cast) -> None:
    team = change_team(actor=cast.actor("arne"), team=cast.north, name="Far north")
    assert (team.name, team.slug) == ("Far north", "north")
    assert told("team.changed") == [{"old_name": "North", "name": "Far north"}]
    with pytest.raises(Invalid) as refusal:
        change_team(actor=cast.actor("arne"), team=cast.north, name="East")
    assert (refusal.value.code, refusal.value.field) == ("accounts.taken", "name")


def test_administrators_see_new_people_and_teams_without_a_programme_and_others_do_not(cast: Cast) -> None:
    add_user(actor=cast.actor("arne"), username="nils")
    add_team(actor=cast.actor("arne"), name="South", slug="south", kind=TeamKind.FIELD)
    for name, sees in (("arne", True), ("astri", True), ("magnus", False), ("vira", False)):
        actor = cast.actor(name)
        assert User.objects.visible_to(actor).filter(username="nils").exists() is sees
        assert Team.objects.visible_to(actor).filter(slug="south").exists() is sees


def test_people_see_those_of_their_programmes(cast: Cast) -> None:
    def names(of: str) -> set[str]:
        return set(User.objects.visible_to(cast.actor(of)).values_list("username", flat=True))

    assert names("olena") >= {"olena", "bohdan", "magnus"}
    assert not names("olena") & {"stepan", "vira", "sigrid"}
    assert names("liv") == {"liv"}
    assert not names("arne") & {"vira", "sigrid", "astri", "roman"}
