"""Floor 3: what is heard."""

from __future__ import annotations

import re

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontlineFeedbackConfig(AppConfig):
    name = "frontline_feedback"
    label = "frontline_feedback"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit import markdown
        from frontline_feedback.keys import PATTERN
        from frontline_feedback.policies import RIGHTS, WORDS

        rights.register(RIGHTS, WORDS, scope="feedback")
        markdown.register_link("ticket", PATTERN, _address)
        _register_words()
        _register_destinations()


def _address(found: re.Match[str]) -> str:
    return f"/{found[0].upper()}"


def _register_words() -> None:
    from foundation.kit import vocabulary
    from foundation.kit.vocabulary import Word
    from frontline_feedback.models import Outcome, Verdict

    vocabulary.register(
        "ticket",
        [
            Word("received", _("Received"), tone="info", icon="inbox", hint=_("Nobody has decided on it yet")),
            Word("accepted", _("Accepted"), tone="good", icon="circle-dot", hint=_("The engineers have it")),
            Word("closed", _("Closed"), tone="muted", icon="circle-check", hint=_("It is over; it can be reopened")),
        ],
    )
    vocabulary.register(
        "outcome",
        [
            Word(Outcome.FIXED.value, _("Fixed"), tone="good", icon="circle-check"),
            Word(Outcome.ANSWERED.value, _("Answered"), tone="muted", icon="message-square"),
            Word(Outcome.NO_FAULT_FOUND.value, _("No fault found"), tone="muted", icon="search"),
            Word(Outcome.WONT_FIX.value, _("Won't fix"), tone="muted", icon="circle-x"),
            Word(Outcome.REJECTED.value, _("Rejected"), tone="muted", icon="ban"),
            Word(Outcome.DUPLICATE.value, _("Duplicate"), tone="muted", icon="copy"),
        ],
    )
    vocabulary.register(
        "verdict",
        [
            Word(Verdict.Outcome.FIXED.value, _("Fixed"), tone="good", icon="thumbs-up"),
            Word(Verdict.Outcome.NOT_FIXED.value, _("Not fixed"), tone="warn", icon="thumbs-down"),
            Word(Verdict.Outcome.WORSE.value, _("Worse"), tone="bad", icon="trending-down"),
            Word(Verdict.Outcome.COULD_NOT_TEST.value, _("Could not test"), tone="muted", icon="circle-help"),
        ],
    )


def _register_destinations() -> None:
    from foundation.kit.navigation import NavItem, register

    register(NavItem(_("My team"), "frontline_feedback:my_tickets", verb="ticket.give_verdict", order=5, key="m"))
    register(NavItem(_("Report"), "frontline_feedback:report", verb="ticket.report", order=6, icon="plus", key="r"))
    register(NavItem(_("Triage"), "frontline_feedback:triage", verb="ticket.accept", order=10, icon="inbox", key="i"))
