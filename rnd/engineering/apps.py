"""Tasks, the board, and the links between ticket, task and commit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineeringConfig(AppConfig):
    name = "rnd.engineering"
    label = "engineering"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit import markdown, navigation, vocabulary
        from foundation.kit.vocabulary import Word
        from rnd.engineering.keys import PATTERN
        from rnd.engineering.policies import RIGHTS, WORDS

        rights.register(RIGHTS, WORDS, scope="tasks")
        markdown.register_link("task", PATTERN, lambda found: f"/{found[0].upper()}")
        navigation.register(
            navigation.NavItem(
                _("Board"),
                "engineering:board",
                "task.see",
                order=30,
                icon="layout-grid",
                key="b",
                prefixes=("/ENG-", "/tasks/"),
            )
        )
        vocabulary.register(
            "task",
            [
                Word("queue", _("Queue"), tone="neutral", icon="hourglass"),
                Word("design", _("Design"), tone="info", icon="pencil-ruler"),
                Word("build", _("Build"), tone="info", icon="hammer"),
                Word("test", _("Test"), tone="info", icon="flask-conical"),
                Word("done", _("Done"), tone="good", icon="circle-check"),
                Word("cancelled", _("Cancelled"), tone="muted", icon="x"),
            ],
        )
        vocabulary.register(
            "suspect",
            [
                Word("dropped", _("Dropped"), tone="warn", hint=_("The commit is on no branch and in no tag any more")),
                Word("reverted", _("Taken back"), tone="warn", hint=_("A later commit took it back")),
                Word("reopened", _("Task taken up again"), tone="warn", hint=_("After this commit was linked")),
            ],
        )
        vocabulary.register(
            "link",
            [
                Word("strong", _("Trailer"), tone="good"),
                Word("medium", _("Line in the message"), tone="info"),
                Word("mention", _("Mention"), tone="muted"),
                Word("pull", _("Pull request"), tone="info"),
                Word("branch", _("Branch name"), tone="info"),
                Word("manual", _("By hand"), tone="good"),
            ],
        )
