"""What the journal may say of a programme's promises, of what it compares itself with, and of imported histories."""

from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.journal.kinds import Payload
from foundation.kit import wording


class ServiceLevelSet(Payload, kind="programme.service_level_set"):
    """No days: nothing is promised for the severity any more."""

    severity: Literal["S1", "S2", "S3", "S4"]
    percent: int
    days: int | None

    def sentence(self) -> str:
        if self.days is None:
            return _("withdrew the service level of %(severity)s") % {"severity": self.severity}
        said = ngettext(
            "promised that %(percent)d %% of %(severity)s close within %(days)d day",
            "promised that %(percent)d %% of %(severity)s close within %(days)d days",
            self.days,
        )
        return said % {"severity": self.severity, "percent": self.percent, "days": self.days}


class BaselineSet(Payload, kind="programme.baseline_set"):
    """Both days included; with a source, it is an imported history."""

    first: date
    last: date
    source: str = ""

    def sentence(self) -> str:
        days = {"first": wording.day(self.first), "last": wording.day(self.last)}
        return _("set the baseline from %(first)s to %(last)s") % days


class HistoryImported(Payload, kind="programme.history_imported"):
    source: str
    cases: int
    changed: int

    def sentence(self) -> str:
        return _("imported the history %(source)s: %(cases)d cases") % {"source": self.source, "cases": self.cases}


class HistoryForgotten(Payload, kind="programme.history_forgotten"):
    """What was imported under this name was taken away; the entries of its imports stay."""

    source: str
    cases: int

    def sentence(self) -> str:
        said = ngettext(
            "forgot the imported history %(source)s: %(cases)d case",
            "forgot the imported history %(source)s: %(cases)d cases",
            self.cases,
        )
        return said % {"source": self.source, "cases": self.cases}


class ReportSaved(Payload, kind="report.saved"):
    """A report with its filters was kept under a name."""

    name: str
    report: str
    shared: bool

    def sentence(self) -> str:
        return _("saved the report “%(name)s”") % {"name": self.name}


class ReportRemoved(Payload, kind="report.removed"):
    """It is listed no more."""

    def sentence(self) -> str:
        return _("removed a saved report")


class ReportFrozen(Payload, kind="report.frozen"):
    """Its figures were kept as they were."""

    report: str

    def sentence(self) -> str:
        return _("froze the figures of a report")


class PeopleNamed(Payload, kind="programme.level_watchers_named"):
    """Who is told before a service level is missed; nobody: nobody is."""

    people: list[int]

    def sentence(self) -> str:
        n = len(self.people)
        said = ngettext(
            "named %(n)d person who is told before a service level is missed",
            "named %(n)d people who are told before a service level is missed",
            n,
        )
        return said % {"n": n}


class BreachForeseen(Payload, kind="ticket.breach_foreseen"):
    """Of `like_it` finished loops that lived as long, `made_it` still kept the service level: fewer than half."""

    level: int
    days: int
    made_it: int
    like_it: int
    tell: list[int]

    def sentence(self) -> str:
        said = _("is about to miss its service level of %(days)d days: %(made_it)d of %(like_it)d like it made it")
        return said % {"days": self.days, "made_it": self.made_it, "like_it": self.like_it}
