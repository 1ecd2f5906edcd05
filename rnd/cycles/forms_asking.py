"""What some reports are asked for beside their filters: the questions of a forecast, the rows of long tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from rnd.cycles.forms import ReportForm


class _AskingForm(ReportForm):
    """A report that takes numbers too, beside the filters."""

    numbers: ClassVar[tuple[str, ...]]

    def asked(self) -> dict[str, int]:
        """Give what was asked for; what was not is for the report to choose."""
        return {name: self.cleaned_data[name] for name in self.numbers if self.cleaned_data.get(name)}


class ForecastForm(_AskingForm):
    """What a forecast is asked for."""

    numbers = ("n", "days", "engineers")
    n = forms.IntegerField(label=_("How many loops"), required=False, min_value=1, max_value=1000)
    days = forms.IntegerField(label=_("Within days"), required=False, min_value=1, max_value=365)
    engineers = forms.IntegerField(label=_("Engineers now"), required=False, min_value=1, max_value=1000)


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
