"""The room of rollouts, on the floor of what ships."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RolloutsConfig(AppConfig):
    """Registers the room's rights, words and destinations when Django is ready."""

    name = "releases.rollouts"
    label = "rollouts"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from releases.rollouts.policies import RIGHTS, WORDS

        register(RIGHTS, WORDS, scope="releases")
        _register_words()
        _register_destinations()


def _register_words() -> None:
    from foundation.kit import vocabulary
    from foundation.kit.vocabulary import Word
    from releases.rollouts.models import Rollout, RolloutTeam

    state, answer = Rollout.State, RolloutTeam.Answer
    vocabulary.register(
        "rollout",
        [
            Word(state.RUNNING, state.RUNNING.label, tone="info", icon="play", hint=_("Goes on by itself")),
            Word(state.PAUSED, state.PAUSED.label, tone="warn", icon="pause", hint=_("Waits for a person")),
            Word(state.COMPLETED, state.COMPLETED.label, tone="good", icon="check", hint=_("Every group is through")),
            Word(state.ABORTED, state.ABORTED.label, tone="bad", icon="ban", hint=_("Ended before its end")),
        ],
    )
    vocabulary.register(
        "rollout_answer",
        [
            Word(answer.INSTALLED, answer.INSTALLED.label, tone="good", icon="check"),
            Word(answer.WAITING, answer.WAITING.label, tone="neutral", icon="hourglass"),
            Word(answer.FAILED, answer.FAILED.label, tone="bad", icon="x"),
            Word(answer.WORSE, answer.WORSE.label, tone="bad", icon="trending-down"),
            Word(answer.UNREACHABLE, answer.UNREACHABLE.label, tone="muted", icon="wifi-off"),
            Word(answer.SKIPPED, answer.SKIPPED.label, tone="muted", icon="circle-dashed"),
        ],
    )


def _register_destinations() -> None:
    from foundation.kit.navigation import NavItem, register

    register(
        NavItem(
            _("Rollouts"),
            "rollouts:rollout_list",
            "rollout.see",
            order=42,
            icon="route",
            below="releases:release_list",
        )
    )
    register(
        NavItem(
            _("Adoption"),
            "rollouts:adoption",
            "adoption.see",
            order=46,
            icon="chart-line",
            below="releases:release_list",
        )
    )
    register(
        NavItem(
            _("Report from a file"), "rollouts:upload", "installation.report", order=48, icon="upload",
            below="releases:release_list",
        )
    )  # fmt: skip
