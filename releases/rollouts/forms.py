"""What people fill in to start a rollout, and to say something about one; the actions check the meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from releases.models import Release
from releases.rollouts.actions.start_rollout import LONGEST_SOAK, GroupPlan
from releases.rollouts.queries import tellable_people

MOST_GROUPS: Final = 6
LATER: Final = "0"
MOST_BYTES: Final = 1_000_000


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


class AnswerForm(forms.Form):
    """What came back from a team."""

    team = forms.ModelChoiceField(queryset=Team.objects.all(), widget=forms.HiddenInput)
    answer = forms.CharField(max_length=20)
    note = forms.CharField(
        label=gettext_lazy("What happened?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in the form's table: one choice among the groups."""

    team: Team
    runs: str
    choices: list[Any]
    errors: list[str]


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """A group in the form's table: its soak time and its gate."""

    number: int
    soak: Any
    gate: Any | None


class StartForm(forms.Form):
    """A rollout to be: thresholds, a column for each group, a row for each team."""

    success_percent = forms.IntegerField(
        label=gettext_lazy("Success threshold, %"),
        min_value=1,
        max_value=100,
        initial=90,
        help_text=gettext_lazy("The next group begins when so many of those asked run it."),
    )
    error_percent = forms.IntegerField(
        label=gettext_lazy("Error threshold, %"),
        min_value=1,
        max_value=100,
        initial=20,
        help_text=gettext_lazy("It pauses by itself when it failed at so many of those asked."),
    )
    worse_limit = forms.IntegerField(
        label=gettext_lazy("“Worse than before”, teams"),
        min_value=0,
        max_value=1000,
        initial=1,
        help_text=gettext_lazy("It pauses by itself when so many teams say so; 0: never."),
    )
    tell = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who is told when it pauses?"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        release: Release,
        teams: Sequence[Team],
        groups: int,
        runs: dict[int, str],
        **kwargs: Any,
    ) -> None:
        people = tellable_people(release)
        named = [user for user in (actor.user_id, release.proposed_by_id, release.approved_by_id) if user]
        kwargs["initial"] = {"tell": named, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.teams, self.count, self.runs = list(teams), groups, runs
        tell = self.fields["tell"]
        assert isinstance(tell, forms.ModelMultipleChoiceField)
        tell.queryset = people
        for number in range(1, groups + 1):
            soak = forms.IntegerField(label=_("Soak time, hours"), min_value=0, max_value=LONGEST_SOAK, initial=24)
            soak.widget.attrs["aria-label"] = _("Soak time of group %(number)s, hours") % {"number": number}
            self.fields[f"soak_{number}"] = soak
            if number > 1:
                self.fields[f"gate_{number}"] = forms.BooleanField(label=_("Gate"), required=False)
        proposed = proposal(len(self.teams), groups)
        choices = [(str(number), str(number)) for number in range(1, groups + 1)] + [(LATER, _("later"))]
        for team, number in zip(self.teams, proposed, strict=True):
            self.fields[f"team_{team.pk}"] = forms.ChoiceField(
                label=team.name, choices=choices, widget=forms.RadioSelect, initial=str(number)
            )

    @property
    def columns(self) -> list[GroupColumn]:
        """The groups, in order."""
        return [
            GroupColumn(number, self[f"soak_{number}"], self[f"gate_{number}"] if number > 1 else None)
            for number in range(1, self.count + 1)
        ]

    @property
    def rows(self) -> list[TeamRow]:
        """The teams, each with its radio buttons in the order of the columns."""
        return [
            TeamRow(
                team,
                self.runs.get(team.pk, ""),
                list(self[f"team_{team.pk}"]),
                [str(error) for error in self[f"team_{team.pk}"].errors],
            )
            for team in self.teams
        ]

    def plans(self) -> list[GroupPlan]:
        """Give the groups as they were filled in; those without a team are left out."""
        values = self.cleaned_data
        plans = []
        for number in range(1, self.count + 1):
            teams = [team for team in self.teams if values[f"team_{team.pk}"] == str(number)]
            if teams:
                plans.append(GroupPlan(teams, values[f"soak_{number}"], values.get(f"gate_{number}", False)))
        return plans


def proposal(teams: int, groups: int) -> list[int]:
    """Give a group for each of so many teams: a few first, and about twice as many with each group."""
    weights = [2**place for place in range(groups)]
    total, reached = sum(weights), 0
    bounds: list[int] = []
    for weight in weights:
        reached += weight
        bounds.append(max(len(bounds) + 1, round(teams * reached / total)))
    bounds[-1] = teams
    return [next(number for number, bound in enumerate(bounds, 1) if place < bound) for place in range(teams)]


class UploadForm(forms.Form):
    """A CSV file, or its lines."""

    file = forms.FileField(label=gettext_lazy("File"), required=False, widget=forms.FileInput(attrs={"accept": ".csv"}))
    lines = forms.CharField(
        label=gettext_lazy("Or the lines themselves"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "mono"}),
    )

    def clean(self) -> dict[str, Any]:
        """Put the text of either into `text`."""
        values: dict[str, Any] = super().clean() or {}
        file = values.get("file")
        if file is None:
            values["text"] = values.get("lines", "")
            if not values["text"].strip():
                raise forms.ValidationError(_("Choose a file, or write the lines."))
            return values
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB; send it in parts."))
        try:
            values["text"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is no text in UTF-8. Save it as “CSV UTF-8”.")) from None
        return values
