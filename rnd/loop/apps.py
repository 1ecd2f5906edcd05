"""A ticket's whole way: reactions to the journal, and the pages that show all of it."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    name = "rnd.loop"
    label = "loop"
