"""Take a commit of another repository out of a release again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import NotFound, Unavailable
from releases.actions.set_companion import held_for_companions
from releases.contents_update import prepare
from releases.corrections import bring_up_to_date
from releases.git.errors import GitError
from releases.git.run import open_mirror
from releases.kinds import CompanionRemoved
from releases.mirrors import mirror_access, mirror_path
from releases.models import Companion, Release, Repository
from releases.parts import tips_of


def remove_companion(*, actor: Actor, release: Release, repository: Repository) -> Release:
    """Leave nothing of `repository` in the release; its tags do not join it by themselves from then on.

    Raises NotFound `companion.none`, and what `set_companion` raises.
    """
    actor.require("release.set_companion", programme_id=release.component.programme_id)
    try:
        with transaction.atomic():
            release, repository = held_for_companions(release, repository)
            companion = Companion.objects.filter(release=release, repository=repository).first()
            if companion is None:
                raise NotFound(
                    "companion.none",
                    _("%(release)s holds nothing of %(repository)s.")
                    % {"release": release, "repository": repository.name},
                )
            companion.delete()
            tips = tips_of(repository)
            with open_mirror(mirror_path(repository), mirror_access()) as mirror:
                update = prepare(repository, mirror, {bit: sha for bit, (_pk, sha) in enumerate(tips)})
            update.apply({bit: pk for bit, (pk, _sha) in enumerate(tips)})
            bring_up_to_date(repository, new_releases=True)
            payload = CompanionRemoved(repository_id=repository.pk, repository=repository.name, tag=companion.tag)
            record(payload, subject=release, actor=actor)
    except GitError as error:
        raise Unavailable(error.code, _(error.template) % error.values) from error
    return release
