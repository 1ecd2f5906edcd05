"""Forms about people, teams and tokens. They parse; the actions decide, and what they refuse lands on its field."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import Team, TeamKind
from foundation.accounts.roles import Role
from foundation.kit.errors import Conflict, Invalid

T = TypeVar("T")


class ActionForm(forms.Form):
    """A form whose values go to one action."""

    def attempt(self, action: Callable[..., T], **values: Any) -> T | None:
        """Call the action; what it refuses as Invalid or Conflict becomes an error of the form, and gives None."""
        try:
            return action(**values)
        except (Invalid, Conflict) as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
            return None


def language_choices() -> list[tuple[str, Any]]:
    """Give the languages there are, and "as the browser asks"."""
    return [("", _("As the browser asks")), *settings.LANGUAGES]


@cache
def zones_by_region() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Give the time zones that are named after places, in groups by region."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        region, _slash, place = zone.partition("/")
        if place and region not in {"Etc", "SystemV", "US", "posix", "right", "Brazil", "Canada", "Chile", "Mexico"}:
            regions.setdefault(region, []).append((zone, place.replace("_", " ")))
    return tuple((region, tuple(zones)) for region, zones in regions.items())


def zone_choices(*, blank: Any = "UTC") -> list[Any]:
    """Give the choices of a time zone; `blank` says what no choice means ("" gives no such choice)."""
    return [*([("", blank)] if blank else []), *zones_by_region()]


class ProfileForm(ActionForm):
    """One's own account."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False, help_text=_("As others shall read it."))
    email = forms.EmailField(label=_("E-mail address"), required=False, help_text=_("You can sign in with it as well."))
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices, required=False)


class AddPersonForm(ProfileForm):
    """A new account, with what the person is in the first team."""

    username = forms.CharField(label=_("User name"), max_length=150)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    field_order = ("username", "name", "email", "team", "role", "language", "time_zone")

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams


class MembershipForm(ActionForm):
    """What a person becomes in a team."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ModelChoiceField)
        team.queryset = teams


class TeamForm(ActionForm):
    """A team's name."""

    name = forms.CharField(label=_("Name"), max_length=120)


class AddTeamForm(TeamForm):
    """A new team."""

    slug = forms.SlugField(
        label=_("Short name in addresses"), max_length=60, help_text=_("It cannot be changed later.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=TeamKind.choices)


class TokenForm(ActionForm):
    """A new API token."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What will use it, so that you know which one to revoke.")
    )
    days = forms.TypedChoiceField(
        label=_("Expires after"),
        coerce=int,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("“write” includes “read”. A token never reaches further than you do."),
    )

    def __init__(self, *args: Any, scopes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(scope, scope) for scope in scopes]
