"""What the journal may say of a ticket."""

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import SerializerFunctionWrapHandler, model_serializer

from foundation.journal.kinds import Payload
from frontline_feedback.keys import key_of

SeverityName = Literal["S1", "S2", "S3", "S4"]


class TicketReceived(Payload, kind="ticket.received"):
    """`seen_at` is the claim as it was sent: it may lie after the server's clock, and the ticket's may not."""

    key: str
    programme_id: int
    team_id: int
    platform_id: int
    component_id: int
    hardware_id: int | None
    severity: SeverityName
    seen_at: datetime
    release_id: int | None

    def sentence(self) -> str:
        return _("reported it")


class TicketAccepted(Payload, kind="ticket.accepted"):
    def sentence(self) -> str:
        return _("accepted it")


class TicketRejected(Payload, kind="ticket.rejected"):
    reason: str

    def sentence(self) -> str:
        return _("rejected it: %(reason)s") % {"reason": self.reason}


class TicketMerged(Payload, kind="ticket.merged"):
    """Also written of each earlier duplicate that follows its canonical ticket into another one."""

    into_id: int

    def sentence(self) -> str:
        return _("merged it into %(into)s") % {"into": key_of(self.into_id)}


class TicketClosed(Payload, kind="ticket.closed"):
    """Closed without a fix; the verdict `fixed` speaks for itself and is not followed by one of these."""

    outcome: Literal["answered", "no_fault_found", "wont_fix"]
    reason: str

    def sentence(self) -> str:
        said = {
            "answered": _("closed it with an answer: %(reason)s"),
            "no_fault_found": _("found no fault: %(reason)s"),
            "wont_fix": _("decided not to fix it: %(reason)s"),
        }
        return said[self.outcome] % {"reason": self.reason}


class TicketReopened(Payload, kind="ticket.reopened"):
    reason: str

    def sentence(self) -> str:
        return _("reopened it: %(reason)s") % {"reason": self.reason}


class TicketReclassified(Payload, kind="ticket.reclassified"):
    """Holds only what changed; a field that is absent stayed as it was (null hardware: now unknown)."""

    platform_id: int | None = None
    component_id: int | None = None
    hardware_id: int | None = None
    release_id: int | None = None
    severity: SeverityName | None = None

    @model_serializer(mode="wrap")
    def _only_what_changed(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if name in self.model_fields_set}

    def sentence(self) -> str:
        names = {
            "platform_id": _("platform"),
            "component_id": _("component"),
            "hardware_id": _("hardware revision"),
            "release_id": _("release"),
            "severity": _("severity"),
        }
        changed = ", ".join(names[name] for name in names if name in self.model_fields_set)
        return _("corrected the %(changed)s") % {"changed": changed}


class TicketFixOffered(Payload, kind="ticket.fix_offered"):
    release_id: int
    channel: str
    version: str

    def sentence(self) -> str:
        return _("offered the fix: version %(version)s") % {"version": self.version}


class TicketFixInstalled(Payload, kind="ticket.fix_installed"):
    release_id: int
    installation_id: int

    def sentence(self) -> str:
        return _("saw that the team installed the fix")


class TicketVerdictGiven(Payload, kind="ticket.verdict_given"):
    """`pass_number` is the pass that the verdict judges, not the one that it may start."""

    verdict_id: int
    release_id: int
    hardware_id: int | None
    outcome: Literal["fixed", "not_fixed", "worse", "could_not_test"]
    pass_number: int

    def sentence(self) -> str:
        said = {
            "fixed": _("confirmed that it is fixed"),
            "not_fixed": _("said that it is not fixed"),
            "worse": _("said that it is worse than before"),
            "could_not_test": _("could not test the fix yet"),
        }
        return said[self.outcome]


class TicketCommented(Payload, kind="ticket.commented"):
    comment_id: int

    def sentence(self) -> str:
        return _("commented")


class TicketAttached(Payload, kind="ticket.attached"):
    attachment_id: int
    name: str

    def sentence(self) -> str:
        return _("added the file %(name)s") % {"name": self.name}
