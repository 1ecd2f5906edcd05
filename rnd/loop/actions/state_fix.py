"""Say that a release holds a ticket's fix, where no commit can show it."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from frontline_feedback import inputs
from frontline_feedback.models import Ticket
from releases.models import Release
from rnd.loop.kinds import FixStated
from rnd.loop.models import Statement


@transaction.atomic
def state_fix(*, actor: Actor, ticket: Ticket, release: Release, note: str) -> Statement:
    """State that `release`, and what descends from it, holds the fix of the ticket's present pass; say why in `note`.

    Stating the same again changes nothing. Raises Invalid `ticket.note_missing` or `fix.other_programme`, Conflict
    `ticket.merged`, `ticket.not_accepted` or `release.withdrawn`.
    """
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    actor.require("fix.state", programme_id=ticket.programme_id)
    note = inputs.text(note, field="note", missing=_("Say how you know: a setting, a part, a test."))
    if release.component.programme_id != ticket.programme_id:
        raise Invalid(
            "fix.other_programme",
            _("%(release)s belongs to another programme than %(key)s.") % {"release": release, "key": ticket.key},
            field="release",
        )
    if ticket.canonical is not None:
        raise Conflict(
            "ticket.merged",
            _("%(key)s is a duplicate. Say it of %(into)s.") % {"key": ticket.key, "into": ticket.canonical.key},
        )
    if ticket.state != Ticket.State.ACCEPTED:
        raise Conflict(
            "ticket.not_accepted",
            _("%(key)s is %(state)s; only an accepted ticket waits for a fix.")
            % {"key": ticket.key, "state": ticket.get_state_display()},
        )
    if release.state == Release.State.WITHDRAWN:
        raise Conflict("release.withdrawn", _("%(release)s is withdrawn.") % {"release": release}, field="release")
    statement, created = Statement.objects.get_or_create(
        ticket=ticket,
        release=release,
        pass_number=ticket.pass_number,
        defaults={"note": note, "said_by_id": actor.user_id, "said_at": clock.now()},
    )
    if created:
        record(
            FixStated(release_id=release.pk, version=release.version, note=note, pass_number=ticket.pass_number),
            subject=ticket,
            actor=actor,
            team_id=ticket.team_id,
        )
    return statement
