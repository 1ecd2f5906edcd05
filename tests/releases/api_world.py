"""A small shelf of releases made without git, for tests that are about rights and the wire only."""

from __future__ import annotations

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.actions.add_repository import add_repository
from releases.actions.approve_release import approve_release
from releases.actions.draft_release import draft_release
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.report_installation import report_installation
from releases.actions.subscribe_team import subscribe_team
from releases.git.mirror import ensure_mirror
from releases.mirrors import mirror_access, mirror_path
from releases.models import Commit, Companion, Fetch, Installation, Relation, Release, Repository, Subscription
from tests.cast import Cast

URL = "https://git.example/sokil/autopilot.git"


def repository(cast: Cast) -> Repository:
    """Give the autopilot's repository (its origin is nowhere)."""
    known = Repository.objects.filter(url=URL).first()
    return known or add_repository(actor=SYSTEM, component=cast.autopilot, url=URL)


def commit(cast: Cast, subject: str = "Warm up the radio", source: Repository | None = None) -> Commit:
    """Give a new commit of it, or of `source`."""
    source, now = source or repository(cast), clock.now()
    return Commit.objects.create(
        repository=source,
        fetch=Fetch.objects.create(repository=source, at=now, done_at=now, commits_count=1),
        sha=f"{Commit.objects.count() + 1:040x}",
        author="Kari",
        author_email="someone@example.org",
        authored_at=now,
        committed_at=now,
        subject=subject,
    )


def backport(cast: Cast) -> Relation:
    """Give a suggestion that one commit brings another again."""
    one, other = commit(cast), commit(cast)
    return Relation.objects.create(
        component=cast.autopilot,
        commit=other,
        other=one,
        named=one.sha,
        kind="copies",
        basis="author_date",
        state="suggested",
        found_at=one.committed_at,
    )


def draft(cast: Cast, version: str = "1.0") -> Release:
    """Give a draft."""
    tip = commit(cast)
    return draft_release(
        actor=SYSTEM, repository=repository(cast), version=version, tag=f"v{version}", tag_object=tip.sha, commit=tip
    )


def bootloader(cast: Cast) -> Repository:
    """Give a second repository of the autopilot, with nothing in its mirror."""
    url = "https://git.example/sokil/bootloader.git"
    found = Repository.objects.filter(url=url).first()
    found = found or add_repository(actor=SYSTEM, component=cast.autopilot, url=url, name="Bootloader")
    ensure_mirror(mirror_path(found), mirror_access())
    return found


def joined(cast: Cast) -> Release:
    """Give a draft that is built from the bootloader too."""
    release = draft(cast)
    tip = commit(cast, "Boot", bootloader(cast))
    Companion.objects.create(
        release=release, repository=tip.repository, commit=tip, tag="boot-1", tag_object=tip.sha, set_at=clock.now()
    )
    return release


def published(cast: Cast, version: str = "1.0") -> Release:
    """Give a release that is out for the fleet; North receives it."""
    release = propose_release(actor=SYSTEM, release=draft(cast, version))
    release = approve_release(actor=SYSTEM, release=release)
    subscribe_team(actor=SYSTEM, team=cast.north, component=cast.autopilot, channel="fleet")
    return publish_release(actor=SYSTEM, release=release, channel="fleet")


def installation(cast: Cast, release: Release | None = None) -> Installation:
    """Give an installation of North."""
    return report_installation(actor=SYSTEM, release=release or published(cast), team=cast.north, hardware=cast.rev_a)


def subscription(cast: Cast) -> Subscription:
    """Give North's subscription."""
    subscribe_team(actor=SYSTEM, team=cast.north, component=cast.autopilot, channel="fleet")
    return Subscription.objects.get(team=cast.north, component=cast.autopilot)
