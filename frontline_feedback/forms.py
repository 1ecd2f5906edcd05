"""What people fill in about tickets; the actions check the meaning. The report has a form of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Platform
from foundation.kit.asking import objects_of, rows_of
from foundation.kit.vocabulary import word
from frontline_feedback import queries
from frontline_feedback.actions.close_ticket import CLOSING
from frontline_feedback.choices import with_hint
from frontline_feedback.classification import KEEP, Reclassification
from frontline_feedback.inputs import LONGEST_TEXT
from frontline_feedback.keys import pk_of
from frontline_feedback.models import Outcome, Severity, Ticket, Verdict


def _text(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _words(name: str, values: Iterable[str]) -> list[tuple[str, Any]]:
    return [(value, word(name, value).label) for value in values]


def _severities() -> list[tuple[str, str]]:
    return [(value, f"{value} · {label}") for value, label in _words("severity", Severity.values)]


class ReasonForm(forms.Form):
    """Why a ticket is rejected or reopened."""

    reason = _text(_("Reason"), help_text=_("The team that reported it reads this, perhaps in translation. Be plain."))


class CloseForm(ReasonForm):
    """How a ticket ends without a fix, and why."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=lambda: _words("outcome", [outcome.value for outcome in CLOSING]),
        widget=forms.RadioSelect,
    )
    field_order = ("outcome", "reason")


class MergeForm(forms.Form):
    """The key of the ticket that tells of the same fault."""

    into = forms.CharField(label=_("Into"), max_length=24)

    def canonical(self, actor: Actor) -> Ticket:
        """Give the visible ticket that was named; raises NotFound."""
        return queries.ticket_by_pk(actor, pk_of(self.cleaned_data["into"]) or 0)


class CommentForm(forms.Form):
    body = _text(_("Comment"), rows=3)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("Photo or log file"),
        help_text=_("Photos lose position and camera data before they are stored."),
    )


VERDICT_HINTS: Final = {
    Verdict.Outcome.FIXED: _("The fault is gone. This closes the ticket."),
    Verdict.Outcome.NOT_FIXED: _("The fault is still there. The engineers start again."),
    Verdict.Outcome.WORSE: _("It is worse than before. The engineers are told at once."),
    Verdict.Outcome.COULD_NOT_TEST: _("There was no chance to try it. You will be asked again."),
}


class VerdictForm(forms.Form):
    """Does the fix work? For the releases that were offered in this pass."""

    release = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Is it fixed?"), widget=forms.RadioSelect)
    note = _text(_("What did you see?"), rows=3, required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, offers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        releases = [(offer.release_id, str(offer.release)) for offer in offers]
        self.fields["release"].choices = releases  # type: ignore[attr-defined]  # a ChoiceField
        if len(releases) > 1:
            self.fields["release"].widget = forms.Select(choices=releases)
            self.fields["release"].label = _("Which release did you try?")
        self.fields["release"].initial = releases[-1][0] if releases else None
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (outcome.value, with_hint(word("verdict", outcome.value).label, hint))
            for outcome, hint in VERDICT_HINTS.items()
        ]


def _components_of(programme: int) -> QuerySet[Component]:
    return Component.objects.filter(programme=programme)


def _platforms_of(programme: int) -> QuerySet[Platform]:
    return Platform.objects.filter(programme=programme)


def _hardware_of(programme: int) -> QuerySet[HardwareRevision]:
    return HardwareRevision.objects.filter(platform__programme=programme).select_related("platform")


