"""Note that a fixed fault was reported again from a build that holds the fix, and take the ticket up again."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM
from foundation.journal import record
from foundation.kit import clock
from frontline_feedback.actions import reopen_ticket
from frontline_feedback.models import Outcome, Ticket
from releases.models import Release
from rnd.loop.kinds import RegressionFound
from rnd.loop.models import Regression


@transaction.atomic
def note_regression(*, ticket: Ticket, report: Ticket, release: Release, evidence: str) -> Regression | None:
    """Note it once and reopen the ticket with its evidence; None where it is noted already, or not fixed (any more)."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.outcome != Outcome.FIXED:
        return None
    found, created = Regression.objects.get_or_create(
        ticket=ticket,
        report=report,
        defaults={"release": release, "evidence": evidence, "found_at": clock.now()},
    )
    if not created:
        return None
    record(
        RegressionFound(
            regression_id=found.pk,
            report_id=report.pk,
            release_id=release.pk,
            version=release.version,
            evidence=evidence,
        ),
        subject=ticket,
        actor=SYSTEM,
        team_id=ticket.team_id,
    )
    reason = _("%(report)s reports it again from %(release)s, which holds the fix: %(evidence)s") % {
        "report": report.key,
        "release": release,
        "evidence": evidence,
    }
    reopen_ticket(actor=SYSTEM, ticket=ticket, reason=reason)
    return found
