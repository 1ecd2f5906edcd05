"""Forms about devices; the actions decide, and what they refuse lands on its field."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms import ActionForm


def language_choices() -> list[tuple[str, object]]:
    """Give the languages there are, and "as the device asks"."""
    return [("", _("As the device asks")), *settings.LANGUAGES]


class CodeForm(ActionForm):
    """A code for one more device."""

    name = forms.CharField(
        label=_("Name of the device"),
        max_length=80,
        help_text=_("So that you know later which one to revoke: “Tablet 2, crew Falcon”."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    minutes = forms.TypedChoiceField(
        label=_("The code is valid for"),
        coerce=int,
        choices=[(15, _("15 minutes")), (60, _("an hour")), (24 * 60, _("a day"))],
        initial=60,
    )


class RevokeForm(ActionForm):
    """Why a device is revoked."""

    reason = forms.CharField(label=_("Why?"), max_length=2000, help_text=_("Lost, replaced, handed on."))


class EnrolForm(ActionForm):
    """The code, as it is typed or comes with the address."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Twelve letters and digits, as whoever looks after your team's devices gave them to you."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
