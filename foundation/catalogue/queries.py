"""What pages and API read of the catalogue."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from foundation.kit.errors import NotFound

M = TypeVar("M", bound=Model)


def programmes(*, actor: Actor) -> QuerySet[Programme]:
    """Give the visible programmes with those of their teams that the actor may know of, by name."""
    teams = Prefetch("teams", Team.objects.visible_to(actor).order_by("name"))
    return Programme.objects.visible_to(actor).prefetch_related(teams)


def platforms(*, actor: Actor) -> QuerySet[Platform]:
    """Give the visible platforms with programme and hardware revisions, by name."""
    return Platform.objects.visible_to(actor).select_related("programme").prefetch_related("hardware")


def components(*, actor: Actor) -> QuerySet[Component]:
    """Give the visible components with their programme, by name."""
    return Component.objects.visible_to(actor).select_related("programme")


def hardware(*, actor: Actor) -> QuerySet[HardwareRevision]:
    """Give the visible hardware revisions with their platform, by platform and name."""
    return HardwareRevision.objects.visible_to(actor).select_related("platform")


def programme_by_slug(*, actor: Actor, slug: str) -> Programme:
    """Give the visible programme with its teams; raises NotFound."""
    return _one(programmes(actor=actor), slug)


def platform_by_slug(*, actor: Actor, slug: str) -> Platform:
    """Give the visible platform; raises NotFound."""
    return _one(platforms(actor=actor), slug)


def component_by_slug(*, actor: Actor, slug: str) -> Component:
    """Give the visible component; raises NotFound."""
    return _one(components(actor=actor), slug)


def revision_by_pk(*, actor: Actor, pk: int) -> HardwareRevision:
    """Give the visible hardware revision; raises NotFound."""
    found = hardware(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("catalogue.unknown", _("There is no such hardware revision, or you may not see it."))
    return found


def shelves(*, actor: Actor) -> Sequence[Programme]:
    """Give the visible programmes with teams, components, platforms and hardware, in five queries."""
    return list(programmes(actor=actor).prefetch_related("components", "platforms__hardware"))


def _one(rows: QuerySet[M], slug: str) -> M:
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(
            "catalogue.unknown",
            _("There is no “%(slug)s” in the catalogue, or you may not see it.") % {"slug": slug},
        )
    return found
