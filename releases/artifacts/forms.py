"""What people fill in about files, signatures, keys and compatibility; the actions check the meaning."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.catalogue.models import Component, HardwareRevision
from releases.artifacts import minisign, queries
from releases.artifacts.models import Compatibility
from releases.models import Channel, Release

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class AddFileForm(forms.Form):
    """A file and its hardware; the page's script sends it piece by piece."""

    file = forms.FileField(label=_("File"), help_text=_("Up to 8 GB. A lost connection costs nothing: it goes on."))
    hardware = forms.MultipleChoiceField(
        label=_("Made for"), widget=forms.CheckboxSelectMultiple, help_text=_("Every revision that it may run on.")
    )
    sha256 = forms.CharField(
        label=_("sha256"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs=_PLAIN),
        help_text=_("If the build printed one: what comes in otherwise is refused."),
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        revisions = HardwareRevision.objects.filter(platform__programme=release.component.programme_id)
        field = self.fields["hardware"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(f"{one.platform.slug}/{one.name}", str(one)) for one in revisions.select_related("platform")]


class SignatureForm(forms.Form):
    """A `.minisig`, as a file or pasted."""

    file = forms.FileField(label=_("SHA256SUMS.minisig"), required=False)
    text = forms.CharField(
        label=_("or its four lines"),
        required=False,
        strip=False,
        max_length=minisign.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, **_PLAIN}),
    )

    def clean(self) -> dict[str, Any]:
        """Give the text, from wherever it came."""
        values = super().clean() or {}
        file = values.pop("file", None)
        if file is not None:
            values["text"] = file.read(minisign.LONGEST).decode("utf-8", errors="replace")
        if not values.get("text", "").strip():
            raise forms.ValidationError(_("Choose the file SHA256SUMS.minisig, or paste what is in it."))
        return values


class SbomForm(forms.Form):
    """A bill of materials."""

    file = forms.FileField(label=_("CycloneDX, JSON"))


class ReasonForm(forms.Form):
    """Why something is done that cannot be undone."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class KeyForm(forms.Form):
    """A public key, whose it is, and what it counts for."""

    public_key = forms.CharField(
        label=_("Public key"),
        max_length=minisign.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True, **_PLAIN}),
        help_text=_("What is in minisign.pub. The secret key stays where it is; nobody ever asks for it."),
    )
    holder = forms.ModelChoiceField(
        label=_("Whose key is it?"),
        queryset=User.objects.none(),
        help_text=_("Two signatures for the fleet have to be of two people."),
    )
    component = forms.ModelChoiceField(
        label=_("For the releases of"), queryset=Component.objects.none(), empty_label=_("Choose…")
    )
    channels = forms.MultipleChoiceField(
        label=_("Its signatures count for"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(Channel.values),
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("Such as “Kari's token, safe 2”.")
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("What it signed before then goes on counting."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (
            ("component", queries.components_for_keys(actor)),
            ("holder", queries.possible_holders(actor)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        self.fields["holder"].initial = actor.user_id

    def clean_valid_until(self) -> datetime | None:
        """Give the end of the day."""
        day = self.cleaned_data["valid_until"]
        return datetime.combine(day, time(23, 59, 59), UTC) if day else None


class CompatibilityForm(forms.Form):
    """A statement about a file on a hardware revision."""

    state = forms.ChoiceField(label=_("It is"), choices=Compatibility.State.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("How is it known?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was tested, by whom, with which result."),
    )
    evidence_url = forms.URLField(
        label=pgettext_lazy("document", "Report"), required=False, max_length=500, assume_scheme="https"
    )
    bootloader_from = forms.CharField(label=_("Bootloader from"), required=False, max_length=40)
    bootloader_to = forms.CharField(label=_("Bootloader up to"), required=False, max_length=40)
    companion = forms.ModelChoiceField(
        label=_("Together with"), queryset=Component.objects.none(), required=False, empty_label=_("anything")
    )
    companion_versions = forms.CharField(
        label=_("of the versions"), required=False, max_length=120, help_text=_("Such as “>= 2.1”.")
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["companion"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Component.objects.filter(programme=release.component.programme_id)
        field.queryset = others.exclude(pk=release.component_id)
