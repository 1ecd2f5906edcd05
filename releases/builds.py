"""Which commit is the build that somebody names: by its version, its tag, a commit, or what `git describe` prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.catalogue.models import Component
from foundation.kit.errors import Invalid, NotFound
from releases.models import Commit, Companion, RefEvent, Release

LONGEST: Final = 200
_SHA: Final = re.compile(r"[0-9a-f]{7,40}", re.ASCII)
# v1.4.2-14-gabcdef1-dirty: as firmware reports it; the commit is what counts.
_DESCRIBED: Final = re.compile(r".*-g([0-9a-f]{7,40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Build:
    """A build: its commit, the release where it is one, and whether somebody built it with changes of their own.

    The commit may be a companion's; the release is all that it is built from.
    """

    name: str
    sha: str
    component: Component
    release: Release | None
    dirty: bool = False


def build_of(actor: Actor, component: Component, text: str) -> Build:
    """Give the build that `text` means, among what the actor may see.

    Raises Invalid `build.missing`, NotFound `release.not_found` or `build.ambiguous`.
    """
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        raise Invalid("build.missing", _("Say which build: a version, a tag or a commit."), field="in")
    name = text.removesuffix("-dirty")
    dirty = name != text
    release = _release(actor, component, name)
    if release is not None:
        return Build(text, release.commit.sha, component, release, dirty)
    sha = _commit(actor, component, name)
    if not sha:
        raise NotFound(
            "release.not_found",
            _("“%(text)s” is no version, tag or commit of %(component)s that you may see.")
            % {"text": text, "component": component.name},
        )
    return Build(text, sha, component, _release_at(actor, component, sha), dirty)


def _release_at(actor: Actor, component: Component, sha: str) -> Release | None:
    """Give the newest release of the commit; of one that is a companion's, only where no other release has it."""
    visible = Release.objects.visible_to(actor).filter(component=component).select_related("component", "commit")
    own = visible.filter(commit__sha=sha).order_by("-sequence").first()
    if own is not None:
        return own
    beside = list(visible.filter(pk__in=Companion.objects.filter(commit__sha=sha).values("release"))[:2])
    return beside[0] if len(beside) == 1 else None


def _release(actor: Actor, component: Component, name: str) -> Release | None:
    found = Release.objects.visible_to(actor).filter(
        Q(version__iexact=name) | Q(version__iexact=name.removeprefix("v")) | Q(tag=name), component=component
    )
    releases = list(found.select_related("component", "commit").order_by("-sequence"))
    # Exactly so, before the other letter case.
    return next((one for one in releases if name in (one.version, one.tag)), releases[0] if releases else None)


def _commit(actor: Actor, component: Component, name: str) -> str:
    """Give the commit's full hash, empty where there is none. Who is not staff sees the commits of releases only."""
    commits = Commit.objects.visible_to(actor).filter(repository__component=component)
    described = _DESCRIBED.fullmatch(name)
    if described or _SHA.fullmatch(name.lower()):
        short = described[1] if described else name.lower()
        found = set(commits.filter(sha__startswith=short).values_list("sha", flat=True)[:3])
        if len(found) > 1:
            raise NotFound(
                "build.ambiguous",
                _("Several commits begin with %(short)s. Give more of its hash.") % {"short": short},
            )
        if found:
            return found.pop()
        seen = Release.objects.visible_to(actor).filter(component=component)
        own = seen.filter(commit__sha__startswith=short).values_list("commit__sha", flat=True).first()
        beside = Companion.objects.filter(release__in=seen, commit__sha__startswith=short)
        return own or beside.values_list("commit__sha", flat=True).first() or ""
    frozen = Companion.objects.filter(
        tag=name, release__in=Release.objects.visible_to(actor).filter(component=component)
    )
    if at := set(frozen.values_list("commit__sha", flat=True)[:2]):
        # As it was frozen, wherever the tag is now.
        return at.pop() if len(at) == 1 else ""
    refs = RefEvent.objects.filter(repository__component=component, ref__in=[f"refs/heads/{name}", f"refs/tags/{name}"])
    last = refs.order_by("-pk").values_list("new", flat=True).first() or ""
    return last if last and commits.filter(sha=last).exists() else ""
