"""Who may do what with the files of releases, their signatures, keys and compatibility."""

from __future__ import annotations

from tests.artifacts.world import World
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row

STAFF = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS = STAFF | {Role.REPORTER}
KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
WRITERS = frozenset({Role.RELEASE_MANAGER, Role.ENGINEER})
MANAGERS = frozenset({Role.RELEASE_MANAGER})
PARTNER = frozenset({Role.PARTNER})
OUTSIDE = frozenset({Role.REPORTER, Role.PARTNER})
TUS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}


def published(cast: Cast) -> dict[str, object]:
    release = World(cast).published().release
    return {"component": release.component.slug, "version": release.version}


def draft(cast: Cast) -> dict[str, object]:
    world = World(cast)
    release = world.draft()
    world.artifact(release)
    return {"component": release.component.slug, "version": release.version}


def file(cast: Cast) -> dict[str, object]:
    return published(cast) | {"name": "SHA256SUMS"}


def draft_file(cast: Cast) -> dict[str, object]:
    world = World(cast)
    artifact = world.artifact(world.draft())
    return {"component": cast.autopilot.slug, "version": "1.0", "pk": artifact.pk}


def pair(cast: Cast) -> dict[str, object]:
    artifact = World(cast).published()
    return {"component": cast.autopilot.slug, "version": "1.0", "pk": artifact.pk, "hardware": cast.rev_a.pk}


def key(cast: Cast) -> dict[str, object]:
    return {"pk": World(cast).key("kari", confirmed=False).pk}


def release_pk(cast: Cast) -> dict[str, object]:
    return {"release_pk": World(cast).published().release_id}


def draft_pk(cast: Cast) -> dict[str, object]:
    world = World(cast)
    return {"release_pk": world.artifact(world.draft()).release_id}


def draft_put(cast: Cast) -> dict[str, object]:
    return draft_pk(cast) | {"name": "other.bin"}


def release_file(cast: Cast) -> dict[str, object]:
    return release_pk(cast) | {"name": "manifest.json"}


def artifact_pk(cast: Cast) -> dict[str, object]:
    return {"pk": World(cast).published().pk}


def draft_artifact_pk(cast: Cast) -> dict[str, object]:
    world = World(cast)
    return {"pk": world.artifact(world.draft()).pk}


def upload(cast: Cast) -> dict[str, object]:
    from releases.artifacts.actions.start_upload import start_upload

    found = start_upload(
        actor=cast.actor("kari"),
        release=World(cast).draft(),
        name="big.bin",
        hardware=[cast.rev_a.pk],
        size=9,
    )
    return {"uuid": found.uuid}


def new_upload(cast: Cast) -> dict[str, object]:
    return {"name": "other.bin", "size": 5, "hardware": ["quad-10/A"]}


def why(cast: Cast) -> dict[str, object]:
    return {"reason": "Lost."}


def signature(cast: Cast) -> dict[str, object]:
    return {"text": "no signature"}


def statement(cast: Cast) -> dict[str, object]:
    return {"state": "blocked", "evidence": "Boot loop."}


def wire_statement(cast: Cast) -> dict[str, object]:
    return {"artifact": "autopilot.bin", "hardware": "quad-10/A", **statement(cast)}


def new_key(cast: Cast) -> dict[str, object]:
    return {"component": "autopilot", "holder": "kari", "public_key": "RW", "channels": ["lab"]}


