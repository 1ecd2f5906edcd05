"""Say which channel of a component a team receives."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component
from foundation.journal import record
from foundation.kit.errors import Invalid
from foundation.kit.transactions import lock
from releases.channels import known_channel
from releases.kinds import SubscriptionSet
from releases.models import Subscription


@transaction.atomic
def subscribe_team(*, actor: Actor, team: Team, component: Component, channel: str | None) -> Subscription | None:
    """Let `team` receive `channel` of `component` from now on; None: nothing.

    Raises Invalid `subscription.channel_unknown` or `subscription.team_outside` (not of the programme).
    """
    actor.require("subscription.set", programme_id=component.programme_id)
    if channel is not None:
        known_channel(channel, subject="subscription")
    if not team.programmes.filter(pk=component.programme_id).exists():
        raise Invalid(
            "subscription.team_outside",
            _("%(team)s does not belong to the programme of %(component)s.") % {"team": team, "component": component},
            field="team",
        )
    lock(f"subscription {team.pk} {component.pk}")
    subscription = Subscription.objects.filter(team=team, component=component).first()
    before = subscription.channel if subscription else None
    if before == channel:
        return subscription
    if channel is None:
        Subscription.objects.filter(team=team, component=component).delete()
        subscription = None
    else:
        subscription, _created = Subscription.objects.update_or_create(
            team=team, component=component, defaults={"channel": channel}
        )
    record(
        SubscriptionSet(team_id=team.pk, component_id=component.pk, channel=channel),
        subject=team,
        actor=actor,
        team_id=team.pk,
    )
    return subscription
