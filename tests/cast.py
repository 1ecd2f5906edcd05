"""The cast: a small world with names, made through the actions, that every test may rely on.

Programme Sokil: field teams North (Olena, Bohdan) and East (Stepan), the engineering team Oslo, the academic
team NTNU. Programme Lastivka is foreign to all of them: field team West (Vira) and engineering team Bergen
(Sigrid, Astri, and Roman, who has every role there). Nobody has a password; `client_of("olena")` is a
signed-in browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from foundation.accounts.actions.add_enrolment_code import add_enrolment_code
from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actions.create_token import create_token
from foundation.accounts.actions.enrol_device import Enrolled, enrol_device
from foundation.accounts.actors import SYSTEM, Actor, actor_of
from foundation.accounts.devices import COOKIE
from foundation.accounts.enrolment import signed
from foundation.accounts.models import Role, Team, TeamKind, User
from foundation.accounts.rights import scopes as all_scopes
from foundation.accounts.roles import INSIDERS
from foundation.catalogue.actions.add_component import add_component
from foundation.catalogue.actions.add_hardware_revision import add_hardware_revision
from foundation.catalogue.actions.add_platform import add_platform
from foundation.catalogue.actions.add_programme import add_programme
from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from foundation.kit import clock


@dataclass(slots=True)
class Cast:
    """Who and what there is. Users are attributes too: `cast.olena`, `cast.actor("olena")`."""

    programme: Programme
    foreign_programme: Programme
    # Teams
    north: Team
    east: Team
    oslo: Team
    ntnu: Team
    west: Team
    bergen: Team
    # Programme Sokil
    olena: User  # reporter of North
    bohdan: User  # another reporter of North
    stepan: User  # reporter of East
    ingrid: User  # triager
    magnus: User  # engineer
    kari: User  # release manager
    henrik: User  # another release manager: approves what Kari drafts
    solveig: User  # manager
    arne: User  # administrator
    liv: User  # academic partner
    # Programme Lastivka
    vira: User  # reporter of West
    sigrid: User  # engineer
    astri: User  # administrator
    roman: User  # everything but partner
    # Catalogue of Sokil
    platform: Platform
    autopilot: Component
    radio: Component
    rev_a: HardwareRevision
    rev_b: HardwareRevision
    # Catalogue of Lastivka
    foreign_platform: Platform
    foreign_component: Component
    foreign_revision: HardwareRevision
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str, *, scopes: Iterable[str] | None = None) -> Actor:
        """Give the actor of the user called `name`, read afresh."""
        return actor_of(User.objects.get(username=name), scopes=scopes)

    def client_of(self, name: str) -> Client:
        """Give a browser in which the user called `name` is signed in."""
        client = Client()
        client.force_login(self.users[name])
        return client

    def user(self, role: Role) -> User:
        """Give the user of programme Sokil who has this role, and no other."""
        return self.users[BY_ROLE[role]]

    @property
    def foreigner(self) -> User:
        """Give a user who has every role of insiders, though in the foreign programme only."""
        return self.roman

    def token(self, user: User, scopes: Iterable[str] | None = None) -> str:
        """Give the plain text of a new API token of the user, with these scopes (None: all there are)."""
        return create_token(
            actor=actor_of(user),
            user=user,
            name="test",
            scopes=all_scopes() if scopes is None else scopes,
            expires_at=clock.now() + timedelta(days=30),
        ).plaintext

    def device(self, team: Team, name: str = "Tablet") -> Enrolled:
        """Enrol a device of the team, by a code that somebody of the house made."""
        code = add_enrolment_code(actor=SYSTEM, team=team, name=name)
        return enrol_device(code=code.plaintext, address=f"test-{code.code.pk}")

    def device_client(self, enrolled: Enrolled) -> Client:
        """Give the device's own browser."""
        client = Client()
        client.cookies[COOKIE] = signed(enrolled.secret)
        return client

    def api_client_of(self, name: str, scopes: Iterable[str] | None = None) -> Client:
        """Give a program that acts for the user by a token with these scopes (None: all there are)."""
        return Client(headers={"Authorization": f"Bearer {self.token(self.users[name], scopes)}"})