ROWS = [
    Row("artifacts:files", kwargs=published, may=STAFF, hidden_from=PARTNER),
    Row("artifacts:panel", kwargs=published, may=SEERS, hidden_from=PARTNER),
    Row("artifacts:add", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE),
    Row("artifacts:seal", "POST", kwargs=draft, may=MANAGERS, hidden_from=OUTSIDE),
    Row("artifacts:sign", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE, data=signature),
    Row("artifacts:sbom", "POST", kwargs=draft, may=WRITERS, hidden_from=OUTSIDE),
    Row("artifacts:remove", kwargs=draft_file, may=WRITERS, hidden_from=OUTSIDE),
    Row("artifacts:remove", "POST", kwargs=draft_file, may=WRITERS, hidden_from=OUTSIDE, data=why),
    Row("artifacts:check", "POST", kwargs=draft_file, may=KEEPERS | WRITERS, hidden_from=OUTSIDE),
    Row("artifacts:download", kwargs=file, may=SEERS, hidden_from=PARTNER),
    Row("artifacts:matrix", kwargs=published, may=SEERS, hidden_from=PARTNER),
    Row("artifacts:pair", kwargs=pair, may=SEERS, hidden_from=PARTNER),
    Row("artifacts:pair", "POST", kwargs=pair, may=WRITERS, hidden_from=PARTNER, data=statement),
    Row("artifacts:key_list", may=STAFF, foreign=0),
    Row("artifacts:key_add", may=KEEPERS, foreign=0),
    Row("artifacts:key_add", "POST", may=KEEPERS, foreign=0),
    Row("artifacts:key", kwargs=key, may=STAFF, hidden_from=OUTSIDE),
    # Kari, the release manager of the walk, holds the key herself.
    Row("artifacts:key_confirm", "POST", kwargs=key, may={Role.ADMIN}, hidden_from=OUTSIDE),
    Row("artifacts:key_revoke", "POST", kwargs=key, may=KEEPERS, hidden_from=OUTSIDE, data=why),
    Row("release-artifact-list", kwargs=release_pk, may=SEERS, hidden_from=PARTNER),
    Row("release-artifact-put", "PUT", kwargs=draft_put, may=WRITERS, hidden_from=OUTSIDE),
    Row("release-file", kwargs=release_file, may=SEERS, hidden_from=PARTNER),
    Row("release-manifest", kwargs=release_pk, may=SEERS, hidden_from=PARTNER),
    Row("release-manifest", "POST", kwargs=draft_pk, may=MANAGERS, hidden_from=OUTSIDE),
    Row("release-signature-list", kwargs=release_pk, may=SEERS, hidden_from=PARTNER),
    Row("release-signature-list", "POST", kwargs=draft_pk, may=WRITERS, hidden_from=OUTSIDE, data=signature),
    Row("release-compatibility-list", kwargs=release_pk, may=SEERS, hidden_from=PARTNER),
    Row("release-compatibility-list", "POST", kwargs=draft_pk, may=WRITERS, hidden_from=OUTSIDE, data=wire_statement),
    Row("release-sbom", "PUT", kwargs=draft_pk, may=WRITERS, hidden_from=OUTSIDE),
    Row("release-upload-list", "POST", kwargs=draft_pk, may=WRITERS, hidden_from=OUTSIDE, data=new_upload),
    Row("artifact-detail", kwargs=artifact_pk, may=SEERS, hidden_from=PARTNER),
    Row("artifact-content", kwargs=artifact_pk, may=SEERS, hidden_from=PARTNER),
    Row("artifact-remove", "POST", kwargs=draft_artifact_pk, may=WRITERS, hidden_from=OUTSIDE, data=why),
    Row("artifact-check", "POST", kwargs=draft_artifact_pk, may=KEEPERS | WRITERS, hidden_from=OUTSIDE),
    # An upload is its beginner's own.
    Row("upload-detail", kwargs=upload, may=MANAGERS, others=404),
    Row("upload-detail", "PATCH", kwargs=upload, may=MANAGERS, others=404, headers=TUS),
    Row("upload-detail", "DELETE", kwargs=upload, may=MANAGERS, others=404, headers=TUS),
    Row("signing-key-list", may=EVERYONE),
    Row("signing-key-list", "POST", may=KEEPERS, data=new_key),
    Row("signing-key-detail", kwargs=key, may=STAFF, hidden_from=OUTSIDE),
    Row("signing-key-confirm", "POST", kwargs=key, may={Role.ADMIN}, hidden_from=OUTSIDE),
    Row("signing-key-revoke", "POST", kwargs=key, may=KEEPERS, hidden_from=OUTSIDE, data=why),
]
