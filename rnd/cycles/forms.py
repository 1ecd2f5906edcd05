"""The filters of a report, read from the address. Pages and API read them here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role, Team
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from foundation.kit import clock, wording
from frontline_feedback.models import Severity
from frontline_feedback.policies import STAFF
from releases.models import Release
from rnd.cycles import levels, presenting
from rnd.cycles.filters import Filters, is_countable

MOST_PASSES: Final = 1000
PERIODS: Final = (("month", _("month")), ("week", _("week")), ("quarter", _("quarter")))


if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:
    _Choice = forms.ModelChoiceField  # not subscriptable when it runs


class _Slug(_Choice):
    """Chooses a thing by its slug."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, required=False, to_field_name="slug", **kwargs)


Kind = TypeVar("Kind", bound=forms.Field)


def field_of(form: forms.Form, name: str, kind: type[Kind]) -> Kind:
    """Give a field of a form as the kind of field that it is."""
    field = form.fields[name]
    assert isinstance(field, kind), f"{name} is a {type(field).__name__}"
    return field


class _Day(forms.DateField):
    """A day as addresses write it, within the calendar that reports can count in."""

    def __init__(self, **kwargs: Any) -> None:
        # ISO dates in the address, whatever the reader's language.
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        try:
            found = super().to_python(value)
        except forms.ValidationError:
            said = _("“%(value)s” is not a day. Write it as 2026-03-15.")
            raise forms.ValidationError(said, code="invalid", params={"value": value}) from None
        if found is not None and not is_countable(found):
            said = _("%(value)s is out of the calendar. Choose a day from 1900 to 2999.")
            raise forms.ValidationError(said, code="out_of_calendar", params={"value": wording.day(found)})
        return found


class _Passes(forms.IntegerField):
    """A count of passes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=1, max_value=MOST_PASSES, **kwargs)

    def clean(self, value: Any) -> int | None:
        try:
            found: int | None = super().clean(value)
        except forms.ValidationError:
            said = _("“%(value)s” is not a count of passes. Write a whole number from 1 to %(most)d.")
            raise forms.ValidationError(said, code="invalid", params={"value": value, "most": MOST_PASSES}) from None
        return found


class FilterForm(forms.Form):
    """Everything is optional; what is not visible to the actor cannot be chosen."""

    programme = _Slug(label=_("Programme"), empty_label=_("all programmes"))
    component = _Slug(label=_("Component"), empty_label=_("all components"))
    platform = _Slug(label=_("Platform"), empty_label=_("all platforms"))
    team = _Slug(label=_("Reporting team"), empty_label=_("all teams"))
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("all severities")), *Severity.choices]
    )
    hardware = _Choice(queryset=None, required=False, label=_("Hardware"), empty_label=_("all hardware"))
    release = _Choice(queryset=None, required=False, label=_("Fixed by release"), empty_label=_("all releases"))
    passes = _Passes(label=_("Passes"))
    since = _Day(label=_("Finished from"))
    until = _Day(label=_("to"))
    by = forms.ChoiceField(label=_("Periods"), required=False, choices=[("", _("automatic")), *PERIODS])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = Programme.objects.visible_to(actor).order_by("name")
        choices = {
            "programme": self.programmes,
            "component": Component.objects.visible_to(actor).order_by("name"),
            "platform": Platform.objects.visible_to(actor).order_by("name"),
            "team": reporting_teams(actor),
            "hardware": HardwareRevision.objects.visible_to(actor).select_related("platform").order_by("name"),
            "release": Release.objects.visible_to(actor).select_related("component").order_by("-sequence"),
        }
        for name, queryset in choices.items():
            field_of(self, name, forms.ModelChoiceField).queryset = queryset

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            self.add_error("until", forms.ValidationError(_("This day lies before the first one."), code="reversed"))
        return values

    def filters(self) -> Filters:
        """Give what was asked for; call it on a valid form only."""
        values = self.cleaned_data
        slugs = {name: values[name].slug for name in ("programme", "component", "platform", "team") if values.get(name)}
        return Filters(
            **slugs,
            severity=values["severity"],
            hardware=values["hardware"].pk if values.get("hardware") else None,
            release=values["release"].pk if values.get("release") else None,
            passes=values["passes"],
            since=values["since"],
            until=values["until"],
            by=values["by"],
            zone=self._zone(values["programme"]),
        )

    def words(self) -> list[Word]:
        """Give what the report is narrowed to, for people, each with the fields that say so."""
        values = self.cleaned_data
        names = [name for name in (*_NAMED, "severity", "passes", "since", "until") if values.get(name)]
        return [Word(str(self.fields[name].label), _said(name, values[name]), (name,)) for name in names]

    def _zone(self, programme: Programme | None) -> tzinfo:
        """The programme's zone, also where there is only one to choose from."""
        zones = {programme.time_zone} if programme else set(self.programmes.values_list("time_zone", flat=True)[:2])
        return ZoneInfo(zones.pop()) if len(zones) == 1 else UTC


