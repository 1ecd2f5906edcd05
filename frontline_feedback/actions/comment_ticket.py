"""A word between the front and the engineers."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from foundation.kit.transactions import lock
from frontline_feedback import inputs
from frontline_feedback.kinds import TicketCommented
from frontline_feedback.models import Comment, Ticket


@transaction.atomic
def comment_ticket(*, actor: Actor, ticket: Ticket, body: str, client_uuid: UUID | None = None) -> Comment:
    """Add a comment in Markdown, to an open or a closed ticket; the same one under the same uuid is added once.

    Raises Invalid `ticket.body_missing`, Conflict `comment.uuid_reused` for another text under a known uuid.
    """
    actor.require("ticket.comment", programme_id=ticket.programme_id, team_id=ticket.team_id)
    body = inputs.text(body, field="body", missing=_("Write something first."))
    uuid = client_uuid or uuid4()
    lock(f"ticket.comment:{uuid}")
    sent_before = Comment.objects.filter(client_uuid=uuid).first()
    if sent_before is not None:
        before = (sent_before.ticket_id, sent_before.author_id, sent_before.device_id, sent_before.body)
        if before != (ticket.pk, actor.user_id, actor.device_id, body):
            raise Conflict(
                "comment.uuid_reused",
                _("The identifier %(uuid)s was sent before with another comment. Use a new one.") % {"uuid": uuid},
                field="client_uuid",
            )
        return sent_before
    by = {"author_id": actor.user_id, "device_id": actor.device_id}
    comment = Comment.objects.create(client_uuid=uuid, ticket=ticket, body=body, at=clock.now(), **by)
    record(TicketCommented(comment_id=comment.pk), subject=ticket, actor=actor, team_id=ticket.team_id)
    return comment
