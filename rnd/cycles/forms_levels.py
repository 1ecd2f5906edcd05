"""What a manager promises, compares with, and whom they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontline_feedback.models import Severity
from rnd.cycles.actions.set_service_level import LONGEST


class ServiceLevelForm(forms.Form):
    """A promise for one severity; no days takes it back."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    percent = forms.IntegerField(label=_("Share of loops, in %"), min_value=1, max_value=99, initial=85)
    days = forms.IntegerField(
        label=_("close within days"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=_("Empty: nothing is promised any more."),
    )


class WatchersForm(forms.Form):
    """Who is told before a service level is missed."""

    people = forms.TypedMultipleChoiceField(
        label=_("People"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, candidates: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(candidates.items())  # type: ignore[attr-defined]  # a ChoiceField


class BaselineForm(forms.Form):
    """The period that a programme compares itself with."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, *args: Any, sources: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(source, _("imported history: %(source)s") % {"source": source}) for source in sources]
        self.fields["source"].choices = [("", _("our own loops")), *known]  # type: ignore[attr-defined]  # of a choice field
