"""Mails about paused rollouts: due rows are claimed one by one, and tried again later where the mail server fails."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.kit import clock
from foundation.kit.mailing import OutOfReach, connected
from releases.rollouts.models import Telling

logger = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=5)
MOST_TRIES: Final = 8


def mail_due() -> int:
    """Send what is due; gives how many mails went out. Without a mail server, or an address, nothing is tried.

    Where the server cannot be reached the run ends, and the rest stays due.
    """
    if not settings.EMAIL_URL:
        return 0
    sent = 0
    due = Telling.objects.filter(next_mail_at__lte=clock.now()).select_related("user", "rollout__release__component")
    for telling in due.order_by("next_mail_at", "pk")[:100]:
        try:
            sent += _claim(telling) and _send(telling)
        except OutOfReach:
            logger.warning("The mail server cannot be reached; mails about rollouts are tried again.")
            break
    return sent


def _claim(telling: Telling) -> bool:
    """Take the row by compare-and-set, so that of two workers only one sends it."""
    wait = LEASE * 2**telling.tries
    tries = telling.tries + 1
    claimed = Telling.objects.filter(pk=telling.pk, next_mail_at=telling.next_mail_at).update(
        next_mail_at=clock.now() + wait if tries < MOST_TRIES else None, tries=tries
    )
    return claimed == 1


def _send(telling: Telling) -> bool:
    if telling.user.email:
        with translation.override(telling.user.language or settings.LANGUAGE_CODE):
            subject = _("The rollout of %(rollout)s is paused") % {"rollout": telling.rollout}
            lines = [telling.why, settings.PUBLIC_URL.rstrip("/") + telling.rollout.get_absolute_url()]
        try:
            with connected() as connection:
                send_mail(subject, "\n\n".join(lines), None, [telling.user.email], connection=connection)
        except OSError:  # whatever smtplib raises is one
            logger.warning("The mail about rollout %s was not taken; it is tried again.", telling.rollout_id)
            return False
    mailed = clock.now() if telling.user.email else None
    Telling.objects.filter(pk=telling.pk).update(mailed_at=mailed, next_mail_at=None)
    return mailed is not None
