"""Make releases of tags: each frozen at its commit, whatever becomes of the tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal.bulk import Told, record_all
from foundation.kit import clock
from foundation.kit.errors import Conflict
from foundation.kit.transactions import lock
from releases.kinds import ReleaseDrafted
from releases.models import Commit, Release, Repository
from releases.versions import Tip, is_candidate


@transaction.atomic
def draft_releases(
    *,
    actor: Actor,
    repository: Repository,
    tips: Sequence[Tip],
    commits: Mapping[str, Commit],
) -> list[Release]:
    """Draft a release of the repository's component for each tip, in this order; `commits` holds theirs by id.

    However many: a handful of queries. Raises Conflict for a version that exists; then none is drafted.
    """
    component = repository.component
    actor.require("release.draft", programme_id=component.programme_id)
    lock(f"releases of component {component.pk}")
    known = Release.objects.filter(component=component)
    taken = known.filter(version__in=[tip.version for tip in tips]).values_list("version", flat=True).first()
    if taken is not None:
        raise Conflict(
            "release.version_taken",
            _("%(component)s has a release %(version)s already.") % {"component": component, "version": taken},
        )
    first = (known.aggregate(last=Max("sequence"))["last"] or 0) + 1
    now = clock.now()
    drafted = Release.objects.bulk_create(
        Release(
            component=component,
            repository=repository,
            version=tip.version,
            tag=tip.tag,
            tag_object=tip.target,
            commit=commits[tip.sha],
            sequence=first + place,
            is_candidate=is_candidate(tip.version),
            imported=tip.imported,
            drafted_at=now,
        )
        for place, tip in enumerate(tips)
    )
    record_all([_told(release) for release in drafted], actor=actor)
    return drafted


def _told(release: Release) -> Told:
    payload = ReleaseDrafted(
        version=release.version,
        component_id=release.component_id,
        sha=release.commit.sha,
        tag=release.tag,
        imported=release.imported,
    )
    # Of imported history git says when it happened.
    return Told(payload, release, release.commit.committed_at if release.imported else None)
