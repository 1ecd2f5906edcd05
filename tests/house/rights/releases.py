"""Who may do what with repositories, releases, channels and installations."""

from __future__ import annotations

from foundation.accounts.actors import SYSTEM
from releases.actions.set_term import set_term
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.releases import api_world

STAFF = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS = STAFF | {Role.REPORTER}
KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
WRITERS = frozenset({Role.RELEASE_MANAGER, Role.ENGINEER})
FETCHERS = KEEPERS | WRITERS
REPORTERS = frozenset({Role.REPORTER, Role.RELEASE_MANAGER})
OUTSIDE = frozenset({Role.REPORTER, Role.PARTNER})
PARTNER = frozenset({Role.PARTNER})


def repository(cast: Cast) -> dict[str, object]:
    return {"slug": api_world.repository(cast).slug}


def draft_address(cast: Cast) -> dict[str, object]:
    return {"component": cast.autopilot.slug, "version": api_world.draft(cast).version}


def published_address(cast: Cast) -> dict[str, object]:
    return {"component": cast.autopilot.slug, "version": api_world.published(cast).version}


def latest(cast: Cast) -> dict[str, object]:
    api_world.published(cast)
    return {"component": cast.autopilot.slug}


def draft(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.draft(cast).pk}


def published(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.published(cast).pk}


def commit(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.commit(cast).pk}


def release_and_sha(cast: Cast) -> dict[str, object]:
    release = api_world.draft(cast)
    return {"pk": release.pk, "sha": release.commit.sha}


def installation(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.installation(cast).pk}


def subscription(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.subscription(cast).pk}


def new_repository(cast: Cast) -> dict[str, object]:
    return {"url": "https://git.example/sokil/radio.git", "component": cast.radio.slug}


def new_installation(cast: Cast) -> dict[str, object]:
    values: dict[str, object] = {"component": "autopilot", "release": "1.0", "team": "north", "hardware": "A"}
    return values


def new_subscription(cast: Cast) -> dict[str, object]:
    return {"team": cast.north.slug, "component": cast.autopilot.slug, "channel": "pilot"}


def subscribe_form(cast: Cast) -> dict[str, object]:
    return {"team": cast.north.pk, "component": cast.autopilot.pk, "channel": "pilot"}


def joined(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.joined(cast).pk}


def joined_address(cast: Cast) -> dict[str, object]:
    release = api_world.joined(cast)
    return {"component": cast.autopilot.slug, "version": release.version, "repository": "bootloader"}


def companion(cast: Cast) -> dict[str, object]:
    return {"repository": api_world.bootloader(cast).slug, "tag": "boot-1"}


def in_bootloader(cast: Cast) -> dict[str, object]:
    return {"repository": "bootloader"}


def why(cast: Cast) -> dict[str, object]:
    return {"reason": "Drifts."}


def fleet(cast: Cast) -> dict[str, object]:
    return {"channel": "fleet"}


def notes(cast: Cast) -> dict[str, object]:
    return {"notes": "New."}


def feed(cast: Cast) -> dict[str, object]:
    api_world.published(cast)
    return {"component": cast.autopilot.slug, "channel": "fleet"}


def notes_text(cast: Cast) -> dict[str, object]:
    return published_address(cast) | {"form": "txt"}


def latest_notes(cast: Cast) -> dict[str, object]:
    return latest(cast) | {"form": "md"}


def in_ukrainian(cast: Cast) -> dict[str, object]:
    return published_address(cast) | {"language": "uk"}


def term(cast: Cast) -> dict[str, object]:
    return {"programme": cast.programme.pk, "en": "lock", "uk": "захоплення"}


def relation(cast: Cast) -> dict[str, object]:
    return {"pk": api_world.backport(cast).pk}


def patterns(cast: Cast) -> dict[str, object]:
    return {"pull_request_pattern": r"#(\d+)", "branch_pattern": ""}


def confirmed(cast: Cast) -> dict[str, object]:
    return {"confirmed": True}


def new_term(cast: Cast) -> dict[str, object]:
    return {"programme": cast.programme.slug, "en": "lock", "uk": "захоплення"}


def stored_term(cast: Cast) -> dict[str, object]:
    found = set_term(actor=SYSTEM, programme=cast.programme, en="lock", nb="lås")
    assert found is not None
    return {"pk": found.pk}


def translation(cast: Cast) -> dict[str, object]:
    return {"language": "nb", "text": "Retter det meste."}


def published_in_ukrainian(cast: Cast) -> dict[str, object]:
    return published(cast) | {"language": "uk"}


