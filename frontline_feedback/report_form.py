"""The report of a field team: few fields, remembered from the last time, sent in a minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Platform
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from frontline_feedback import actions, choices
from frontline_feedback.inputs import EARLIEST_YEAR, LONGEST_TEXT
from frontline_feedback.models import Severity, Ticket
from frontline_feedback.report_start import ReportStart

SEVERITY_HINTS: Final = {
    Severity.S1: _("It cannot be flown or used, or was nearly lost."),
    Severity.S2: _("It works, but with less: shorter, slower, or by hand."),
    Severity.S3: _("It gets in the way, and there is a way around it."),
    Severity.S4: _("It works as built, and could be better."),
}
SEEN: Final = {
    "0": (pgettext_lazy("seen", "Just now"), timedelta(0)),
    "60": (pgettext_lazy("seen", "1 hour ago"), timedelta(hours=1)),
    "240": (pgettext_lazy("seen", "4 hours ago"), timedelta(hours=4)),
    "1440": (pgettext_lazy("seen", "A day ago"), timedelta(days=1)),
    "exact": (pgettext_lazy("seen", "Other time"), None),
}


_AS_GIVEN: Final = (
    "client_uuid", "title", "severity", "team", "platform", "component", "hardware", "version_text", "body",
    "conditions",
)  # fmt: skip


# A choice of team, platform or component changes what the rest of its part offers.
_REFRESH: Final = {"hx-target": "#report-about", "hx-swap": "outerHTML", "hx-include": "#report-about"}


def _clock_time(moment: datetime, now: datetime) -> str:
    """Write when that was: the time, and the date where it is not today's."""
    local = localtime(moment)
    return date_format(local, "H:i" if local.date() == localtime(now).date() else "j M, H:i")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; gives a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class ReportForm(forms.Form):
    """A fault, as the team saw it. `start` is what the form begins with and which things may be chosen."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    # When the form was opened: "an hour ago" means an hour before that, however late it is sent.
    as_of = forms.DateTimeField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("What happened?"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    severity = forms.ChoiceField(
        label=_("How bad is it?"),
        choices=[(severity.value, choices.severity(severity.value, hint)) for severity, hint in SEVERITY_HINTS.items()],
        widget=forms.RadioSelect,
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    platform = forms.ModelChoiceField(label=_("Platform"), queryset=Platform.objects.none(), empty_label=_("Choose…"))
    component = forms.ModelChoiceField(
        label=_("Component"), queryset=Component.objects.none(), empty_label=_("Choose…")
    )
    hardware = forms.ModelChoiceField(
        label=_("Hardware revision"), queryset=HardwareRevision.objects.none(), required=False,
        empty_label=_("I do not know"), help_text=_("It stands on the sticker of the board."),
    )  # fmt: skip
    version_text = forms.CharField(
        label=_("Version"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "report-versions", "inputmode": "text"}),
    )  # fmt: skip
    seen = forms.ChoiceField(
        label=_("When did you see it?"),
        choices=[(value, label) for value, (label, _back) in SEEN.items()],
        initial="0",
        widget=forms.RadioSelect,
    )
    seen_exact = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    # Where the device is, as its browser names it: the clock that "Other time" is read from.
    zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    body = forms.CharField(
        label=_("Details"), required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What did you do, what did you expect, what came instead?"),
    )  # fmt: skip
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=LONGEST_TEXT,
        help_text=_("Weather, battery, interference, payload."),
    )  # fmt: skip
    photos = FilesField(
        label=_("Photos and logs"), required=False,
        help_text=_("Photos lose position and camera data before they are stored."),
    )  # fmt: skip

    def __init__(self, *args: Any, start: ReportStart, **kwargs: Any) -> None:
        kwargs.setdefault("initial", start.initial())
        super().__init__(*args, **kwargs)
        self.start = start
        for name, things in (
            ("team", start.teams), ("platform", start.platforms), ("component", start.components),
            ("hardware", start.hardware_revisions),
        ):  # fmt: skip
            self.fields[name].queryset = things  # type: ignore[attr-defined]  # ModelChoiceFields
        self.fields["hardware"].label_from_instance = lambda revision: revision.name  # type: ignore[attr-defined]  # of a model's choices
        if len(start.teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
        for name in ("team", "platform", "component"):
            self.fields[name].widget.attrs |= _REFRESH | {"hx-get": reverse("frontline_feedback:report_about")}
        now = clock.now()
        self.fields["as_of"].initial = now.isoformat()
        self.fields["seen_exact"].initial = localtime(now).replace(second=0, microsecond=0)
        self.fields["seen"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (value, choices.with_hint(label, "…" if back is None else _clock_time(now - back, now)))
            for value, (label, back) in SEEN.items()
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("as_of", "seen_exact"):
            if values.get(name) and values[name].year < EARLIEST_YEAR:
                self.add_error(name, _("This date cannot be right. Check the device's clock."))
        if values.get("seen") == "exact" and not values.get("seen_exact"):
            self.add_error("seen_exact", _("Say when, or choose one of the others."))
        return values

    def seen_at(self) -> datetime:
        """Give when it was seen: the exact time, or counted back from when the form was opened."""
        back = SEEN[self.cleaned_data["seen"]][1]
        if back is not None:
            return cast(datetime, self.cleaned_data["as_of"] - back)
        exact: datetime = self.cleaned_data["seen_exact"]
        zone = self.cleaned_data["zone"]
        return localtime(exact).replace(tzinfo=ZoneInfo(zone)) if zone in available_timezones() else exact

    def report(self, actor: Actor) -> Ticket | None:
        """Report what the (valid) form says; None where it was refused, and then the form says why."""
        given = {name: self.cleaned_data[name] for name in _AS_GIVEN}
        try:
            return actions.report_ticket(actor=actor, seen_at=self.seen_at(), language=get_language() or "en", **given)
        except (Invalid, Conflict) as refusal:
            field = "seen" if refusal.field == "seen_at" else refusal.field
            self.add_error(field if field in self.fields else None, str(refusal))
            return None

    def attach(self, actor: Actor, ticket: Ticket) -> Iterable[str]:
        """Attach the files to the ticket; give why some were refused (the ticket stands without them)."""
        upload: UploadedFile[Any]
        for upload in self.cleaned_data["photos"]:
            try:
                actions.attach_file(actor=actor, ticket=ticket, upload=upload, name=upload.name or "file")
            except (Invalid, Conflict) as refusal:
                yield str(refusal)
