"""Who takes part in the demo, and what they work on."""

from __future__ import annotations

from typing import Final, NamedTuple

from foundation.accounts.models import Role, TeamKind

# Public on purpose: the demo listens on loopback only.
PASSWORD: Final = "fieldloop-demo"  # noqa: S105 -- everybody may know it: the demo listens on loopback only


class DemoTeam(NamedTuple):
    slug: str
    name: str
    kind: TeamKind
    programmes: tuple[str, ...]


class Person(NamedTuple):
    username: str
    name: str
    team: str
    role: Role
    language: str


PROGRAMMES: Final = {"nordlys": "Nordlys", "lelek": "Лелека"}

TEAMS: Final = (
    DemoTeam("desna", "Десна", TeamKind.FIELD, ("nordlys",)),
    DemoTeam("psel", "Псел", TeamKind.FIELD, ("nordlys",)),
    DemoTeam("vorskla", "Ворскла", TeamKind.FIELD, ("nordlys",)),
    DemoTeam("sula", "Сула", TeamKind.FIELD, ("nordlys",)),
    DemoTeam("tysa", "Тиса", TeamKind.FIELD, ("nordlys",)),
    DemoTeam("ros", "Рось", TeamKind.FIELD, ("lelek",)),
    DemoTeam("oslo-radio", "Oslo radio", TeamKind.ENGINEERING, ("nordlys",)),
    DemoTeam("trondheim-autopilot", "Trondheim autopilot", TeamKind.ENGINEERING, ("nordlys", "lelek")),
    DemoTeam("kyiv-ground", "Київ: наземна станція", TeamKind.ENGINEERING, ("nordlys",)),
    DemoTeam("bergen-office", "Bergen office", TeamKind.ENGINEERING, ("nordlys", "lelek")),
    DemoTeam("ntnu", "NTNU Cybernetics", TeamKind.ACADEMIC, ("nordlys",)),
    DemoTeam("kpi", "КПІ: радіотехніка", TeamKind.ACADEMIC, ("nordlys",)),
)

PEOPLE: Final = (
    Person("olena", "Олена Коваль", "desna", Role.REPORTER, "uk"),
    Person("bohdan", "Богдан Мельник", "psel", Role.REPORTER, "uk"),
    Person("stepan", "Степан Бондар", "vorskla", Role.REPORTER, "uk"),
    Person("daryna", "Дарина Ткач", "sula", Role.REPORTER, "uk"),
    Person("taras", "Тарас Гнатюк", "tysa", Role.REPORTER, "uk"),
    Person("vira", "Віра Шевчук", "ros", Role.REPORTER, "uk"),
    Person("ingrid", "Ingrid Dahl", "bergen-office", Role.TRIAGER, "nb"),
    Person("magnus", "Magnus Berg", "oslo-radio", Role.ENGINEER, "nb"),
    Person("sunniva", "Sunniva Aas", "oslo-radio", Role.ENGINEER, "nb"),
    Person("jonas", "Jonas Hagen", "trondheim-autopilot", Role.ENGINEER, "nb"),
    Person("eirik", "Eirik Sund", "trondheim-autopilot", Role.ENGINEER, "en"),
    Person("yulia", "Юлія Савчук", "kyiv-ground", Role.ENGINEER, "uk"),
    Person("kari", "Kari Lund", "bergen-office", Role.RELEASE_MANAGER, "nb"),
    Person("henrik", "Henrik Vik", "bergen-office", Role.RELEASE_MANAGER, "nb"),
    Person("solveig", "Solveig Moe", "bergen-office", Role.MANAGER, "en"),
    Person("arne", "Arne Foss", "bergen-office", Role.ADMIN, "en"),
    Person("liv", "Liv Haugen", "ntnu", Role.PARTNER, "nb"),
)

TEAM_OF: Final = {person.username: person.team for person in PEOPLE}


class DemoComponent(NamedTuple):
    slug: str
    name: str
    programme: str
    engineers: tuple[str, ...]
    cadence_days: int


COMPONENTS: Final = (
    DemoComponent("radio", "Radio link", "nordlys", ("magnus", "sunniva"), 28),
    DemoComponent("autopilot", "Autopilot", "nordlys", ("jonas", "eirik"), 34),
    DemoComponent("ground-station", "Ground station", "nordlys", ("yulia",), 26),
    DemoComponent("battery", "Battery manager", "nordlys", ("eirik", "sunniva"), 42),
    DemoComponent("gimbal", "Camera gimbal", "lelek", ("jonas",), 38),
)

PLATFORMS: Final = {
    "quad-10": ("Quad 10", "nordlys", ("A", "B", "C")),
    "wing-3": ("Wing 3", "nordlys", ("1", "2")),
    "relay-mast": ("Relay mast", "nordlys", ("1",)),
    "lelek-2": ("Лелека 2", "lelek", ("M1", "M2")),
}
