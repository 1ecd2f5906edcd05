"""Make a release of a tag: frozen at its commit, whatever becomes of the tag."""

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict
from foundation.kit.transactions import lock
from releases.kinds import ReleaseDrafted
from releases.models import Commit, Release, Repository
from releases.versions import is_candidate


@transaction.atomic
def draft_release(
    *,
    actor: Actor,
    repository: Repository,
    version: str,
    tag: str,
    tag_object: str,
    commit: Commit,
    imported: bool = False,
) -> Release:
    """Draft `version` of the repository's component at `commit`. Raises Conflict for a version that exists."""
    component = repository.component
    actor.require("release.draft", programme_id=component.programme_id)
    lock(f"releases of component {component.pk}")
    known = Release.objects.filter(component=component).aggregate(
        last=Max("sequence"), same=Count("pk", filter=Q(version=version))
    )
    if known["same"]:
        raise Conflict(
            "release.version_taken",
            _("%(component)s has a release %(version)s already.") % {"component": component, "version": version},
        )
    release = Release.objects.create(
        component=component,
        repository=repository,
        version=version,
        tag=tag,
        tag_object=tag_object,
        commit=commit,
        sequence=(known["last"] or 0) + 1,
        is_candidate=is_candidate(version),
        imported=imported,
        drafted_at=clock.now(),
    )
    record(
        ReleaseDrafted(version=version, component_id=component.pk, sha=commit.sha, tag=tag, imported=imported),
        subject=release,
        actor=actor,
        # Of imported history git says when it happened.
        occurred_at=commit.committed_at if imported else None,
    )
    return release
