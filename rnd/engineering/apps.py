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
        from rnd.engineering.models import Task, TaskCommit
        from rnd.engineering.policies import RIGHTS

        rights.register(RIGHTS, scope="tasks")
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
                Word("queue", Task.Stage.QUEUE.label, tone="neutral", icon="hourglass"),
                Word("design", Task.Stage.DESIGN.label, tone="info", icon="pencil-ruler"),
                Word("build", Task.Stage.BUILD.label, tone="info", icon="hammer"),
                Word("test", Task.Stage.TEST.label, tone="info", icon="flask-conical"),
                Word("done", Task.Stage.DONE.label, tone="good", icon="circle-check"),
                Word("cancelled", Task.Stage.CANCELLED.label, tone="muted", icon="x"),
            ],
        )
        vocabulary.register(
            "link",
            [
                Word("strong", TaskCommit.Strength.STRONG.label, tone="good"),
                Word("medium", TaskCommit.Strength.MEDIUM.label, tone="info"),
                Word("mention", TaskCommit.Strength.MENTION.label, tone="muted"),
                Word("manual", TaskCommit.Strength.MANUAL.label, tone="good"),
            ],
        )
