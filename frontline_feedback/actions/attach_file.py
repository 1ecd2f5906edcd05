"""Keep a photo or a log file with a ticket; a photo loses its metadata (position!) before anything is stored."""

import hashlib
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock, uploads
from foundation.kit.errors import Conflict
from frontline_feedback.kinds import TicketAttached
from frontline_feedback.locking import locked
from frontline_feedback.models import Attachment, Ticket

MOST_FILES = 20


@transaction.atomic
def attach_file(*, actor: Actor, ticket: Ticket, upload: IO[bytes], name: str) -> Attachment:
    """Clean the upload and keep it; sending the same file again gives the same attachment.

    Raises Invalid (`upload.…`) for what is no photo or log file or is too large, Conflict `ticket.too_many_files`.
    """
    actor.require("ticket.attach", programme_id=ticket.programme_id, team_id=ticket.team_id)
    sent = hashlib.sha256()
    while chunk := upload.read(1 << 20):
        sent.update(chunk)
    upload.seek(0)
    ticket = locked(ticket)
    sent_before = ticket.attachments.filter(sent_sha256=sent.hexdigest()).first()
    if sent_before is not None:
        return sent_before
    if ticket.attachments.count() >= MOST_FILES:
        raise Conflict(
            "ticket.too_many_files",
            _("%(key)s has %(most)d files already. Send several logs in one .zip.")
            % {"key": ticket.key, "most": MOST_FILES},
            field="file",
        )
    cleaned = uploads.clean(upload, name)
    stored = hashlib.sha256(cleaned.content.read()).hexdigest()
    cleaned.content.seek(0)
    attachment = Attachment(
        ticket=ticket,
        kind=Attachment.Kind.PHOTO if cleaned.media_type.startswith("image/") else Attachment.Kind.LOG,
        name=cleaned.name,
        content_type=cleaned.media_type,
        size=cleaned.content.size,
        sha256=stored,
        sent_sha256=sent.hexdigest(),
        added_by_id=actor.user_id,
        at=clock.now(),
    )
    # The name that people gave stands in the row; the one on disk tells nothing and meets no other.
    attachment.file.save(f"tickets/{ticket.pk}/{stored}", cleaned.content, save=False)
    attachment.save()
    payload = TicketAttached(attachment_id=attachment.pk, name=attachment.name)
    record(payload, subject=ticket, actor=actor, team_id=ticket.team_id)
    return attachment
