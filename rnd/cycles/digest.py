"""The weekly digest: a programme's headline and who is about to miss a promise, as a mail in the reader's language."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor, actor_of
from foundation.accounts.models import User
from foundation.catalogue.models import Programme
from foundation.kit import clock, wording
from foundation.kit.mailing import OutOfReach, connected
from rnd.cycles.analysis.ageing import ages
from rnd.cycles.documents import Document, Row, Section
from rnd.cycles.filters import Filters
from rnd.cycles.models import DigestReader
from rnd.cycles.pages import PAGES, document

logger = logging.getLogger(__name__)
MOST = 10


@dataclass(frozen=True, slots=True)
class Digest:
    """What one mail says. `week` is what finished in the last whole week, `quarter` in the 13 weeks up to it."""

    programme: Programme
    first: date
    last: date
    week: Section
    quarter: Document
    at_risk: list[Row]
    open_tickets: int
    url: str


class _NotTaken(Exception):
    """The mail server, or what writes a mail for it, refused this one for what it holds or whom it is to."""


def digest(actor: Actor, programme: Programme) -> Digest:
    """Put the digest together, as far as `actor` may see, in the active language."""
    zone = ZoneInfo(programme.time_zone)
    today = clock.now().astimezone(zone).date()
    last = today - timedelta(days=today.weekday() + 1)
    first = last - timedelta(days=6)
    filters = Filters(programme=programme.slug, since=last - timedelta(days=90), until=last, by="week", zone=zone)
    quarter = document(PAGES["glance"], actor, filters, {}, [])
    week = document(PAGES["glance"], actor, replace(filters, since=first), {}, []).sections[0]
    found = ages(actor, Filters(programme=programme.slug, zone=zone), tickets=0, risky=MOST)
    risky = [
        Row(
            [one.loop.ticket.key, one.loop.ticket.title, one.loop.severity, one.age_us, one.due_in_us, one.chance],
            {"ticket": f"{settings.PUBLIC_URL}/{one.loop.ticket.key}"},
        )
        for one in found.about_to_miss
    ]
    url = settings.PUBLIC_URL + reverse("cycles:reports") + f"?{filters.query()}"
    return Digest(programme, first, last, week, quarter, risky, found.n, url)


def mail(user: User, programme: Programme) -> EmailMultiAlternatives:
    """Write the mail to one reader, in their language and within their rights."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        told = digest(actor_of(user), programme)
        context = {"digest": told, "reader": user, "base_url": settings.PUBLIC_URL}
        subject = _("%(programme)s: loop times of the week to %(day)s") % {
            "programme": programme.name,
            "day": wording.day(told.last),
        }
        message = EmailMultiAlternatives(
            subject, render_to_string("cycles/digest.txt", context), settings.DEFAULT_FROM_EMAIL, [user.email]
        )
        message.attach_alternative(render_to_string("cycles/digest.html", context), "text/html")
    return message


def send_due() -> int:
    """Send this week's digest to everyone who has not had it; give how many were sent.

    Each reader is served by themselves: a mail that cannot be made, or is refused, is tried again at the next run and
    holds up nobody. Without a mail server nothing is tried. Raises OutOfReach where none can be sent: then all wait.
    """
    if not settings.EMAIL_URL:
        return 0
    sent = 0
    for number, account in DigestReader.objects.order_by("pk").values_list("pk", "user_id"):
        try:
            sent += _send_to(number)
        except OutOfReach:
            raise
        except _NotTaken as refused:
            # What a mail server answers has the address in it: nothing of the cause but its name is logged.
            logger.warning("The digest of account %s was not sent (%s); it is tried again.", account, refused)
        except Exception:
            # Whatever is wrong with what one reader is told, a mail that cannot be made must not hold up the others.
            logger.exception("The digest of account %s could not be made; it is tried again.", account)
    return sent


@transaction.atomic
def _send_to(number: int) -> bool:
    """Send a reader the week's digest if it is due; of two workers one finds the reader locked.

    The week is noted first, and is no longer where the mail fails: once it is out, nothing but the commit is left.
    """
    reader = (
        DigestReader.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user", "programme")
        .filter(pk=number)
        .first()
    )
    if reader is None or not reader.user.email or not reader.user.is_active:
        return False
    week = this_week(reader.programme)
    if reader.week == week or not actor_of(reader.user).may("report.see", programme_id=reader.programme_id):
        return False
    reader.week = week
    reader.save(update_fields=["week"])
    _hand_over(mail(reader.user, reader.programme))
    return True


def _hand_over(message: EmailMultiAlternatives) -> None:
    """Send it. Raises _NotTaken where this one is refused, and OutOfReach where none can be sent, whoever it is to."""
    with connected() as connection:
        message.connection = connection
        try:
            message.send()
        except (OSError, ValueError) as error:  # whatever smtplib raises is an OSError
            raise _NotTaken(type(error).__name__) from error


def this_week(programme: Programme) -> str:
    """Name the present week in the programme's zone; it begins on Monday at six, when people get up."""
    local = clock.now().astimezone(ZoneInfo(programme.time_zone)) - timedelta(hours=6)
    year, week, _day = local.date().isocalendar()
    return f"{year}-W{week:02d}"
