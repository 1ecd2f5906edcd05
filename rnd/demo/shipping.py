"""The release managers' part of the demo's year: tag, propose, approve, publish channel by channel, once withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from foundation.accounts.actors import SYSTEM
from releases.actions.approve_release import approve_release
from releases.actions.fetch_repository import fetch_repository
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.withdraw_release import withdraw_release
from releases.models import Channel, Publication, Release
from rnd.demo.world import Product

if TYPE_CHECKING:
    from rnd.demo.year import Year

WITHDRAWN_AFTER_DAYS = 215


class Shipping:
    """What Kari and Henrik do: one proposes, the other approves."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.rng = year.rng
        self.withdrawn = False

    def plan_releases(self) -> None:
        """Give every component its rhythm."""
        for product in self.year.world.products.values():
            first = timedelta(days=self.rng.uniform(8, product.plan.cadence_days))
            self._plan_next(product, first)

    def _plan_next(self, product: Product, wait: timedelta) -> None:
        calendar = self.year.calendar
        calendar.plan(calendar.in_office(calendar.now + wait), lambda: self._cut(product))

    def fetch(self, product: Product) -> None:
        """Look at the repository as the beat does, and let the house hear of it."""
        fetch_repository(actor=SYSTEM, repository=product.repository)
        self.year.listen()

    def _cut(self, product: Product) -> None:
        """Tag what is on main, where there is anything new, and plan the next."""
        self._plan_next(product, timedelta(days=product.plan.cadence_days * self.rng.uniform(0.7, 1.3)))
        newest = (
            Release.objects.filter(component=product.component).order_by("-sequence").select_related("commit").first()
        )
        if newest is not None and newest.commit.sha == product.workshop.head:
            return
        self._tag(product, hotfix=False)

    def _tag(self, product: Product, *, hotfix: bool) -> None:
        product.version[1:] = [product.version[1], product.version[2] + 1] if hotfix else [product.version[1] + 1, 0]
        version = ".".join(map(str, product.version))
        engineer = product.plan.engineers[0]
        product.workshop.tag(
            f"v{version}",
            author=self.year.world.users[engineer].display_name,
            email=self.year.world.email(engineer),
            at=self.year.calendar.now,
            message=f"{product.plan.name} {version}",
        )
        self.fetch(product)
        release = Release.objects.select_related("component").get(component=product.component, version=version)
        self.year.signing.dress(release)
        propose_release(actor=self.year.world.actors["kari"], release=release)
        soon = timedelta(hours=2) if hotfix else timedelta(hours=20)
        self.year.calendar.after(soon, lambda: self._approve(release), office=True)

    def _approve(self, release: Release) -> None:
        approve_release(actor=self.year.world.actors["henrik"], release=release)
        self._publish(release, Channel.LAB)
        self.year.calendar.after(timedelta(days=1), lambda: self._publish(release, Channel.PILOT), office=True)

    def _publish(self, release: Release, channel: Channel) -> None:
        release.refresh_from_db()
        if release.state == Release.State.WITHDRAWN:
            return
        if channel is Channel.FLEET and self.year.rollouts.takes(release):
            self.year.rollouts.start(release)
            return
        publish_release(actor=self.year.world.actors["henrik"], release=release, channel=channel)
        self.year.listen()
        publication = Publication.objects.select_related("release__component").get(release=release, channel=channel)
        self.year.front.released(publication)
        if channel is not Channel.PILOT:
            return
        age = self.year.calendar.now - self.year.calendar.start
        if not self.withdrawn and release.component.slug == "radio" and age > timedelta(days=WITHDRAWN_AFTER_DAYS):
            self.withdrawn = True
            self.year.calendar.after(timedelta(days=3), lambda: self._withdraw(release), office=True)
        else:
            self.year.calendar.after(timedelta(days=5), lambda: self._publish(release, Channel.FLEET), office=True)

    def _withdraw(self, release: Release) -> None:
        withdraw_release(
            actor=self.year.world.actors["henrik"],
            release=release,
            reason="The receiver restarts when the relay changes channel.",
        )
        self.year.listen()
        product = self.year.world.products["radio"]
        engineer = product.plan.engineers[1]
        product.workshop.commit(
            author=self.year.world.users[engineer].display_name,
            email=self.year.world.email(engineer),
            at=self.year.calendar.now,
            message="Keep the receiver alive over a channel change\n",
        )
        self._tag(product, hotfix=True)
