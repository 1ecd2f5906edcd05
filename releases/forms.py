"""What people fill in about repositories, releases and installations; the actions check the meaning."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Programme
from releases.models import Channel, Release
from releases.notes_text import LONGEST
from releases.policies import RIGHTS
from releases.receiving import offered_to_teams


def _pattern(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=help_text,
    )


class AddRepositoryForm(forms.Form):
    """A repository to register."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "inputmode": "url"}),
        help_text=_(
            "https://host/team/project.git, or git@host:team/project.git with a read-only deploy key. Where no line "
            "leads to the host: bundle:project, and its history is brought in files."
        ),
    )
    component = forms.ModelChoiceField(
        label=_("Component that is built from it"), queryset=Component.objects.none(), empty_label=_("Choose…")
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("Empty: the last part of the address.")
    )
    tag_pattern = _pattern(
        _("Tags that are versions"),
        _("A regular expression with one group, the version. Empty: every tag with a number in it."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes = actor.programmes(*RIGHTS["repository.add"])
        components = Component.objects.filter(programme__in=programmes)
        self._choices("component").queryset = components

    def _choices(self, name: str) -> forms.ModelChoiceField[Any]:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field


class NotesForm(forms.Form):
    """A release's notes."""

    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 20}),
        help_text=_("Markdown. Keys such as FB-12 become links by themselves."),
    )


class BundleForm(forms.Form):
    """A history in a file."""

    file = forms.FileField(
        label=_("Bundle"),
        help_text=_("Made with: git bundle create FILE --filter=tree:0 --branches --tags. It holds no files then."),
    )


class WithdrawForm(forms.Form):
    """Why a release is taken back, and what to run instead."""

    reason = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("Every team that runs it will read this."),
    )
    replacement = forms.ModelChoiceField(
        label=_("Install instead"), queryset=Release.objects.none(), required=False, empty_label=_("nothing yet")
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["replacement"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = (
            Release.objects.filter(component=release.component_id, state=Release.State.PUBLISHED)
            .exclude(pk=release.pk)
            .select_related("component")
            .order_by("-sequence")
        )


class SubscribeForm(forms.Form):
    """Which channel a team receives; empty: nothing."""

    team = forms.ModelChoiceField(queryset=Team.objects.none())
    component = forms.ModelChoiceField(queryset=Component.objects.none())
    channel = forms.ChoiceField(required=False, choices=[("", _("nothing")), *Channel.choices])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (
            ("team", Team.objects.visible_to(actor)),
            ("component", Component.objects.visible_to(actor)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset


class InstallationForm(forms.Form):
    """What a team runs, on what, since when. `client_uuid` makes a form that is sent twice one report."""

    release = forms.ModelChoiceField(
        label=_("Which version?"), queryset=Release.objects.none(), empty_label=_("Choose…")
    )
    hardware = forms.ModelChoiceField(
        label=_("On which hardware?"),
        queryset=HardwareRevision.objects.none(),
        empty_label=_("Choose…"),
        help_text=_("It stands on the sticker of the board."),
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    installed_at = forms.DateTimeField(
        label=_("When?"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave it empty if it was just now."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_uuid": uuid.uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        teams = reportable_teams(actor)
        programmes = actor.programmes(*RIGHTS["installation.report"])
        # What was withdrawn is installed here and there all the same, and should be known.
        late = Release.objects.filter(state=Release.State.WITHDRAWN, publications__isnull=False)
        known = Q(pk__in=offered_to_teams(teams).values("pk")) | Q(pk__in=late.values("pk"))
        releases = Release.objects.visible_to(actor).filter(known, component__programme__in=programmes)
        for name, queryset in (
            ("team", teams),
            ("release", releases.select_related("component").order_by("component__name", "-sequence")),
            (
                "hardware",
                HardwareRevision.objects.filter(platform__programme__in=programmes).select_related("platform"),
            ),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        self.fields["release"].label_from_instance = _release_label  # type: ignore[attr-defined]  # of a model's choices
        if teams.count() == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.initial.setdefault("team", teams.get().pk)


def _release_label(release: Release) -> str:
    if release.state == Release.State.WITHDRAWN:
        return str(gettext("%(release)s (withdrawn)") % {"release": release})
    return str(release)


def reportable_teams(actor: Actor) -> Any:
    """Give the teams for which the actor may report: the own ones; for a release manager those of the programmes."""
    from foundation.accounts.models import Role

    own = actor.teams(Role.REPORTER)
    programmes = actor.programmes(Role.RELEASE_MANAGER)
    teams = Team.objects.filter(pk__in=own) | Team.objects.filter(programmes__in=programmes, kind="field")
    return Team.objects.filter(pk__in=teams.values("pk")).order_by("name")


class TermForm(forms.Form):
    """A word of a programme's glossary; without translations it is taken out."""

    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    en = forms.CharField(label=_("English"), max_length=120)
    uk = forms.CharField(label=_("Ukrainian"), max_length=120, required=False)
    nb = forms.CharField(label=_("Norwegian"), max_length=120, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Programme.objects.filter(pk__in=actor.programmes(*RIGHTS["term.set"])).order_by("name")


class PatternsForm(forms.Form):
    """How a repository's tags, commits and branches name versions, pull requests and tasks."""

    tag_pattern = _pattern(
        _("Tags that are versions"),
        _("A regular expression with one group, the version. Empty: every tag with a number in it."),
    )
    pull_request_pattern = _pattern(
        _("Pull requests in commit messages"),
        _("A regular expression with a group for the number. Empty: none are read."),
    )
    branch_pattern = _pattern(
        _("Tasks in branch names"),
        _("A regular expression with a group for the task's number or key. Empty: any key, as in eng-34-steps."),
    )
