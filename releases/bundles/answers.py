"""What rooms above tell of a release for the team that takes it away: whether it holds the fixes of its tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from releases.bundles.documents import Answer
from releases.models import Release


class Answerer(Protocol):
    """A function that a room names in `BUNDLE_ANSWERS`. It only reads."""

    def __call__(self, *, actor: Actor, release: Release, team: Team) -> Sequence[Answer]:
        """Give the tickets of the team that the actor may see, always in the same order, each with yes or no."""


def answers_for(actor: Actor, release: Release, team: Team) -> list[Answer]:
    """Give what all rooms above tell."""
    answerers: list[Answerer] = [import_string(name) for name in settings.BUNDLE_ANSWERS]
    return [answer for answerer in answerers for answer in answerer(actor=actor, release=release, team=team)]
