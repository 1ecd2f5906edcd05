"""Add a component to a programme."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import ComponentAdded
from foundation.catalogue.models import Component, Programme
from foundation.journal import record


@transaction.atomic
def add_component(*, actor: Actor, programme: Programme, name: str, slug: str) -> Component:
    """Add the component. Raises Forbidden, Invalid (a name or slug that is taken or malformed)."""
    actor.require("component.add", programme_id=programme.pk)
    component = Component(programme=programme, name=name, slug=slug)
    save_checked(component, room="catalogue")
    record(ComponentAdded(programme_id=programme.pk, name=name), subject=component, actor=actor)
    return component
