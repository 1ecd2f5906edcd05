"""Forms of the catalogue. They parse; the actions decide, and what they refuse lands on its field."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.forms import ActionForm, zone_choices
from foundation.accounts.models import Team
from foundation.catalogue.models import Programme

SLUG_HELP = _("It cannot be changed later.")


class NameForm(ActionForm):
    """The name of anything in the catalogue."""

    name = forms.CharField(label=_("Name"), max_length=120)


class RevisionForm(ActionForm):
    """The name of a hardware revision."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("As it stands on the board, such as “C” or “2.1”.")
    )


class ProgrammeForm(NameForm):
    """A programme's name and time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: zone_choices(blank=""),
        help_text=_("Days in its reports begin in this zone."),
    )


class AddProgrammeForm(ProgrammeForm):
    """A new programme."""

    slug = forms.SlugField(label=_("Short name in addresses"), max_length=60, help_text=SLUG_HELP)
    field_order = ("name", "slug", "time_zone")


class AddThingForm(NameForm):
    """A new platform or component of a programme."""

    slug = forms.SlugField(label=_("Short name in addresses"), max_length=60, help_text=SLUG_HELP)
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none())
    field_order = ("programme", "name", "slug")

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)
        programme.queryset = programmes


class TeamChoiceForm(ActionForm):
    """A team that joins a programme."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams
