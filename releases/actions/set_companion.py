"""Say which commit of another repository of its component a release is built from too."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid, Unavailable
from releases.companions import OPEN, related
from releases.contents_growth import prepare_growth
from releases.contents_update import prepare
from releases.corrections import bring_up_to_date
from releases.git.errors import GitError
from releases.git.mirror import keep
from releases.git.refs import TAGS, snapshot
from releases.git.run import Mirror, open_mirror
from releases.kinds import CompanionSet
from releases.locking import locked_release, locked_repository
from releases.mirrors import hold, mirror_access, mirror_path
from releases.models import Commit, Companion, Release, Repository
from releases.parts import parts_of, tips_of


def set_companion(*, actor: Actor, release: Release, repository: Repository, tag: str) -> Companion:
    """Freeze what `tag` names in `repository` as a part of the release, in place of what it had there.

    Raises Conflict `companion.settled` (it was approved), `repository.busy`, `companion.not_read`; Invalid
    `companion.repository` or `companion.tag_unknown`; and Unavailable with git's reason.
    """
    actor.require("release.set_companion", programme_id=release.component.programme_id)
    try:
        with transaction.atomic():
            release, repository = held_for_companions(release, repository)
            with open_mirror(mirror_path(repository), mirror_access()) as mirror:
                return _set(actor, release, repository, mirror, tag)
    except GitError as error:
        raise Unavailable(error.code, _(error.template) % error.values) from error


def held_for_companions(release: Release, repository: Repository) -> tuple[Release, Repository]:
    """Give both, held until the transaction ends; raises what `set_companion` raises of them."""
    release = locked_release(release)
    if release.state not in OPEN:
        raise Conflict(
            "companion.settled",
            _("%(release)s is “%(state)s”; what it is built from can be changed until it is approved.")
            % {"release": release, "state": release.get_state_display()},
        )
    if repository.component_id != release.component_id or repository.pk == release.repository_id:
        raise Invalid(
            "companion.repository",
            _("%(repository)s is not another repository of %(component)s.")
            % {"repository": repository.name, "component": release.component},
            field="repository",
        )
    if not hold(repository.pk):
        raise Conflict("repository.busy", _("%(name)s is being fetched right now.") % {"name": repository.name})
    return release, locked_repository(repository)


def _set(actor: Actor, release: Release, repository: Repository, mirror: Mirror, tag: str) -> Companion:
    ref = snapshot(mirror).get(f"{TAGS}{tag}")
    if ref is None or not ref.commit:
        raise Invalid(
            "companion.tag_unknown",
            _("“%(tag)s” is no tag on a commit in %(repository)s, as far as it has been fetched.")
            % {"tag": tag[:80], "repository": repository.name},
            field="tag",
        )
    commit = Commit.objects.filter(repository=repository, sha=ref.commit).first()
    if commit is None:
        raise Conflict(
            "companion.not_read",
            _("The commits of %(tag)s are still on their way from %(repository)s. Try again in a moment.")
            % {"tag": tag[:80], "repository": repository.name},
        )
    others = {part.repository_id for part in parts_of(release)} - {repository.pk}
    companion, made = Companion.objects.update_or_create(
        release=release,
        repository=repository,
        defaults={
            "commit": commit,
            "tag": ref.tag,
            "tag_object": ref.target,
            "shares": bool(related(repository, mirror, others)),
            "set_at": clock.now(),
            "set_by_id": actor.user_id,
        },
    )
    keep(mirror, [commit.sha])
    _write_contents(release, repository, mirror, commit, grown=made)
    payload = CompanionSet(repository_id=repository.pk, repository=repository.name, tag=ref.tag, sha=commit.sha)
    record(payload, subject=release, actor=actor)
    return companion


def _write_contents(release: Release, repository: Repository, mirror: Mirror, commit: Commit, *, grown: bool) -> None:
    known = [(pk, sha) for pk, sha in tips_of(repository) if pk != release.pk]
    release_of = dict(enumerate([*(pk for pk, _sha in known), release.pk]))
    # What it had there before is given up by going over everything.
    update = prepare_growth(repository, mirror, known, [commit.sha]) if grown and known else None
    if update is None:
        update = prepare(repository, mirror, dict(enumerate([*(sha for _pk, sha in known), commit.sha])))
    update.apply(release_of, [release.pk])
    bring_up_to_date(repository, new_releases=True)
