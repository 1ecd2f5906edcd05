"""What some reports are asked for beside their filters: the questions of a forecast, the rows of long tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from rnd.cycles.forms import ReportForm


class _AskingForm(ReportForm):
    """A report that takes numbers too, beside the filters."""

    numbers: ClassVar[tuple[str, ...]]

    def asked(self) -> dict[str, int]:
        """Give what was asked for; what was not is for the report to choose."""
        return {name: self.cleaned_data[name] for name in self.numbers if self.cleaned_data.get(name)}


class _Question(forms.IntegerField):
    """A number that is asked for above the filters; `unasked` says what is taken where it is left empty."""

    def __init__(self, *, unasked: Any, **kwargs: Any) -> None:
        # It stands outside of the form that it belongs to, which is folded up.
        widget = forms.NumberInput(attrs={"form": "asking", "placeholder": unasked})
        super().__init__(required=False, min_value=1, widget=widget, **kwargs)


class ForecastForm(_AskingForm):
    """What a forecast is asked for."""

    numbers = question_names = ("n", "days", "engineers")
    n = _Question(label=_("How many loops"), max_value=1000, unasked=_("all that are open"))
    days = _Question(label=_("Within days"), max_value=365, unasked="30")
    engineers = _Question(label=_("Engineers now"), max_value=1000, unasked=_("those at work"))


class ShippingForm(_AskingForm):
    """Which rows of the long tables about releases are shown."""

    numbers = ("releases_from", "fixes_from", "rows")
    releases_from = forms.IntegerField(label=_("Releases from number"), required=False, min_value=1, max_value=100_000)
    fixes_from = forms.IntegerField(label=_("Fixes from number"), required=False, min_value=1, max_value=100_000_000)
    rows = forms.IntegerField(label=_("Rows of long tables"), required=False, min_value=1, max_value=500)


# What is asked of a report beside its filters, by the report's name.
ASKING: Final[Mapping[str, type[_AskingForm]]] = {
    "forecast": ForecastForm, "backtest": ForecastForm, "releases": ShippingForm,
}  # fmt: skip


def form_for(report: str) -> type[ReportForm]:
    """Give the form that reads the address of a report."""
    return ASKING.get(report, ReportForm)