# user name: (full name, team, role). One for each role, and who is needed twice.
PEOPLE: dict[str, tuple[str, str, Role]] = {
    "olena": ("Олена Коваль", "north", Role.REPORTER),
    "bohdan": ("Богдан Мельник", "north", Role.REPORTER),
    "stepan": ("Степан Бондар", "east", Role.REPORTER),
    "ingrid": ("Ingrid Dahl", "oslo", Role.TRIAGER),
    "magnus": ("Magnus Berg", "oslo", Role.ENGINEER),
    "kari": ("Kari Lund", "oslo", Role.RELEASE_MANAGER),
    "henrik": ("Henrik Vik", "oslo", Role.RELEASE_MANAGER),
    "solveig": ("Solveig Moe", "oslo", Role.MANAGER),
    "arne": ("Arne Foss", "oslo", Role.ADMIN),
    "liv": ("Liv Haugen", "ntnu", Role.PARTNER),
    "vira": ("Віра Шевчук", "west", Role.REPORTER),
    "sigrid": ("Sigrid Ruud", "bergen", Role.ENGINEER),
    "astri": ("Astri Nes", "bergen", Role.ADMIN),
    "roman": ("Роман Лисенко", "bergen", Role.REPORTER),
}

# One user of the programme for each role, for tests that walk roles.
BY_ROLE: dict[Role, str] = {
    Role.REPORTER: "olena",
    Role.TRIAGER: "ingrid",
    Role.ENGINEER: "magnus",
    Role.RELEASE_MANAGER: "kari",
    Role.MANAGER: "solveig",
    Role.ADMIN: "arne",
    Role.PARTNER: "liv",
}


def assemble() -> Cast:
    """Make the whole world in the database."""
    programme = add_programme(actor=SYSTEM, name="Sokil", slug="sokil", time_zone="Europe/Kyiv")
    foreign = add_programme(actor=SYSTEM, name="Lastivka", slug="lastivka", time_zone="Europe/Kyiv")
    teams = {
        slug: _team(slug, name, kind, where)
        for slug, name, kind, where in [
            ("north", "North", TeamKind.FIELD, programme),
            ("east", "East", TeamKind.FIELD, programme),
            ("oslo", "Oslo", TeamKind.ENGINEERING, programme),
            ("ntnu", "NTNU", TeamKind.ACADEMIC, programme),
            ("west", "West", TeamKind.FIELD, foreign),
            ("bergen", "Bergen", TeamKind.ENGINEERING, foreign),
        ]
    }
    users: dict[str, User] = {}
    for username, (name, team, role) in PEOPLE.items():
        users[username] = add_user(actor=SYSTEM, username=username, name=name)
        add_membership(actor=SYSTEM, user=users[username], team=teams[team], role=role)
    for role in INSIDERS:
        add_membership(actor=SYSTEM, user=users["roman"], team=teams["bergen"], role=role)
    platform = add_platform(actor=SYSTEM, programme=programme, name="Quad 10", slug="quad-10")
    foreign_platform = add_platform(actor=SYSTEM, programme=foreign, name="Wing 3", slug="wing-3")
    return Cast(
        programme=programme,
        foreign_programme=foreign,
        platform=platform,
        autopilot=add_component(actor=SYSTEM, programme=programme, name="Autopilot", slug="autopilot"),
        radio=add_component(actor=SYSTEM, programme=programme, name="Radio link", slug="radio"),
        rev_a=add_hardware_revision(actor=SYSTEM, platform=platform, name="A"),
        rev_b=add_hardware_revision(actor=SYSTEM, platform=platform, name="B"),
        foreign_platform=foreign_platform,
        foreign_component=add_component(actor=SYSTEM, programme=foreign, name="Wing control", slug="wing-control"),
        foreign_revision=add_hardware_revision(actor=SYSTEM, platform=foreign_platform, name="1"),
        users=users,
        **_by_name(teams, users),
    )


def _by_name(teams: dict[str, Team], users: dict[str, User]) -> dict[str, Any]:
    """Give teams and users by the names of the cast's attributes."""
    return {**teams, **users}


def _team(slug: str, name: str, kind: TeamKind, programme: Programme) -> Team:
    team = add_team(actor=SYSTEM, name=name, slug=slug, kind=kind)
    add_team_to_programme(actor=SYSTEM, team=team, programme=programme)
    return team
