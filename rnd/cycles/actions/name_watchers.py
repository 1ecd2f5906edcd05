"""Name the people who are told before a ticket misses its service level."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership
from foundation.catalogue.models import Programme
from foundation.journal import record
from foundation.kit.errors import Invalid
from frontline_feedback.policies import STAFF
from rnd.cycles.kinds import PeopleNamed
from rnd.cycles.models import LevelWatcher


def candidates(programme: Programme) -> dict[int, str]:
    """Give whom one may name: the staff of the programme, who see its tickets anyway, with their names in order."""
    found = Membership.objects.filter(team__programmes=programme, role__in=STAFF, user__is_active=True)
    people = {membership.user_id: membership.user.display_name for membership in found.select_related("user")}
    return dict(sorted(people.items(), key=lambda item: (item[1], item[0])))


@transaction.atomic
def name_watchers(*, actor: Actor, programme: Programme, people: Collection[int]) -> list[int]:
    """Tell these people from now on, and no others. Raises Forbidden, and Invalid `service_level.people`."""
    actor.require("service_level.set", programme_id=programme.pk)
    wanted = sorted(set(people))
    if set(wanted) - candidates(programme).keys():
        said = _("Only people who work on the programme can be named, for a notice names its tickets.")
        raise Invalid("service_level.people", said, field="people")
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    watchers = LevelWatcher.objects.filter(programme=programme)
    watchers.exclude(user__in=wanted).delete()
    LevelWatcher.objects.bulk_create(
        (LevelWatcher(programme=programme, user_id=user) for user in wanted), ignore_conflicts=True
    )
    record(PeopleNamed(people=wanted), subject=programme, actor=actor)
    return wanted
