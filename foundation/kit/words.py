"""The words of the house's signature picture: nine stages, three modes, four severities.

Here they are tokens of presentation only (name, order, colour class): what a stage means and when it
begins is decided in the rooms above.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from foundation.kit.vocabulary import Word, register

STAGES: Final = (
    Word("transit", _("Transit"), mark="1", icon="radio-tower", hint=_("Seen, and not yet received")),
    Word("triage", _("Triage"), mark="2", icon="inbox", hint=_("Received, and not yet accepted")),
    Word("queue", _("Queue"), mark="3", icon="hourglass", hint=_("Accepted, and nobody works on it yet")),
    Word("design", _("Design"), mark="4", icon="pencil-ruler", hint=_("The cause and the change are worked out")),
    Word("build", _("Build"), mark="5", icon="hammer", hint=_("The change is written")),
    Word("test", _("Test"), mark="6", icon="flask-conical", hint=_("The change is tried in the lab")),
    Word("release", _("Release"), mark="7", icon="package", hint=_("Done, and not yet published")),
    Word("install", _("Install"), mark="8", icon="download", hint=_("Published, and not yet installed")),
    Word("verify", _("Verify"), mark="9", icon="badge-check", hint=_("Installed, and no verdict yet")),
)
MODES: Final = (
    Word("active", _("Active"), tone="good", icon="play"),
    Word("waiting", _("Waiting"), tone="muted", icon="hourglass"),
    Word("blocked", _("Blocked"), tone="bad", icon="ban"),
)
SEVERITIES: Final = (
    Word("S1", _("Mission stop"), tone="bad", mark="S1"),
    Word("S2", _("Degraded"), tone="warn", mark="S2"),
    Word("S3", _("Nuisance"), tone="neutral", mark="S3"),
    Word("S4", _("Wish"), tone="muted", mark="S4"),
)
STAGE_NAMES: Final = tuple(stage.value for stage in STAGES)


def register_words() -> None:
    """Put them in the register (called once, by the app's `ready`)."""
    register("stage", STAGES)
    register("mode", MODES)
    register("severity", SEVERITIES)
