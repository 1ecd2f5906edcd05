"""Reads a row anew and holds it, so that two verbs on it wait for each other."""

from __future__ import annotations

from foundation.kit.transactions import require_transaction
from releases.models import Release, Repository


def locked_release(release: Release) -> Release:
    """Give the release as it is now, held until the transaction ends."""
    require_transaction("locked_release()")
    return Release.objects.select_for_update(of=("self",)).select_related("component", "repository").get(pk=release.pk)


def locked_repository(repository: Repository) -> Repository:
    """Give the repository as it is now, held until the transaction ends."""
    require_transaction("locked_repository()")
    return Repository.objects.select_for_update(of=("self",)).select_related("component").get(pk=repository.pk)
