"""What stands against publishing, and what does not."""

from __future__ import annotations

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.kit.errors import Conflict
from releases.actions.publish_release import publish_release
from releases.artifacts import storage
from releases.artifacts.actions.remove_artifact import remove_artifact
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.artifacts.models import Artifact, Manifest
from releases.artifacts.queries import signed_state
from releases.models import Channel, Release
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db


def refused(release: Release, channel: str) -> str:
    with pytest.raises(Conflict) as caught:
        publish_release(actor=SYSTEM, release=release, channel=channel)
    assert caught.value.code == "release.gate"
    return caught.value.message


def test_a_component_without_keys_and_a_release_without_files_ships_commits_only(world: World) -> None:
    release = world.approved(world.draft())
    assert publish_release(actor=SYSTEM, release=release, channel="fleet").state == Release.State.PUBLISHED
    assert not signed_state(release).demanded


def test_an_active_key_demands_files_and_one_that_waits_does_not(world: World) -> None:
    release = world.approved(world.draft())
    key = world.key("kari", confirmed=False)
    assert not signed_state(release).demanded
    world.key("henrik")
    assert "has no files" in refused(release, "lab")
    revoke_key(actor=SYSTEM, key=world.keys["henrik"], reason="Lost.")
    assert key.state == "waiting"
    publish_release(actor=SYSTEM, release=release, channel="lab")


def test_each_step_that_is_missing_is_named(world: World) -> None:
    release = world.draft()
    artifact = world.artifact(release)
    release = world.approved(release)
    assert "not sealed" in refused(release, "lab")
    world.sealed(release)
    assert "“lab” needs a signature by 1 holder" in refused(release, "lab")
    world.key("kari")
    world.sign(release, "kari")
    publish_release(actor=SYSTEM, release=release, channel="lab")
    publish_release(actor=SYSTEM, release=release, channel="pilot")
    message = refused(release, "fleet")
    assert "2 different holders" in message
    assert "there are 1" in message
    assert "autopilot.bin on Quad 10 A is “untested”" in message
    world.key("henrik")
    world.sign(release, "henrik")
    assert "2 different holders" not in refused(release, "fleet")
    world.supported(artifact)
    assert publish_release(actor=SYSTEM, release=release, channel="fleet").state == Release.State.PUBLISHED


def test_two_keys_of_one_holder_are_one_signer(world: World) -> None:
    release = world.draft()
    world.artifact(release)
    for _time in range(2):
        world.key("kari")
        world.sign(release, "kari")
    state = signed_state(release)
    assert len(state.signatures) == 2
    assert len(state.signers(Channel.FLEET)) == 1
    assert not state.is_signed_for(Channel.FLEET)
    assert state.is_signed_for(Channel.PILOT)


def test_a_key_counts_for_its_channels_only(world: World) -> None:
    release = world.draft()
    world.artifact(release)
    world.key("kari", ["lab"])
    world.sign(release, "kari")
    state = signed_state(release)
    assert state.is_signed_for(Channel.LAB)
    assert not state.is_signed_for(Channel.PILOT)


def test_a_blocked_pair_never_reaches_the_fleet(world: World) -> None:
    artifact = world.published(channel="pilot")
    set_compatibility(
        actor=SYSTEM, artifact=artifact, hardware=world.cast.rev_a, state="blocked", evidence="Boot loop, seen twice."
    )
    assert "is “blocked”" in refused(artifact.release, "fleet")


def test_a_revoked_key_takes_its_signatures_along(world: World) -> None:
    artifact = world.published(channel="pilot")
    revoke_key(actor=SYSTEM, key=world.keys["kari"], reason="The stick was stolen.")
    state = signed_state(artifact.release)
    (wrong,) = [signature.wrong for signature in state.signatures if signature.wrong]
    assert "The stick was stolen." in wrong
    assert "2 different holders" in refused(artifact.release, "fleet")


def test_another_file_makes_another_seal_necessary(world: World) -> None:
    world.key("kari")
    release = world.draft()
    world.artifact(release)
    world.sign(release, "kari")
    added = world.artifact(release, b"settings", "defaults.param")
    assert "not sealed" in " ".join(signed_state(release).missing(Channel.LAB))
    assert not signed_state(release).signatures
    remove_artifact(actor=SYSTEM, artifact=added, reason="Not for everybody.")
    world.sign(release, "kari")
    assert Manifest.objects.filter(release=release).count() == 2
    assert signed_state(release).is_signed_for(Channel.LAB)


def test_files_stand_fast_once_the_release_is_approved(world: World) -> None:
    release = world.draft()
    artifact = world.artifact(release)
    world.approved(release)
    with pytest.raises(Conflict, match="stand fast since it was approved"):
        world.artifact(release, b"other", "other.bin")
    with pytest.raises(Conflict, match="stand fast since it was approved"):
        remove_artifact(actor=SYSTEM, artifact=artifact, reason="Too late.")


def test_bytes_changed_in_the_storage_are_noticed_while_publishing(world: World) -> None:
    world.key("kari")
    release = world.draft()
    artifact = world.artifact(release)
    world.approved(release)
    world.sign(release, "kari")
    path = storage.path_of(artifact.blob.stored)
    assert path is not None
    path.write_bytes(b"\xff" + path.read_bytes()[1:])
    assert "autopilot.bin was changed in the storage" in refused(release, "lab")


@pytest.mark.parametrize("what", ["manifest", "sbom", "sums", "signature", "hardware", "row"])
def test_whatever_was_changed_in_the_database_is_noticed(world: World, what: str) -> None:
    artifact = world.published(channel="pilot")
    manifest = Manifest.objects.get()
    match what:
        case "manifest":
            manifest.content = bytes(manifest.content).replace(b'"sequence":', b'"sequence": ')
        case "sbom":
            manifest.sbom = bytes(manifest.sbom) + b" "
        case "sums":
            manifest.sums = bytes(manifest.sums).replace(b"  autopilot.bin", b"  autopilot.hex")
        case "signature":
            signature = manifest.signatures.first()
            assert signature is not None
            signature.text = signature.text.replace("signed by", "ordered by")
            signature.save()
        case "hardware":
            artifact.hardware.add(world.cast.rev_b)
        case _row:
            Artifact.objects.filter(pk=artifact.pk).update(name="other.bin")
    manifest.save()
    state = signed_state(artifact.release)
    assert state.missing(Channel.FLEET), what
    if what == "signature":
        (wrong,) = [signature.wrong for signature in state.signatures if signature.wrong]
        assert "trusted comment “ordered by" in wrong