ROWS = [
    Row("releases:notes_read", kwargs=published_address, may=SEERS, hidden_from=PARTNER),
    Row("releases:notes_text", kwargs=notes_text, may=SEERS, hidden_from=PARTNER),
    Row("releases:latest_notes", kwargs=latest_notes, may=SEERS, hidden_from=PARTNER),
    Row("releases:notes_translate", kwargs=in_ukrainian, may=WRITERS, hidden_from=PARTNER),
    Row("releases:notes_translate", "POST", kwargs=in_ukrainian, may=WRITERS, hidden_from=PARTNER, data=notes),
    Row("releases:feed", kwargs=feed, may=SEERS, foreign=404, anonymous=401),
    Row("releases:graph", kwargs=latest, may=STAFF, hidden_from=PARTNER),
    Row("releases:glossary", may=FETCHERS | {Role.TRIAGER}, foreign=0),
    Row("releases:glossary_set", "POST", may=FETCHERS | {Role.TRIAGER}, foreign=0, data=term),
    Row("releases:relation_list", may=STAFF, foreign=0),
    Row("releases:relation_decide", "POST", kwargs=relation, may=FETCHERS, hidden_from=OUTSIDE),
    Row("releases:patterns", kwargs=repository, may=KEEPERS, hidden_from=OUTSIDE),
    Row("releases:patterns", "POST", kwargs=repository, may=KEEPERS, hidden_from=OUTSIDE, data=patterns),
    Row("releases:release_list", may=SEERS, foreign=0),
    Row("releases:latest", kwargs=latest, may=SEERS, hidden_from=PARTNER),
    Row("releases:release", kwargs=published_address, may=SEERS, hidden_from=PARTNER),
    Row("releases:propose", "POST", kwargs=draft_address, may=WRITERS, hidden_from=OUTSIDE),
    Row("releases:approve", "POST", kwargs=draft_address, may=KEEPERS, hidden_from=OUTSIDE),
    Row("releases:publish", "POST", kwargs=published_address, may=KEEPERS, hidden_from=PARTNER, data=fleet),
    Row("releases:withdraw", "POST", kwargs=published_address, may=KEEPERS, hidden_from=PARTNER, data=why),
    Row("releases:notes", kwargs=published_address, may=WRITERS, hidden_from=PARTNER),
    Row("releases:notes", "POST", kwargs=draft_address, may=WRITERS, hidden_from=OUTSIDE, data=notes),
    Row("releases:companion", "POST", kwargs=draft_address, may=WRITERS, hidden_from=OUTSIDE, data=companion),
    Row("releases:companion_remove", "POST", kwargs=joined_address, may=WRITERS, hidden_from=OUTSIDE),
    Row("releases:generate_notes", "POST", kwargs=draft_address, may=WRITERS, hidden_from=OUTSIDE),
    Row("releases:repository_list", may=STAFF, foreign=0),
    Row("releases:repository_add", may=KEEPERS, foreign=0),
    Row("releases:repository_add", "POST", may=KEEPERS, foreign=0),
    Row("releases:repository", kwargs=repository, may=STAFF, hidden_from=OUTSIDE),
    Row("releases:repository_fetch", "POST", kwargs=repository, may=FETCHERS, hidden_from=OUTSIDE),
    Row("releases:repository_progress", kwargs=repository, may=STAFF, hidden_from=OUTSIDE),
    Row("releases:repository_bundle", "POST", kwargs=repository, may=KEEPERS, hidden_from=OUTSIDE),
    Row("releases:channels", may=KEEPERS, foreign=0),
    Row("releases:subscribe", "POST", may=KEEPERS, foreign=0, data=subscribe_form),
    Row("releases:installation_list", may=SEERS, foreign=0),
    Row("releases:installation_report", may=REPORTERS, foreign=0),
    Row("releases:installation_report", "POST", may=REPORTERS, foreign=0),
    Row("repository-list", may=EVERYONE),
    Row("repository-list", "POST", may=KEEPERS, data=new_repository),
    Row("repository-detail", kwargs=repository, may=STAFF, hidden_from=OUTSIDE),
    Row("repository-fetch", "POST", kwargs=repository, may=FETCHERS, hidden_from=OUTSIDE),
    Row("repository-patterns", "POST", kwargs=repository, may=KEEPERS, hidden_from=OUTSIDE, data=patterns),
    Row("relation-list", may=EVERYONE),
    Row("relation-detail", kwargs=relation, may=STAFF, hidden_from=OUTSIDE),
    Row("relation-decide", "POST", kwargs=relation, may=FETCHERS, hidden_from=OUTSIDE, data=confirmed),
    Row("term-list", may=EVERYONE),
    Row("term-list", "POST", may=FETCHERS | {Role.TRIAGER}, data=new_term),
    Row("term-detail", kwargs=stored_term, may=STAFF, hidden_from=OUTSIDE),
    Row("commit-list", may=EVERYONE),
    Row("commit-detail", kwargs=commit, may=STAFF, hidden_from=OUTSIDE),
    Row("release-list", may=EVERYONE),
    Row("release-detail", kwargs=published, may=SEERS, hidden_from=PARTNER),
    Row("release-propose", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE),
    Row("release-approve", "POST", kwargs=draft, may=KEEPERS, hidden_from=OUTSIDE),
    Row("release-publish", "POST", kwargs=published, may=KEEPERS, hidden_from=PARTNER, data=fleet),
    Row("release-withdraw", "POST", kwargs=published, may=KEEPERS, hidden_from=PARTNER, data=why),
    Row("release-notes", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE, data=notes),
    Row("release-companions", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE, data=companion),
    Row("release-companions-remove", "POST", kwargs=joined, may=WRITERS, hidden_from=OUTSIDE, data=in_bootloader),
    Row("release-notes-generate", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE),
    Row("release-notes-translate", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE, data=translation),
    Row("release-notes-in", kwargs=published_in_ukrainian, may=SEERS, hidden_from=PARTNER),
    Row("release-holds", kwargs=release_and_sha, may=STAFF, hidden_from=OUTSIDE),
    Row("installation-list", may=EVERYONE),
    Row("installation-list", "POST", may=REPORTERS, data=new_installation),
    Row("installation-detail", kwargs=installation, may=SEERS, hidden_from=PARTNER),
    Row("subscription-list", may=EVERYONE),
    Row("subscription-list", "POST", may=KEEPERS, data=new_subscription),
    Row("subscription-detail", kwargs=subscription, may=SEERS, hidden_from=PARTNER),
]
