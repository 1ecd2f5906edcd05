"""The reporting team says whether the fix works. `fixed` ends the loop; `not_fixed` and `worse` start its next pass."""

from datetime import datetime
from typing import Literal, cast
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import HardwareRevision
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.transactions import lock
from frontline_feedback import inputs
from frontline_feedback.kinds import TicketVerdictGiven
from frontline_feedback.locking import locked_in_loop
from frontline_feedback.models import Outcome, Ticket, Verdict
from releases.models import Installation, Release


@transaction.atomic
def give_verdict(
    *,
    actor: Actor,
    ticket: Ticket,
    release: Release,
    outcome: str,
    note: str = "",
    hardware: HardwareRevision | None = None,
    given_at: datetime | None = None,
    client_uuid: UUID | None = None,
) -> Verdict:
    """Record the team's verdict on `release`, an offered fix which it installed (or a later offered one).

    The hardware is the installation's unless one is given. On a merged ticket the verdict changes no state.
    Raises Conflict `verdict.not_offered`, `verdict.not_installed`, `ticket.not_open`, `verdict.uuid_reused`.
    """
    actor.require("ticket.give_verdict", programme_id=ticket.programme_id, team_id=ticket.team_id)
    note = inputs.text(note, field="note")
    if outcome not in Verdict.Outcome.values:
        raise Invalid(
            "verdict.outcome_unknown",
            _("“%(given)s” is no verdict. It is one of: %(known)s.")
            % {"given": outcome, "known": ", ".join(Verdict.Outcome.values)},
            field="outcome",
        )
    uuid = client_uuid or uuid4()
    lock(f"ticket.verdict:{uuid}")
    sent_before = Verdict.objects.filter(client_uuid=uuid).first()
    if sent_before is not None:
        return _same(sent_before, (ticket.pk, release.pk, outcome, note))

    ticket = locked_in_loop(ticket)
    installation = _installation_of(ticket, release)
    now = clock.now()
    claimed = given_at or now
    verdict = Verdict.objects.create(
        client_uuid=uuid,
        ticket=ticket,
        release=release,
        hardware=hardware or installation.hardware,
        outcome=outcome,
        note=note,
        pass_number=ticket.pass_number,
        given_at=inputs.claimed_time(claimed, now=now, field="given_at"),
        recorded_at=now,
        given_by_id=actor.user_id,
        device_id=actor.device_id,
    )
    record(_given(verdict), subject=ticket, actor=actor, occurred_at=claimed, team_id=ticket.team_id)
    _follow(ticket, outcome)
    return verdict


def _follow(ticket: Ticket, outcome: str) -> None:
    """Let the ticket follow its verdict. One that was merged stays closed, and yet its next pass begins."""
    if ticket.is_merged:
        if outcome in (Verdict.Outcome.NOT_FIXED, Verdict.Outcome.WORSE):
            ticket.pass_number += 1
    elif outcome == Verdict.Outcome.FIXED:
        ticket.state, ticket.outcome = Ticket.State.CLOSED, Outcome.FIXED
    elif outcome in (Verdict.Outcome.NOT_FIXED, Verdict.Outcome.WORSE):
        ticket.state, ticket.pass_number = Ticket.State.RECEIVED, ticket.pass_number + 1
    ticket.save(update_fields=["state", "outcome", "pass_number"])


def _given(verdict: Verdict) -> TicketVerdictGiven:
    return TicketVerdictGiven(
        verdict_id=verdict.pk,
        release_id=verdict.release_id,
        hardware_id=verdict.hardware_id,
        outcome=cast(Literal["fixed", "not_fixed", "worse", "could_not_test"], str(verdict.outcome)),
        pass_number=verdict.pass_number,
    )


def _installation_of(ticket: Ticket, release: Release) -> Installation:
    """Give the team's newest installation of the offered release, or of a later one offered in the same pass."""
    offered = [
        offer.release
        for offer in ticket.offers.filter(pass_number=ticket.pass_number).select_related("release__component")
    ]
    if release not in offered:
        raise Conflict(
            "verdict.not_offered",
            _("%(release)s is not offered as a fix of %(key)s. A verdict is about one of: %(offered)s.")
            % {
                "release": release,
                "key": ticket.key,
                "offered": ", ".join(str(one) for one in offered) or _("nothing yet, it is still being worked on"),
            },
            field="release",
        )
    new_enough = [
        one.pk for one in offered if one.component_id == release.component_id and one.sequence >= release.sequence
    ]
    installation = (
        Installation.objects.filter(team_id=ticket.team_id, release_id__in=new_enough)
        .select_related("hardware__platform")
        .order_by("-installed_at", "-pk")
        .first()
    )
    if installation is None:
        raise Conflict(
            "verdict.not_installed",
            _("%(team)s has not reported that %(release)s is installed. Report that first, then the verdict.")
            % {"team": ticket.team, "release": release},
            field="release",
        )
    return installation


def _same(verdict: Verdict, sent: tuple[int, int, str, str]) -> Verdict:
    if (verdict.ticket_id, verdict.release_id, verdict.outcome, verdict.note) != sent:
        raise Conflict(
            "verdict.uuid_reused",
            _("The identifier %(uuid)s was sent before with another verdict. Use a new one.")
            % {"uuid": verdict.client_uuid},
            field="client_uuid",
        )
    return verdict
