"""Under which name a report is saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class SaveForm(forms.Form):
    """A name, and whether others see the report too. Where it is refused, the reader is led to the name."""

    name = forms.CharField(
        label=_("Save it as"),
        max_length=120,
        error_messages={"required": _("Give the report a name by which it is found again.")},
    )
    shared = forms.BooleanField(label=_("shared with my programmes"), required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="save_%s")

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        self.fields["name"].widget.attrs["data-focus"] = True
