"""What the commands of `manage.py` that operators and scripts call have in common."""

from __future__ import annotations

from django.core.management.base import BaseCommand


class OperatorCommand(BaseCommand):
    """A command that begins at once: Django's own checks are for developers, and take a second."""

    requires_system_checks = ()
