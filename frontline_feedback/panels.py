"""Everything of this room that the page of one ticket shows: facts, words, what may be done, and the forms for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.safestring import SafeString

from foundation.accounts.actors import Actor
from foundation.kit import markdown
from frontline_feedback import forms, queries
from frontline_feedback.models import Attachment, Comment, Ticket, Verdict
from frontline_feedback.standing import Standing, standing_of

_VERBS: Final = ("accept", "reject", "merge", "close", "reclassify", "reopen", "give_verdict", "comment", "attach")


@dataclass(frozen=True)
class Panels:
    """The parts of a ticket's page; each is read when its template asks for it. `next_url` is where verbs lead."""

    actor: Actor
    ticket: Ticket
    next_url: str = ""

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the actor may do with this ticket in its present state."""
        ticket = self.ticket
        right = {
            verb: self.actor.may(f"ticket.{verb}", programme_id=ticket.programme_id, team_id=ticket.team_id)
            for verb in _VERBS
        }
        in_triage = ticket.state == Ticket.State.RECEIVED
        fits = {
            "accept": in_triage,
            "reject": in_triage,
            "merge": ticket.is_open,
            "close": ticket.is_open,
            "reopen": not ticket.is_open,
            "give_verdict": self.standing.ask == "verdict",
        }
        return {verb: allowed and fits.get(verb, True) for verb, allowed in right.items()}

    @cached_property
    def may_triage(self) -> bool:
        """Tell whether any verb of triage is open to the actor."""
        return any(self.may[verb] for verb in ("accept", "reject", "merge", "close", "reopen", "reclassify"))

    @cached_property
    def standing(self) -> Standing:
        """Where the ticket stands, in the words of the reporting team's page."""
        return standing_of(self.ticket)

    @cached_property
    def asked_to_install(self) -> bool:
        """Tell whether the actor's team is asked to install a fix."""
        return self.standing.ask == "install" and self.actor.may(
            "ticket.give_verdict", programme_id=self.ticket.programme_id, team_id=self.ticket.team_id
        )

    @cached_property
    def canonical_visible(self) -> bool:
        """Tell whether the actor may open the ticket that this one was merged into."""
        return (
            self.ticket.canonical_id is not None
            and Ticket.objects.visible_to(self.actor).filter(pk=self.ticket.canonical_id).exists()
        )

    @cached_property
    def body(self) -> SafeString:
        """The report's details as safe HTML."""
        return markdown.render(self.ticket.body)

    @cached_property
    def conditions(self) -> SafeString:
        """The conditions as safe HTML."""
        return markdown.render(self.ticket.conditions)

    @cached_property
    def comments(self) -> list[tuple[Comment, SafeString]]:
        """The comments with their bodies as safe HTML, oldest first."""
        return [(comment, markdown.render(comment.body)) for comment in queries.comments_of(self.ticket)]

    @cached_property
    def verdicts(self) -> list[tuple[Verdict, SafeString]]:
        """The verdicts with their notes as safe HTML, oldest first."""
        return [(verdict, markdown.render(verdict.note)) for verdict in queries.verdicts_of(self.ticket)]

    @cached_property
    def attachments(self) -> list[Attachment]:
        """Photos and logs, oldest first."""
        return queries.attachments_of(self.ticket)

    @cached_property
    def duplicates(self) -> list[Ticket]:
        """The tickets merged into this one that the actor may see."""
        return queries.duplicates_of(self.actor, self.ticket)

    @cached_property
    def verdict_form(self) -> forms.VerdictForm:
        """The form for the verdict on what was offered in this pass and is installed."""
        return self.standing.verdict_form


class BlankForms:
    """The forms that are the same for every ticket, as they are before anything is filled in."""

    @property
    def close_form(self) -> forms.CloseForm:
        """The form that ends the ticket without a fix."""
        return forms.CloseForm(auto_id="close-%s")

    @property
    def reject_form(self) -> forms.ReasonForm:
        """The form that turns the ticket down."""
        return forms.ReasonForm(auto_id="reject-%s")

    @property
    def reopen_form(self) -> forms.ReasonForm:
        """The form that undoes the ticket's end."""
        return forms.ReasonForm(auto_id="reopen-%s")

    @property
    def comment_form(self) -> forms.CommentForm:
        """The form for a word between the front and the engineers."""
        return forms.CommentForm(auto_id="comment-%s")

    @property
    def attach_form(self) -> forms.AttachForm:
        """The form for a photo or a log file."""
        return forms.AttachForm(auto_id="attach-%s")


BLANK_FORMS: Final = BlankForms()


def panels_of(actor: Actor, ticket: Ticket, *, next_url: str = "") -> Panels:
    """Give the parts of the ticket's page; include `frontline_feedback/_….html` with `panels` in the context."""
    return Panels(actor, ticket, next_url)
