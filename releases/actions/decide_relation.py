"""Confirm or refuse that a commit takes another one back, or brings its change again."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.corrections import correct
from releases.kinds import CommitRelationDecided
from releases.models import Relation


@transaction.atomic
def decide_relation(*, actor: Actor, relation: Relation, confirmed: bool) -> Relation:
    """Decide on a relation; also one that was certain or decided otherwise before. The contents follow at once."""
    relation = (
        Relation.objects.select_for_update(of=("self",))
        .select_related("component", "commit", "other")
        .get(pk=relation.pk)
    )
    actor.require("commit.relate", programme_id=relation.component.programme_id)
    state = Relation.State.CONFIRMED if confirmed else Relation.State.REFUSED
    if relation.state == state:
        return relation
    relation.state, relation.decided_at, relation.decided_by_id = state, clock.now(), actor.user_id
    relation.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        CommitRelationDecided(
            relation_id=relation.pk, kind_of=relation.kind, other=relation.named, confirmed=confirmed
        ),
        subject=relation.commit,
        actor=actor,
    )
    correct(relation.component_id)
    return relation