class ClassifyForm(forms.Form):
    """What a ticket is about; what triage corrects before it accepts."""

    severity = forms.ChoiceField(label=_("Severity"), choices=_severities)
    component = forms.ModelChoiceField(label=_("Component"), queryset=Component.objects.none(), empty_label=None)
    platform = forms.ModelChoiceField(label=_("Platform"), queryset=Platform.objects.none(), empty_label=None)
    hardware = forms.ModelChoiceField(
        label=_("Hardware"), queryset=HardwareRevision.objects.none(), required=False, empty_label=_("not known")
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        self.ticket = ticket
        names = ("severity", "component", "platform", "hardware")
        kwargs.setdefault("initial", {name: getattr(ticket, name) for name in names})
        super().__init__(*args, **kwargs)
        self._offer("component", _components_of)
        self._offer("platform", _platforms_of)
        self._offer("hardware", _hardware_of)

    def _offer(self, name: str, known: Callable[[int], QuerySet[Any]]) -> None:
        field: Any = self.fields[name]
        field.queryset = known(self.ticket.programme_id)
        if not self.is_bound:  # The field itself asks for its choices twice, by a cursor of the server's.
            none = [] if field.empty_label is None else [("", field.empty_label)]
            field.choices = [*none, *((one.pk, one) for one in objects_of(known, key=self.ticket.programme_id))]

    def change(self) -> Reclassification:
        """Give what was corrected; a hardware revision that was left alone may be forgotten with its platform."""
        values = self.cleaned_data
        same = "hardware" not in values or values["hardware"] == self.ticket.hardware
        return Reclassification(
            platform=values.get("platform"),
            component=values.get("component"),
            hardware=KEEP if same else values["hardware"],
            severity=values.get("severity"),
        )


class AcceptForm(ClassifyForm):
    """The same in one step with accepting; what is not sent stays as it is."""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        for name in list(self.fields):
            if self.is_bound and name not in self.data:
                del self.fields[name]


def _components(actor: Actor) -> QuerySet[Component, tuple[str, str]]:
    return Component.objects.visible_to(actor).values_list("slug", "name")


def _platforms(actor: Actor) -> QuerySet[Platform, tuple[str, str]]:
    return Platform.objects.visible_to(actor).values_list("slug", "name")


def _field_teams(actor: Actor) -> QuerySet[Team, tuple[str, str]]:
    return Team.objects.visible_to(actor).filter(kind="field").values_list("slug", "name")


# Names and values of the filters, in order.
Written = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What an actor may filter tickets by, as (slug, name) in order."""

    component: tuple[tuple[str, str], ...]
    platform: tuple[tuple[str, str], ...]
    team: tuple[tuple[str, str], ...]


def known_to(actor: Actor) -> Known:
    """Give what this actor may filter tickets by. Three queries."""
    component, platform, team = (
        tuple(rows_of(each, actor, steady=True)) for each in (_components, _platforms, _field_teams)
    )
    return Known(component, platform, team)


class TicketFilterForm(forms.Form):
    """The filters of the list of tickets; everything is optional and lives in the address."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    component = forms.ChoiceField(label=_("Component"), required=False)
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        choices=lambda: [("", _("Any severity")), *_severities()],
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=lambda: [("", _("Any outcome")), *_words("outcome", Outcome.values)],
    )

    def __init__(self, data: Any, *, known: Known, tab: str = "") -> None:
        super().__init__(data)
        self.tab = tab
        for name, every in (
            ("component", _("All components")),
            ("platform", _("All platforms")),
            ("team", _("All teams")),
        ):
            choices = [("", every), *getattr(known, name)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # ChoiceFields
        if tab in ("inbox", "open"):
            del self.fields["outcome"]

    def filters(self) -> queries.Filters:
        """Give what was asked for; a value that means nothing narrows nothing."""
        self.is_valid()
        return queries.Filters(tab=self.tab, **{name: value for name, value in self.cleaned_data.items() if value})


def written_into(data: Mapping[str, str]) -> Written:
    """Give what was written into the filters, whether it means something or not."""
    return tuple((name, data.get(name, "")) for name in TicketFilterForm.base_fields)


@lru_cache(maxsize=512)
def filters_of(written: Written, known: Known, tab: str) -> queries.Filters:
    """Give what was asked for; what is written the same means the same to who knows the same."""
    return TicketFilterForm(dict(written), known=known, tab=tab).filters()
