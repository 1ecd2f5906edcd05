"""Take in what a field team saw."""

import hashlib
import json
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Platform
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import lock
from frontline_feedback import inputs
from frontline_feedback.classification import check_fits, check_severity, release_named
from frontline_feedback.kinds import SeverityName, TicketReceived
from frontline_feedback.models import Ticket


@transaction.atomic
def report_ticket(
    *,
    actor: Actor,
    team: Team,
    platform: Platform,
    component: Component,
    title: str,
    severity: str,
    seen_at: datetime,
    body: str = "",
    conditions: str = "",
    hardware: HardwareRevision | None = None,
    version_text: str = "",
    language: str = "en",
    client_uuid: UUID | None = None,
) -> Ticket:
    """Take in a report of `team`; the same content under the same `client_uuid` gives the same ticket again.

    The ticket belongs to the component's programme and names a release where `version_text` is exactly one's
    version. Raises Invalid for what does not fit together, Conflict `ticket.uuid_reused` where the uuid came
    with another content before.
    """
    actor.require("ticket.report", programme_id=component.programme_id, team_id=team.pk)
    title = inputs.text(title, field="title", longest=200, missing=_("Say in a few words what happened."))
    body = inputs.text(body, field="body")
    conditions = inputs.text(conditions, field="conditions")
    version_text = inputs.text(version_text, field="version_text", longest=120)
    severity = check_severity(severity)
    check_fits(platform=platform, component=component, hardware=hardware)
    _check_team(actor, team, component)
    if language not in dict(settings.LANGUAGES):
        raise Invalid("ticket.language_unknown", _("Reports are in English, Ukrainian or Norwegian."), field="language")

    uuid = client_uuid or uuid4()
    hardware_id = None if hardware is None else hardware.pk
    digest = _digest(
        team.pk, platform.pk, component.pk, hardware_id, severity, seen_at.timestamp(), title, body, conditions,
        version_text,
    )  # fmt: skip
    lock(f"ticket.report:{uuid}")
    # By number first: that it is new is the rule, and a whole ticket takes long to read.
    if sent_before := Ticket.objects.filter(client_uuid=uuid).values_list("pk", flat=True):
        return _same(Ticket.objects.get(pk=sent_before[0]), digest)

    now = clock.now()
    ticket = Ticket.objects.create(
        client_uuid=uuid,
        content_digest=digest,
        programme_id=component.programme_id,
        team=team,
        reporter_id=actor.user_id,
        device_id=actor.device_id,
        language=language,
        title=title,
        body=body,
        conditions=conditions,
        platform=platform,
        component=component,
        hardware=hardware,
        release=release_named(version_text, component_id=component.pk),
        version_text=version_text,
        severity=severity,
        seen_at=inputs.claimed_time(seen_at, now=now, field="seen_at"),
        received_at=now,
    )
    record(_received(ticket, seen_at), subject=ticket, actor=actor, team_id=team.pk)
    return ticket


def _received(ticket: Ticket, seen_at: datetime) -> TicketReceived:
    return TicketReceived(
        key=ticket.key,
        programme_id=ticket.programme_id,
        team_id=ticket.team_id,
        platform_id=ticket.platform_id,
        component_id=ticket.component_id,
        hardware_id=ticket.hardware_id,
        severity=cast(SeverityName, ticket.severity),
        seen_at=seen_at,
        release_id=ticket.release_id,
    )


def _check_team(actor: Actor, team: Team, component: Component) -> None:
    if any(own.team_id == team.pk and component.programme_id in own.programme_ids for own in actor.standings):
        return
    if not team.programmes.filter(pk=component.programme_id).exists():
        raise Invalid(
            "ticket.team_elsewhere",
            _("The team “%(team)s” does not take part in the programme of “%(component)s”.")
            % {"team": team, "component": component},
            field="team",
        )


def _digest(*content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _same(ticket: Ticket, digest: str) -> Ticket:
    if ticket.content_digest != digest:
        raise Conflict(
            "ticket.uuid_reused",
            _("The identifier %(uuid)s was sent before with another report. Use a new one for a new report.")
            % {"uuid": ticket.client_uuid},
            field="client_uuid",
        )
    return ticket
