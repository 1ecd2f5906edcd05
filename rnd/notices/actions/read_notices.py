"""Note that a person has read what they were told."""

from foundation.accounts.actors import Actor
from foundation.kit import clock
from rnd.notices.models import Notice


def read_notices(*, actor: Actor, notice_id: int | None = None) -> int:
    """Mark one's own notices as read, all of them or the one with this id; gives how many were not yet."""
    unread = Notice.objects.visible_to(actor).filter(read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=clock.now())
