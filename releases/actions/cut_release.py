"""Cut a release: make its tag at a commit and push it, where the operator allows that; the next fetch drafts it."""

from __future__ import annotations

import re
import shlex
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid, Unavailable
from releases.actions.request_fetch import request_fetch
from releases.companions import may_join
from releases.git.errors import GitError
from releases.git.run import open_mirror
from releases.kinds import ReleaseCut
from releases.mirrors import access_to, mirror_path
from releases.models import Commit, Release, Repository
from releases.versions import version_of

_TAG: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+/-]{0,119}", re.ASCII)


def check_tag(repository: Repository, tag: str) -> str:
    """Give the version that a new tag would stand for. Raises Invalid `release.tag_invalid`, Conflict where taken."""
    bad = ".." in tag or "//" in tag or tag.endswith((".", "/", ".lock")) or not _TAG.fullmatch(tag)
    version = "" if bad else version_of(tag, repository.tag_pattern)
    if not version:
        raise Invalid(
            "release.tag_invalid",
            _("“%(tag)s” is no tag that stands for a version in %(repository)s (its pattern is %(pattern)s).")
            % {"tag": tag[:80], "repository": repository.name, "pattern": repository.tag_pattern},
            field="tag",
        )
    taken = Release.objects.filter(component=repository.component_id, version=version)
    # What another repository has tagged so is joined by the new tag, as long as it may be.
    taken = taken.exclude(pk__in=may_join(repository, imported=False).values("pk"))
    if taken.exists() or Release.objects.filter(repository=repository, tag=tag).exists():
        raise Conflict(
            "release.version_taken",
            _("%(component)s has a release %(version)s already.")
            % {"component": repository.component, "version": version},
            field="tag",
        )
    return version


def commands_for(repository: Repository, *, tag: str, sha: str) -> list[str]:
    """Give the exact commands that cut this release by hand, in a clone of the repository."""
    version = check_tag(repository, tag)
    message = shlex.quote(f"{repository.component.name} {version}")
    return [
        "git fetch origin",
        f"git tag --annotate {tag} --message {message} {sha}",
        f"git push origin refs/tags/{tag}",
    ]


def cut_release(*, actor: Actor, repository: Repository, commit: Commit, tag: str) -> str:
    """Push a new annotated tag at `commit`; gives the version. The release itself comes with the next fetch.

    Raises Conflict `release.push_not_allowed` unless the operator set FIELDLOOP_GIT_PUSH, what `check_tag` raises,
    and Unavailable with git's reason where the origin refuses.
    """
    actor.require("release.cut", programme_id=repository.component.programme_id)
    version = check_tag(repository, tag)
    if not settings.FIELDLOOP_GIT_PUSH:
        raise Conflict(
            "release.push_not_allowed",
            _("This house may not push tags (FIELDLOOP_GIT_PUSH is off). Use the commands shown."),
        )
    now = int(clock.now().timestamp())
    words = (
        f"object {commit.sha}", "type commit", f"tag {tag}",
        f"tagger {_name(actor)} <fieldloop@localhost> {now} +0000", "", f"{repository.component.name} {version}",
    )  # fmt: skip
    try:
        with open_mirror(mirror_path(repository), access_to(repository)) as mirror:
            made = mirror.run("mktag", stdin=words).decode().strip()
            mirror.run("push", "--quiet", "--no-verify", "origin", f"{made}:refs/tags/{tag}")
    except GitError as error:
        raise Unavailable(error.code, _(error.template) % error.values) from error
    with transaction.atomic():
        record(ReleaseCut(tag=tag, sha=commit.sha), subject=repository, actor=actor)
    request_fetch(actor=actor, repository=repository)
    return version


def _name(actor: Actor) -> str:
    return re.sub(r"[<>\n\x00]", "", actor.name).strip() or "Fieldloop"
