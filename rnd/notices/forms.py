"""The form of a webhook; the action decides."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.forms import ActionForm
from rnd.notices.queries import programmes_to_keep
from rnd.notices.subjects import told_kinds


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the kinds there are, in groups by what they are about."""
    return [(about, [(kind, kind) for kind in kinds]) for about, kinds in groupby(told_kinds(), _about)]


def _about(kind: str) -> str:
    return kind.partition(".")[0]


class ChangeWebhookForm(ActionForm):
    """What a webhook is told, and where."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Who listens, as your colleagues call it."))
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Where messages are posted to, as in https://host/path.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told"), choices=kind_choices, widget=forms.CheckboxSelectMultiple
    )


class AddWebhookForm(ChangeWebhookForm):
    """A new webhook, in one of the programmes whose webhooks one keeps."""

    programme: Any = forms.ModelChoiceField(label=_("Programme"), queryset=None, empty_label=None)
    field_order = ("programme", "name", "url", "kinds")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme: Any = self.fields["programme"]
        programme.queryset = programmes_to_keep(actor)
