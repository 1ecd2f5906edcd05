"""Compute anew which commits are in which releases of a repository, from its mirror."""

from django.db import transaction

from foundation.accounts.actors import Actor
from releases.contents_update import prepare
from releases.corrections import correct
from releases.git.run import open_mirror
from releases.locking import locked_repository
from releases.mirrors import mirror_access, mirror_path, only_one
from releases.models import Repository
from releases.parts import tips_of
from releases.relations import read_relations


def compute_contents(*, actor: Actor, repository: Repository) -> int:
    """Bring the stored contents of every release in line with git; gives the number of classes.

    A fetch keeps them up to date by itself; this repairs. Raises GitError where there is no mirror.
    """
    actor.require("repository.fetch", programme_id=repository.component.programme_id)
    releases = tips_of(repository)
    with only_one(repository.pk), open_mirror(mirror_path(repository), mirror_access()) as mirror:
        update = prepare(repository, mirror, {bit: sha for bit, (_pk, sha) in enumerate(releases)})
        with transaction.atomic():
            update.apply({bit: pk for bit, (pk, _sha) in enumerate(releases)})
            row = locked_repository(repository)
            read_relations(row)
            correct(row.component_id)
    return len(update.id_of)
