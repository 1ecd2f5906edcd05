"""What people fill in about tasks; the actions check the meaning."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team, User
from foundation.catalogue.models import Component
from frontline_feedback.keys import pk_of as ticket_pk_of
from frontline_feedback.models import Ticket
from releases.models import Repository
from rnd.engineering import queries
from rnd.engineering.models import Task


class TicketKeyField(forms.CharField):
    """A ticket's key, in any letter case; gives the visible ticket, or None where left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.actor: Actor | None = None

    def clean(self, value: Any) -> Ticket | None:
        text = super().clean(value)
        if not text:
            return None
        assert self.actor is not None
        ticket = Ticket.objects.visible_to(self.actor).filter(pk=ticket_pk_of(text) or 0).first()
        if ticket is None:
            raise forms.ValidationError(
                _("“%(key)s” is no ticket that you may see. A key looks like FB-12."),
                code="ticket_unknown",
                params={"key": text},
            )
        return ticket


class OpenTaskForm(forms.Form):
    """A new task; `ticket` is filled in where it is opened from a ticket's page."""

    title = forms.CharField(
        label=_("What is to be done"),
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    component = forms.ModelChoiceField(label=_("Component"), queryset=Component.objects.none())
    ticket = TicketKeyField(
        label=_("For ticket"), required=False, help_text=_("Leave empty for work that stands alone.")
    )
    body = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. Others read it next week: say what you found and what you mean to change."),
    )
    assign_to_me = forms.BooleanField(label=_("I take it"), required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].queryset = queries.openable_components(actor)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["ticket"].actor = actor  # type: ignore[attr-defined]  # a TicketKeyField


class EditTaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    body = forms.CharField(
        label=_("Notes"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 10})
    )


# What stands before the number of a team, where people have theirs alone.
_TEAM: Final = "team-"


class AssignForm(forms.Form):
    """A person, a whole team, or nobody."""

    assignee = forms.ChoiceField(label=_("Assignee"), required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["assignee"] = task.assignee_id or (task.team_id and f"{_TEAM}{task.team_id}")
        self._people = {str(person.pk): person for person in queries.assignable(task)}
        self._teams = {f"{_TEAM}{team.pk}": team for team in queries.teams_for(task)}
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            # Of a team's task that nobody has, whoever is free there can take it.
            *([] if task.team_id else [("", _("nobody"))]),
            *((key, person.display_name) for key, person in self._people.items()),
            (_("Whoever is free in"), [(key, team.name) for key, team in self._teams.items()]),
        ]

    def chosen(self) -> User | Team | None:
        """Give who was chosen; call it on a valid form only."""
        key = self.cleaned_data["assignee"]
        return self._people.get(key) or self._teams.get(key)


class BlockForm(forms.Form):
    reason = forms.CharField(
        label=_("What does it wait for?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinkTicketForm(forms.Form):
    ticket = TicketKeyField(label=_("Ticket"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticket"].actor = actor  # type: ignore[attr-defined]  # a TicketKeyField


class BoardFilterForm(forms.Form):
    """The filters of the board and the list; everything is optional and lives in the address."""

    component = forms.ModelChoiceField(
        label=_("Component"), queryset=Component.objects.none(), required=False, empty_label=_("all components")
    )
    assignee = forms.ChoiceField(
        label=_("Assignee"),
        required=False,
        choices=[("", _("everybody")), ("me", _("me")), ("team", _("nobody yet in my team")), ("nobody", _("nobody"))],
    )
    blocked = forms.BooleanField(label=_("Blocked only"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["component"].queryset = queries.openable_components(actor)  # type: ignore[attr-defined]  # a ModelChoiceField

    def filters(self) -> queries.Filters:
        """Give what was asked for; a value that means nothing narrows nothing."""
        if not self.is_valid():
            return queries.Filters()
        component, assignee = self.cleaned_data["component"], self.cleaned_data["assignee"]
        return queries.Filters(
            component=component.pk if component else None,
            assignee=self.actor.user_id if assignee == "me" else None,
            teams=self.actor.teams() if assignee == "team" else None,
            unassigned=assignee in ("team", "nobody"),
            blocked=self.cleaned_data["blocked"],
        )


class LinkPullRequestForm(forms.Form):
    """A pull request's number in one of the component's repositories."""

    repository = forms.ModelChoiceField(label=_("Repository"), queryset=Repository.objects.none(), empty_label=None)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=10**12)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["repository"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Repository.objects.filter(component=task.component_id).order_by("name")
