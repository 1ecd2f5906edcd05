"""Signed artifact → pilot → verdicts → fleet → withdrawn → bundle on a stick → receipts.

With real git, real minisign, real sha256sum, and no network where the stick is read. Every step is somebody's.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from foundation.accounts.models import Team
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import DomainError
from frontline_feedback.actions import give_verdict
from frontline_feedback.models import Verdict
from releases.actions.approve_release import approve_release
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.withdraw_release import withdraw_release
from releases.artifacts.actions.add_artifact import add_artifact
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.actions.set_compatibility import set_compatibility
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.make_bundle import make_bundle
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.models import ImportedBundle, Receipt
from releases.models import Installation, Release
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.start_rollout import GroupPlan, start_rollout
from rnd.engineering.actions import link_ticket
from tests.bundles.world import Stick, offline
from tests.cast import Cast
from tests.loop.conftest import Way
from tests.releases.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
CHECK = "minisign -V -H -m SHA256SUMS -p team.pub && sha256sum -c --strict SHA256SUMS"


@dataclass(slots=True)
class Journey:
    """The people, the repository, and the keys."""

    cast: Cast
    way: Way
    stick: Stick

    def candidate(self, version: str, firmware: bytes) -> Release:
        """Tag, and send the firmware that was built from it."""
        kari = self.cast.actor("kari")
        release = self.way.world.draft(version)
        artifact = add_artifact(
            actor=kari, release=release, name="autopilot.bin", hardware=[self.cast.rev_a.pk], content=[firmware]
        )
        set_compatibility(
            actor=kari, artifact=artifact, hardware=self.cast.rev_a, state="supported", evidence="Two hours of flight."
        )
        return propose_release(actor=kari, release=release)

    def sign(self, release: Release, *signers: str) -> None:
        """Seal, and let each sign offline with their own key."""
        manifest = seal_manifest(actor=self.cast.actor("kari"), release=release)
        for name in signers:
            text = self.stick.signer(name).sign(bytes(manifest.sums))
            add_signature(actor=self.cast.actor("kari"), release=release, text=text)

    def refusal(self, act: Callable[[], object]) -> DomainError:
        """Give what the house answers."""
        with pytest.raises(DomainError) as caught:
            act()
        assert caught.value.message
        return caught.value


@pytest.fixture
def journey(transactional_db: None, cast: Cast, tmp_path: Path) -> Journey:
    way = Way(cast, make_world(cast, tmp_path))
    way.subscribe(cast.north, "pilot")
    way.subscribe(cast.east, "fleet")
    return Journey(cast, way, Stick(cast, tmp_path / "stick"))


def test_from_a_signed_artifact_to_receipts_on_a_stick(
    journey: Journey, drain: Callable[[], object], tmp_path: Path
) -> None:
    cast, way = journey.cast, journey.way
    kari, henrik = cast.actor("kari"), cast.actor("henrik")

    # Two teams report the same fault; one task mends it, by one commit.
    of_north, of_east = way.accept(way.report()), way.accept(way.report(team=cast.east, by="stepan"))
    task = way.open_task(of_north)
    link_ticket(actor=cast.actor("magnus"), task=task, ticket=of_east)
    way.commit(f"Reject steps\n\nFixes: {task.key}\n")
    drain()
    way.finish(task)

    # The signed artifact: what nobody has signed, and what one alone has, goes only so far.
    release = approve_release(actor=henrik, release=journey.candidate("1.1", b"\x7fELF 1.1" * 4000))
    unsigned = journey.refusal(lambda: publish_release(actor=kari, release=release, channel="pilot"))
    assert "not sealed" in unsigned.message
    journey.sign(release, "kari")

    # Pilot: in a rollout, with North's verdict.
    rollout = start_rollout(
        actor=kari, release=release, channel="pilot", groups=[GroupPlan([cast.north], soak_hours=0)]
    )
    drain()
    installed = way.install(release)
    drain()
    give_verdict(actor=cast.actor("olena"), ticket=of_north, release=installed.release, outcome="fixed")
    drain()
    of_north.refresh_from_db()
    assert (of_north.state, of_north.outcome) == ("closed", "fixed")
    rollout.refresh_from_db()
    if rollout.state == "running":
        rollout = advance_rollout(actor=kari, rollout=rollout, reason="North has flown it.")
    assert rollout.state == "completed"

    # Fleet: two people.
    one = journey.refusal(lambda: publish_release(actor=kari, release=release, channel="fleet"))
    assert "2" in one.message
    journey.sign(release, "henrik")
    release = publish_release(actor=kari, release=release, channel="fleet")
    drain()

    # It loses height in rain: withdrawn, and 1.2 is there instead.
    second = approve_release(actor=henrik, release=journey.candidate("1.2", b"\x7fELF 1.2" * 4000))
    journey.sign(second, "kari", "henrik")
    second = publish_release(actor=kari, release=second, channel="fleet")
    bundle_of_first = take(journey, release, cast.east, tmp_path / "first.tar")
    withdraw_release(actor=kari, release=release, reason="It loses height in rain.", replacement=second)
    drain()
    withdrawn = journey.refusal(lambda: make_bundle(actor=kari, release=release, team=cast.east))
    assert (withdrawn.code, "loses height in rain" in withdrawn.message) == ("release.withdrawn", True)

    # On a stick, to East: checked there with minisign and sha256sum alone.
    path = take(journey, second, cast.east, tmp_path / "second.tar")
    with tarfile.open(path) as archive:
        archive.extractall(tmp_path / "usb", filter="data")
    folder = tmp_path / "usb" / "autopilot-1.2"
    (folder / "signed" / "team.pub").write_bytes(journey.stick.kari.public.read_bytes())
    done = offline(CHECK, folder / "signed")
    assert done.returncode == 0, done.stderr
    assert "autopilot.bin: OK" in done.stdout
    assert (folder / "signed" / "autopilot.bin").read_bytes() == b"\x7fELF 1.2" * 4000
    assert "1.1" in (folder / "unsigned" / "withdrawn.txt").read_text()
    fixes = json.loads((folder / "unsigned" / "fixes.json").read_text())
    assert fixes["tickets"] == [{"ticket": of_east.key, "title": of_east.title, "in_this_release": True}]

    # At the other end it comes in; damaged, or older, it does not.
    content = path.read_bytes()
    place = content.index(b"\x7fELF 1.2")
    damaged = content[:place] + b"\x7fEVIL" + content[place + 5 :]
    assert journey.refusal(lambda: bring(journey, damaged)).code == "bundle.differs"
    assert bring(journey, content).version == "1.2"
    assert journey.refusal(lambda: bring(journey, bundle_of_first.read_bytes())).code == "bundle.rollback"

    # East fills the form in by hand, and it comes back with the stick. Twice, as things do.
    form = (folder / "unsigned" / "receipt.txt").read_text()
    for name, value in (
        ("hardware", "A"),
        ("installed_at", _now()),
        ("ticket", of_east.key),
        ("verdict", "fixed"),
        ("note", "Висоту тримає"),
    ):
        form = form.replace(f"\n{name}:\n", f"\n{name}: {value}\n")
    for _time in range(2):
        taken = take_receipts(actor=cast.actor("stepan"), content=form.encode(), source="receipt.txt")
        assert not taken.refused, taken.refused[0].error
        drain()
    assert Installation.objects.filter(team=cast.east, release=second).count() == 1
    verdict = Verdict.objects.get(ticket=of_east)
    assert (verdict.outcome, verdict.note, verdict.release) == ("fixed", "Висоту тримає", second)
    of_east.refresh_from_db()
    assert (of_east.state, of_east.outcome) == ("closed", "fixed")
    assert Receipt.objects.get().verdict_state == "taken"
    told = Entry.objects.filter(kind__in=["bundle.made", "bundle.imported", "receipt.verdict_settled"]).order_by("id")
    assert [entry.kind for entry in told] == [
        "bundle.made", "bundle.made", "bundle.imported", "receipt.verdict_settled",
    ]  # fmt: skip


def take(journey: Journey, release: Release, team: Team, path: Path) -> Path:
    """Let Kari take the bundle for a team."""
    bundle = make_bundle(actor=journey.cast.actor("kari"), release=release, team=team)
    with path.open("wb") as out:
        for part in bundle.read():
            out.write(part)
    return path


def bring(journey: Journey, content: bytes) -> ImportedBundle:
    """Let Kari take a bundle in."""
    return import_bundle(actor=journey.cast.actor("kari"), file=io.BytesIO(content), channel="fleet")


def _now() -> str:
    """Give the present minute as East writes it: in its own time."""
    return clock.now().astimezone(ZoneInfo("Europe/Kyiv")).strftime("%Y-%m-%d %H:%M")
