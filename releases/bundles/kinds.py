"""What this room says in the journal."""

from django.utils.translation import gettext as _

from foundation.journal.kinds import Payload


class BundleMade(Payload, kind="bundle.made"):
    """A release was taken away as a bundle (about the release). `etag` stands for its very bytes."""

    team_id: int | None
    team: str
    size: int
    etag: str

    def sentence(self) -> str:
        if not self.team:
            return _("took it away as a bundle for a stick")
        return _("took it away as a bundle for %(team)s") % {"team": self.team}


class BundleImported(Payload, kind="bundle.imported"):
    """A bundle came in (about the bundle)."""

    component_id: int
    release_id: int | None
    version: str
    sequence: int
    commit: str
    sums_sha256: str
    keys: list[str]
    channel: str

    def sentence(self) -> str:
        return _("brought in %(version)s from a stick, signed by %(keys)s") % {
            "version": self.version,
            "keys": ", ".join(self.keys),
        }


class BundleLetOut(Payload, kind="bundle.let_out"):
    """From now on other teams have it (about the bundle). No channel: nobody but staff."""

    channel: str

    def sentence(self) -> str:
        if not self.channel:
            return _("gives the bundle out to nobody any more")
        return _("gives the bundle out on “%(channel)s”") % {"channel": self.channel}


class ReceiptKept(Payload, kind="receipt.kept"):
    """A team runs what came on a stick; where the release is known does not know it yet (about the receipt)."""

    bundle_id: int
    team_id: int
    hardware_id: int | None

    def sentence(self) -> str:
        return _("reported what runs there; the receipt waits to be carried on")


class VerdictBrought(Payload, kind="receipt.verdict_brought"):
    """A receipt holds a verdict (about the receipt). Whoever knows tickets takes it in."""

    ticket: str
    verdict: str
    note: str
    client_uuid: str
    release_id: int
    team_id: int
    hardware_id: int | None
    given_at: str

    def sentence(self) -> str:
        return _("brought a verdict on %(ticket)s: %(verdict)s") % {"ticket": self.ticket, "verdict": self.verdict}


class VerdictSettled(Payload, kind="receipt.verdict_settled"):
    """What became of the verdict in a receipt (about the receipt). No error: it was taken in."""

    ticket: str
    error: str

    def sentence(self) -> str:
        if self.error:
            return _("could not take in the verdict on %(ticket)s: %(error)s") % {
                "ticket": self.ticket,
                "error": self.error,
            }
        return _("took in the verdict on %(ticket)s") % {"ticket": self.ticket}
