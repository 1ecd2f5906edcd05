"""What the journal may say of a ticket."""

from datetime import datetime
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from foundation.journal.kinds import Payload

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


class TicketAccepted(Payload, kind="ticket.accepted"):
    pass


class TicketRejected(Payload, kind="ticket.rejected"):
    reason: str


class TicketMerged(Payload, kind="ticket.merged"):
    """Also written of each earlier duplicate that follows its canonical ticket into another one."""

    into_id: int


class TicketClosed(Payload, kind="ticket.closed"):
    """Closed without a fix; the verdict `fixed` speaks for itself and is not followed by one of these."""

    outcome: Literal["answered", "no_fault_found", "wont_fix"]
    reason: str


class TicketReopened(Payload, kind="ticket.reopened"):
    reason: str


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


class TicketFixOffered(Payload, kind="ticket.fix_offered"):
    release_id: int
    channel: str
    version: str


class TicketFixInstalled(Payload, kind="ticket.fix_installed"):
    release_id: int
    installation_id: int


class TicketVerdictGiven(Payload, kind="ticket.verdict_given"):
    """`pass_number` is the pass that the verdict judges, not the one that it may start."""

    verdict_id: int
    release_id: int
    hardware_id: int | None
    outcome: Literal["fixed", "not_fixed", "worse", "could_not_test"]
    pass_number: int


class TicketCommented(Payload, kind="ticket.commented"):
    comment_id: int


class TicketAttached(Payload, kind="ticket.attached"):
    attachment_id: int
    name: str
