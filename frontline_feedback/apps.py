"""Floor 3: what is heard."""

from django.apps import AppConfig


class FrontlineFeedbackConfig(AppConfig):
    name = "frontline_feedback"
    label = "frontline_feedback"

    def ready(self) -> None:
        from foundation.accounts import rights
        from frontline_feedback.policies import RIGHTS

        rights.register(RIGHTS, scope="feedback")