def reporting_teams(actor: Actor) -> Any:
    """Give the teams whose tickets the actor may see."""
    teams = Team.objects.filter(kind=Team.Kind.FIELD).order_by("name")
    if actor.is_system:
        return teams
    staff = Team.objects.filter(programmes__in=actor.programmes(*STAFF)).values("pk")
    return teams.filter(pk__in=staff) | teams.filter(pk__in=actor.teams(Role.REPORTER))


@dataclass(frozen=True, slots=True)
class Word:
    """One filter in words: its label, its value, and the fields of the address that hold it."""

    label: str
    value: str
    fields: tuple[str, ...]


_NAMED: Final = ("programme", "component", "platform", "hardware", "team", "release")


def _said(name: str, value: Any) -> str:
    return presenting.written(value, "day") if name in {"since", "until"} else str(value)


AGAINST: Final = (
    ("", _("nothing")),
    ("previous", _("the period before")),
    ("year", _("the same days a year before")),
    ("baseline", _("the baseline")),
    ("other", _("another group, chosen below")),
)


# What a report cannot be set beside without one of its filters.
NEEDING: Final = {"since": ("previous", "year"), "programme": ("baseline",)}


class ReportForm(FilterForm):
    """A report's filters, and what it is set beside."""

    # What is asked above the filters, for everybody to see.
    question_names: ClassVar[tuple[str, ...]] = ()
    against = forms.ChoiceField(label=_("Set beside"), required=False, choices=AGAINST)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.other = FilterForm(*args, actor=actor, prefix="vs", **kwargs)
        for bound in self.other.fields.values():
            if isinstance(bound, forms.ModelChoiceField):
                bound.empty_label = _("as above")
        field_of(self.other, "severity", forms.ChoiceField).choices = [("", _("as above")), *Severity.choices]
        del self.other.fields["by"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        against = values.get("against")
        if against in {"previous", "year"} and not values.get("since"):
            self.add_error("since", forms.ValidationError(_("Choose the first day of the period that is compared.")))
        if against == "baseline":
            held = levels.baseline(values["programme"].pk) if values.get("programme") else None
            if held is None:
                self.add_error("programme", forms.ValidationError(_("Choose a programme that has a baseline.")))
            elif held.source:
                said = _(
                    "The baseline of this programme is the imported history “%(source)s”: it has no reports to set "
                    "beside. The glance compares with it."
                )
                self.add_error("against", forms.ValidationError(said, params={"source": held.source}))
        if against == "other" and not self.other.is_valid():
            self.add_error("against", forms.ValidationError(_("The other group says something that does not exist.")))
        return values

    def against_filters(self) -> Filters | None:
        """Give the filters of what stands beside it; None where nothing does. Call it on a valid form only."""
        filters, values = self.filters(), self.cleaned_data
        since = filters.since
        until = filters.until or clock.now().astimezone(filters.zone).date()
        match values["against"]:
            case "previous" if since is not None:
                return filters.but(since=since - (until - since) - timedelta(days=1), until=since - timedelta(days=1))
            case "year" if since is not None:
                return filters.but(since=_year_before(since), until=_year_before(until))
            case "baseline":
                held = levels.baseline(values["programme"].pk)
                return None if held is None else filters.but(since=held.first, until=held.last)
            case "other":
                return self._other(filters)
        return None

    @property
    def lacks_other(self) -> bool:
        """Tell whether another group is wanted of which nothing differs yet. Ask a valid form only."""
        return self.cleaned_data["against"] == "other" and self.against_filters() == self.filters()

    def _other(self, filters: Filters) -> Filters:
        told = self.other.cleaned_data
        changes: dict[str, Any] = {name: told[name].slug for name in _SLUGS if told.get(name)}
        changes |= {name: told[name].pk for name in ("hardware", "release") if told.get(name)}
        changes |= {name: told[name] for name in ("severity", "passes", "since", "until") if told.get(name)}
        return filters.but(**changes)

    def against_words(self) -> list[Word]:
        """Give what the other side is narrowed to, for people."""
        other = self.against_filters()
        if other is None:
            return []
        if self.cleaned_data["against"] == "other":
            mine = {word.fields: word for word in self.words()}
            mine |= {word.fields: word for word in self.other.words()}
            return list(mine.values())
        dated = [word for word in self.words() if word.fields[0] not in {"since", "until"}]
        ends = [(name, getattr(other, name)) for name in ("since", "until")]
        return dated + [
            Word(str(self.fields[name].label), _said(name, value), (name,)) for name, value in ends if value is not None
        ]

    def is_open(self) -> bool:
        """Tell whether something is wrong among the filters, which are folded up else."""
        return bool(self.errors.keys() - set(self.question_names)) or (self.is_valid() and self.lacks_other)

    def filters(self) -> Filters:
        """Give what was asked for; of two sides, neither chooses the length of its periods by itself."""
        found = super().filters()
        return found.but(by=found.period) if self.cleaned_data.get("against") else found

    def questions(self) -> list[forms.BoundField]:
        """Give the fields of what is asked above the filters."""
        return [self[name] for name in self.question_names]

    def asked(self) -> dict[str, Any]:
        """Give the questions of a forecast; none here."""
        return {}


_SLUGS: Final = ("programme", "component", "platform", "team")


def _year_before(day: date) -> date:
    """Give the same day of the year before; the last of February for its leap day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
