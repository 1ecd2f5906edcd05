"""Sets the stage: teams, people, the catalogue, repositories and subscriptions, all through the actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random

from foundation.accounts.actions.add_membership import add_membership
from foundation.accounts.actions.add_team import add_team
from foundation.accounts.actions.add_user import add_user
from foundation.accounts.actors import SYSTEM, Actor, actor_of
from foundation.accounts.models import Team, User
from foundation.catalogue.actions.add_component import add_component
from foundation.catalogue.actions.add_hardware_revision import add_hardware_revision
from foundation.catalogue.actions.add_platform import add_platform
from foundation.catalogue.actions.add_programme import add_programme
from foundation.catalogue.actions.add_team_to_programme import add_team_to_programme
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from releases.actions.add_repository import add_repository
from releases.actions.fetch_repository import fetch_repository
from releases.actions.subscribe_team import subscribe_team
from releases.models import Channel, Repository
from rnd.demo.git import Workshop
from rnd.demo.people import COMPONENTS, PASSWORD, PEOPLE, PLATFORMS, PROGRAMMES, TEAMS, DemoComponent


@dataclass(slots=True)
class Product:
    """A component with its people and its repository."""

    plan: DemoComponent
    component: Component
    workshop: Workshop
    repository: Repository
    version: list[int] = field(default_factory=lambda: [1, 0, 0])


@dataclass(slots=True)
class World:
    """Everybody and everything, by slug or username."""

    rng: Random
    programmes: dict[str, Programme] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    platforms: dict[str, Platform] = field(default_factory=dict)
    hardware: dict[str, list[HardwareRevision]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    def email(self, username: str) -> str:
        return f"{username}@nordlys.example"


def build_world(rng: Random, folder: Path, now: datetime) -> World:
    """Make the world as it is on the first day, with a first release of each component in its history."""
    world = World(rng)
    for slug, name in PROGRAMMES.items():
        world.programmes[slug] = add_programme(actor=SYSTEM, name=name, slug=slug, time_zone="Europe/Kyiv")
    for team in TEAMS:
        world.teams[team.slug] = add_team(actor=SYSTEM, name=team.name, slug=team.slug, kind=team.kind)
        for programme in team.programmes:
            add_team_to_programme(actor=SYSTEM, team=world.teams[team.slug], programme=world.programmes[programme])
    for person in PEOPLE:
        user = add_user(
            actor=SYSTEM,
            username=person.username,
            name=person.name,
            email=world.email(person.username),
            language=person.language,
            password=None if world.users else PASSWORD,
        )
        add_membership(actor=SYSTEM, user=user, team=world.teams[person.team], role=person.role)
        world.users[person.username] = user
        world.actors[person.username] = actor_of(user)
    # One word signs everybody in, and it is printed: a hash for each would only make the first start longer.
    User.objects.update(password=next(iter(world.users.values())).password)
    for slug, (name, programme, revisions) in PLATFORMS.items():
        platform = add_platform(actor=SYSTEM, programme=world.programmes[programme], name=name, slug=slug)
        world.platforms[slug] = platform
        world.hardware[slug] = [
            add_hardware_revision(actor=SYSTEM, platform=platform, name=revision) for revision in revisions
        ]
    for plan in COMPONENTS:
        world.products[plan.slug] = _product(world, plan, folder, now)
    _subscribe(world)
    return world


def _product(world: World, plan: DemoComponent, folder: Path, now: datetime) -> Product:
    component = add_component(actor=SYSTEM, programme=world.programmes[plan.programme], name=plan.name, slug=plan.slug)
    workshop = Workshop(folder, plan.slug)
    author = plan.engineers[0]
    name, email = world.users[author].display_name, world.email(author)
    for subject in ("Begin", "Bring the board up", "Fly the first circuit"):
        workshop.commit(author=name, email=email, at=now, message=subject)
    workshop.tag("v1.0.0", author=name, email=email, at=now, message=f"{plan.name} 1.0.0")
    repository = add_repository(actor=SYSTEM, component=component, url=str(workshop.path), name=plan.slug)
    fetch_repository(actor=SYSTEM, repository=repository)
    return Product(plan, component, workshop, repository)


def _subscribe(world: World) -> None:
    """Two teams try what is new; the others get what has proved itself."""
    for team in TEAMS:
        if team.kind != "field":
            continue
        channel = Channel.PILOT if team.slug in {"desna", "psel", "ros"} else Channel.FLEET
        for product in world.products.values():
            if product.plan.programme in team.programmes:
                subscribe_team(actor=SYSTEM, team=world.teams[team.slug], component=product.component, channel=channel)
