"""What this room does when the journal says so: messages to webhooks, notices to people."""

import json
from collections import defaultdict

from django.conf import settings
from django.db import transaction

from foundation.catalogue.models import Programme
from foundation.journal.consumers import consumer
from foundation.journal.models import Entry
from foundation.kit import clock
from rnd.notices.audience import AUDIENCES
from rnd.notices.models import Delivery, Notice, Webhook
from rnd.notices.subjects import subjects_of


@consumer("notices.tell_webhooks", batch=500)
def tell_webhooks(entries: list[Entry]) -> None:
    """Make a message due for every webhook that is told of one of these entries."""
    listening: defaultdict[str, list[Webhook]] = defaultdict(list)
    for webhook in Webhook.objects.filter(disabled_at=None):
        for kind in webhook.kinds:
            listening[kind].append(webhook)
    told = [entry for entry in entries if entry.kind in listening]
    if not told:
        return
    subjects, now = subjects_of(told), clock.now()
    programmes = dict(Programme.objects.values_list("pk", "slug"))
    Delivery.objects.bulk_create(
        (
            Delivery(
                webhook=webhook,
                entry_id=entry.pk,
                message=f"msg_{entry.pk}_{webhook.pk}",
                kind=entry.kind,
                body=_body(entry, subject.url, programmes[subject.programme_id]),
                made_at=now,
                next_attempt_at=now,
            )
            for entry in told
            if (subject := subjects.get(entry.subject)) is not None
            for webhook in listening[entry.kind]
            if webhook.programme_id == subject.programme_id and webhook.added_at <= entry.recorded_at
        ),
        ignore_conflicts=True,  # an entry that is given again makes no second message
    )
    if settings.JOURNAL_WAKE:
        from rnd.notices.tasks import send_due

        transaction.on_commit(send_due.delay, robust=True)


def _body(entry: Entry, url: str, programme: str) -> str:
    """Give the thin message: what happened to what, and where to ask with a token of one's own."""
    data = {
        "entry": entry.pk,
        "subject": {"type": entry.subject_type, "id": entry.subject_id, "url": settings.PUBLIC_URL + url},
        "programme": programme,
    }
    return json.dumps({"type": entry.kind, "timestamp": entry.occurred_at.isoformat(), "data": data})


@consumer("notices.tell_people", kinds=sorted(AUDIENCES))
def tell_people(entry: Entry) -> None:
    """Leave a notice for everybody whom this entry concerns."""
    subject = subjects_of([entry]).get(entry.subject)
    if subject is None:
        return
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=user_id,
                entry_id=entry.pk,
                kind=entry.kind,
                subject=subject.name[:300],
                url=subject.url,
                at=entry.recorded_at,
            )
            for user_id in sorted(AUDIENCES[entry.kind](entry))
        ),
        ignore_conflicts=True,
    )
