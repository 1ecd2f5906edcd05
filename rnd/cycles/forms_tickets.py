"""Which tickets a list shows, read from the address: a report's filters, and what stands behind one of its figures."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.kit import vocabulary
from rnd.cycles import presenting
from rnd.cycles.clock.stages import Stage
from rnd.cycles.forms import PERIODS, FilterForm, Word, field_of
from rnd.cycles.listing import BAND, FINISHED, LEFT_OUT, OPEN, OUTLOOKS, REASONS, RECORDED, UNRECORDED, Asked

ORDERS: Final = (("newest", _("newest first")), ("longest", _("longest first")), ("shortest", _("shortest first")))
WORK: Final = (("", _("recorded or not")), (RECORDED, _("recorded")), (UNRECORDED, _("not recorded")))
BANDS: Final = (("", _("any")), (BAND, _("from the p80 to the p90")))
# The choices that are its own, in the order in which they are told.
CHOSEN: Final = ("show", "stage", "outlook", "work", "band", "sort")


class TicketsForm(FilterForm):
    """Which tickets a list shows: the report's filters, and what stands behind one of its figures."""

    show = forms.ChoiceField(label=_("Show"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    outlook = forms.ChoiceField(label=_("Service level"), required=False)
    work = forms.ChoiceField(label=_("Work"), required=False, choices=WORK)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)
    # A list has no periods; it only hands the choice back to the report.
    by = forms.ChoiceField(label=_("Periods"), required=False, choices=PERIODS, widget=forms.HiddenInput)
    band = forms.ChoiceField(label=_("Length"), required=False, choices=BANDS, widget=forms.HiddenInput)
    at_least = forms.IntegerField(
        label=_("Length"), required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput
    )
    under = forms.IntegerField(
        label=_("Length"), required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        reasons = [(reason, presenting.reason_label(reason)) for reason in REASONS]
        shown = [(FINISHED, _("finished")), (OPEN, _("still open")), (LEFT_OUT, _("left out, for any reason"))]
        stages = [(stage.value, vocabulary.word("stage", stage.value).label) for stage in Stage]
        field_of(self, "show", forms.ChoiceField).choices = [*shown, *reasons]
        outlooks = [(outlook, presenting.outlook_label(outlook)) for outlook in OUTLOOKS]
        field_of(self, "stage", forms.ChoiceField).choices = [("", _("all stages")), *stages]
        field_of(self, "outlook", forms.ChoiceField).choices = [("", _("whatever its outlook")), *outlooks]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        shown = values.get("show") or FINISHED
        if values.get("outlook") and shown != OPEN:
            said = _("The outlook of a service level is said of open tickets only: choose those that are still open.")
            self.add_error("show", forms.ValidationError(said, code="not_open"))
        if values.get("band") and shown != FINISHED:
            said = _("Percentiles are of finished loops only: choose those that are finished.")
            self.add_error("show", forms.ValidationError(said, code="not_finished"))
        return values

    def words(self) -> list[Word]:
        """Give the report's filters, then which of its tickets are listed and in which order."""
        own = [(name, _words_of(field_of(self, name, forms.ChoiceField))) for name in CHOSEN]
        values = self.cleaned_data
        said = [(name, choices[values[name]]) for name, choices in own if values[name]]
        # Without the open ones, there is no outlook.
        needing = {"show": ("outlook",)} if values["outlook"] else {}
        own_words = [
            Word(str(self.fields[name].label), str(word), (name, *needing.get(name, ()))) for name, word in said
        ]
        return [*super().words(), *own_words]

    def asked(self) -> Asked:
        """Give what was asked for; call it on a valid form only."""
        values = self.cleaned_data
        return Asked(
            filters=self.filters(),
            show=values["show"] or FINISHED,
            **{name: values[name] for name in ("stage", "outlook", "work", "band")},
            at_least=values["at_least"],
            under=values["under"],
            sort=values["sort"] or "newest",
        )


def _words_of(field: forms.ChoiceField) -> dict[str, Any]:
    """Give the words for the values of a field whose choices are not grouped."""
    choices: Any = field.choices
    return dict(choices)
