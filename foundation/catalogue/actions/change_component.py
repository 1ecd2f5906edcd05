"""Rename a component."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.kinds import ComponentChanged
from foundation.catalogue.models import Component
from foundation.journal import record


@transaction.atomic
def change_component(*, actor: Actor, component: Component, name: str) -> Component:
    """Give the component another name; its slug, which addresses hold, stays. Raises Forbidden, Invalid."""
    actor.require("component.change", programme_id=component.programme_id)
    component = Component.objects.select_for_update().get(pk=component.pk)
    if component.name != name:
        component.name = name
        save_checked(component, room="catalogue")
        record(ComponentChanged(name=name), subject=component, actor=actor)
    return component
