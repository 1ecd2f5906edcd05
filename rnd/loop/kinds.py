"""What this room says in the journal."""

from django.utils.translation import gettext as _

from foundation.journal.kinds import Payload


class FixStated(Payload, kind="ticket.fix_stated"):
    """A person said that a release holds the ticket's fix, where no commit can show it."""

    release_id: int
    version: str
    note: str
    pass_number: int

    def sentence(self) -> str:
        return _("said that %(version)s holds the fix: %(note)s") % {"version": self.version, "note": self.note}


class RegressionFound(Payload, kind="ticket.regression_found"):
    """The fault was reported again from a build that holds the fix (about the ticket whose fix it was)."""

    regression_id: int
    report_id: int
    release_id: int
    version: str
    evidence: str

    def sentence(self) -> str:
        values = {"report": f"FB-{self.report_id}", "version": self.version, "evidence": self.evidence}
        return _("found it again in %(version)s, reported by %(report)s: %(evidence)s") % values
