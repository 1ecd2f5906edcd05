"""Floor 3: what is heard."""

from django.apps import AppConfig


class FrontlineFeedbackConfig(AppConfig):
    name = "frontline_feedback"
    label = "frontline_feedback"
