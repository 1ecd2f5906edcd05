"""What people fill in about sticks; the actions check the meaning."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import HardwareRevision
from releases.bundles import receipts
from releases.bundles.models import ImportedBundle
from releases.forms import reportable_teams
from releases.models import Channel


class ImportForm(forms.Form):
    """A bundle, and who gets it here."""

    file = forms.FileField(
        label=_("The bundle"),
        help_text=_("The .tar file as it is on the stick; do not unpack it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".tar"}),
    )
    channel = forms.ChoiceField(
        label=_("Give it out here on"),
        required=False,
        choices=[("", _("nobody yet")), *Channel.choices],
        help_text=_("Teams that receive this channel of the component can take it. You can decide later, too."),
    )


class ReceiptsForm(forms.Form):
    """A file of receipts."""

    file = forms.FileField(
        label=_("The receipts"),
        help_text=_("receipt.txt as it was filled in, a table (CSV), or JSON lines."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.csv,.jsonl,.json"}),
    )


class LetOutForm(forms.Form):
    """Who has an imported bundle from now on."""

    channel = forms.ChoiceField(
        label=_("Give it out on"), required=False, choices=[("", _("nobody")), *Channel.choices]
    )


class InstalledForm(forms.Form):
    """A team runs what came on a stick, and says whether it helped."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose…"))
    hardware = forms.ModelChoiceField(
        label=_("On which hardware?"), queryset=HardwareRevision.objects.none(), empty_label=_("Choose…")
    )
    installed_at = forms.CharField(
        label=_("When?"),
        required=False,
        max_length=40,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Your own time."),
    )
    ticket = forms.CharField(
        label=_("Was it about a report of yours?"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "FB-12", "autocomplete": "off"}),
    )
    verdict = forms.ChoiceField(
        label=_("Does it help?"),
        required=False,
        choices=[
            ("", _("not tried yet")),
            ("fixed", _("fixed")),
            ("not_fixed", _("not fixed")),
            ("worse", _("worse")),
            ("could_not_test", _("could not test")),
        ],
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    receipt = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, bundle: ImportedBundle, **kwargs: Any) -> None:
        kwargs["initial"] = {"receipt": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._bundle = bundle
        teams = reportable_teams(actor).filter(programmes=bundle.component.programme_id)
        wanted = [name for file in bundle.files.all() for _platform, name in file.hardware]
        revisions = HardwareRevision.objects.filter(
            platform__programme=bundle.component.programme_id, name__in=wanted
        ).select_related("platform")
        for name, queryset in (("team", teams), ("hardware", revisions)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        if teams.count() == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.initial.setdefault("team", teams.get().pk)

    def line(self) -> bytes:
        """Give the receipt as it would have come on a stick."""
        values = self.cleaned_data
        told = {
            "receipt": str(values["receipt"]),
            "team": values["team"].slug,
            "component": self._bundle.component.slug,
            "version": self._bundle.version,
            "platform": values["hardware"].platform.slug,
            "hardware": values["hardware"].name,
            "installed_at": values["installed_at"],
            "ticket": values["ticket"],
            "verdict": values["verdict"],
            "note": values["note"],
        }
        return json.dumps({column: told[column] for column in receipts.COLUMNS if told.get(column)}).encode()
