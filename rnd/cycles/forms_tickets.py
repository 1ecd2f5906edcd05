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
from rnd.cycles.listing import FINISHED, LEFT_OUT, OPEN, REASONS, Asked

ORDERS: Final = (("newest", _("newest first")), ("longest", _("longest first")), ("shortest", _("shortest first")))


class TicketsForm(FilterForm):
    """Which tickets a list shows: the report's filters, and what stands behind one of its figures."""

    show = forms.ChoiceField(label=_("Show"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)
    # A list has no periods; it only hands the choice back to the report.
    by = forms.ChoiceField(label=_("Periods"), required=False, choices=PERIODS, widget=forms.HiddenInput)
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
        field_of(self, "stage", forms.ChoiceField).choices = [("", _("all stages")), *stages]

    def words(self) -> list[Word]:
        """Give the report's filters, then which of its tickets are listed and in which order."""
        own = [(name, _words_of(field_of(self, name, forms.ChoiceField))) for name in ("show", "stage", "sort")]
        values = self.cleaned_data
        said = [(name, choices[values[name]]) for name, choices in own if values[name]]
        return [*super().words(), *(Word(str(self.fields[name].label), str(word), (name,)) for name, word in said)]

    def asked(self) -> Asked:
        """Give what was asked for; call it on a valid form only."""
        values = self.cleaned_data
        return Asked(
            filters=self.filters(),
            show=values["show"] or FINISHED,
            stage=values["stage"],
            at_least=values["at_least"],
            under=values["under"],
            sort=values["sort"] or "newest",
        )


def _words_of(field: forms.ChoiceField) -> dict[str, Any]:
    """Give the words for the values of a field whose choices are not grouped."""
    choices: Any = field.choices
    return dict(choices)
