"""What some reports are asked for beside their filters: the questions of a forecast, the rows of long tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from frontline_feedback.keys import key_of, pk_of
from frontline_feedback.models import Ticket
from rnd.cycles.forms import ReportForm, field_of

MOST_TICKETS: Final = 20


class _AskingForm(ReportForm):
    """A report that takes numbers too, beside the filters."""

    numbers: ClassVar[tuple[str, ...]]

    def asked(self) -> dict[str, Any]:
        """Give what was asked for; what was not is for the report to choose."""
        return {name: self.cleaned_data[name] for name in self.numbers if self.cleaned_data.get(name)}


class _Question(forms.IntegerField):
    """A number that is asked for above the filters; `unasked` says what is taken where it is left empty."""

    def __init__(self, *, unasked: Any, **kwargs: Any) -> None:
        # It stands outside of the form that it belongs to, which is folded up.
        widget = forms.NumberInput(attrs={"form": "asking", "placeholder": unasked})
        super().__init__(required=False, min_value=1, widget=widget, **kwargs)


class _Keys(forms.TextInput):
    """A line of keys; a list of tickets gives each that is ticked by itself."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give all that is there as one line."""
        return ", ".join(data.getlist(name)) if hasattr(data, "getlist") else data.get(name)


class _Tickets(forms.CharField):
    """Tickets by their keys, in any letter case, with commas or blanks between; gives their numbers.

    One that is not open any more is no mistake: a report that was saved is asked for again later.
    """

    def __init__(self) -> None:
        widget = _Keys(attrs={"form": "asking", "placeholder": "FB-12, FB-31", "autocomplete": "off"})
        super().__init__(label=_("Only these tickets"), required=False, max_length=2000, widget=widget)
        self.actor: Actor | None = None

    def clean(self, value: Any) -> list[int]:
        keys = list(dict.fromkeys(re.findall(r"[^\s,;]+", super().clean(value))))
        if len(keys) > MOST_TICKETS:
            said = _("These are %(n)d tickets. Name %(most)d at most.")
            raise forms.ValidationError(said, code="too_many", params={"n": len(keys), "most": MOST_TICKETS})
        numbers = {key: pk_of(key) or 0 for key in keys}
        assert self.actor is not None
        seen = set(Ticket.objects.visible_to(self.actor).filter(pk__in=numbers.values()).values_list("pk", flat=True))
        for key, number in numbers.items():
            if number not in seen:
                said = _("“%(key)s” is no ticket that you may see. A key looks like FB-12.")
                raise forms.ValidationError(said, code="ticket_unknown", params={"key": key})
        return list(dict.fromkeys(numbers.values()))


class ForecastForm(_AskingForm):
    """What a forecast is asked for."""

    numbers = ("n", "days", "engineers")
    question_names = (*numbers, "tickets")
    n = _Question(label=_("How many loops"), max_value=1000, unasked=_("all that are open"))
    days = _Question(label=_("Within days"), max_value=365, unasked="30")
    engineers = _Question(label=_("Engineers now"), max_value=1000, unasked=_("those at work"))
    tickets = _Tickets()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        field_of(self, "tickets", _Tickets).actor = actor

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        # A list of tickets says so by itself: else the forecast of all would come without a word.
        if self.data.get("ticked") and not values.get("tickets") and "tickets" not in self.errors:
            said = _("Nothing is ticked. Tick open tickets in the list, or name them here.")
            self.add_error("tickets", forms.ValidationError(said, code="nothing_ticked"))
        return values

    def asked(self) -> dict[str, Any]:
        """Give the numbers, and the keys of the tickets with commas between."""
        chosen = ",".join(key_of(number) for number in self.cleaned_data["tickets"])
        return {**super().asked(), **({"tickets": chosen} if chosen else {})}


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
