"""Keys: registered by one, confirmed by another, valid for a time, revoked for a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, DomainError, Forbidden, Invalid
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.confirm_key import confirm_key
from releases.artifacts.actions.register_key import register_key
from releases.artifacts.actions.revoke_key import revoke_key
from releases.artifacts.models import SigningKey
from releases.artifacts.queries import signed_state
from releases.models import Channel
from tests.artifacts.minisigning import Signer
from tests.artifacts.world import World

pytestmark = pytest.mark.django_db


def register(world: World, signer: Signer, whose: str = "kari", **changed: object) -> SigningKey:
    values: dict[str, object] = {
        "actor": world.cast.actor("kari"),
        "component": world.cast.autopilot,
        "public_key": signer.public_text,
        "holder": world.cast.users[whose],
        "channels": ["lab"],
        **changed,
    }
    return register_key(**values)  # type: ignore[arg-type]  # some are wrong on purpose


def code_of(error: type[DomainError], call: object, **values: object) -> str:
    assert callable(call)
    with pytest.raises(error) as caught:
        call(**values)
    return caught.value.code


def test_neither_who_registers_nor_who_holds_a_key_can_confirm_it(world: World) -> None:
    key = register(world, Signer.new(), whose="henrik")
    for name in ("kari", "henrik"):
        actor = world.cast.actor(name)
        assert code_of(Forbidden, confirm_key, actor=actor, key=key) == "key.own_confirmation"
    assert code_of(Forbidden, confirm_key, actor=world.cast.actor("magnus"), key=key) == "accounts.right_missing"
    key = confirm_key(actor=world.cast.actor("arne"), key=key)
    assert key.state == "active"
    assert code_of(Conflict, confirm_key, actor=world.cast.actor("arne"), key=key) == "key.not_waiting"
    kinds = list(Entry.objects.filter(subject_type="signing_key").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["signing_key.registered", "signing_key.confirmed"]


def test_what_cannot_be_registered_is_refused_with_its_reason(world: World) -> None:
    signer = Signer.new()
    with pytest.raises(Invalid) as caught:
        register(world, signer, public_key="RWnonsense")
    assert caught.value.code == "key.malformed"
    for changed, code in (
        ({"channels": []}, "key.channels"),
        ({"channels": ["moon"]}, "key.channels"),
        ({"valid_until": clock.now() - timedelta(days=1)}, "key.validity"),
        ({"whose": "sigrid"}, "key.holder"),
    ):
        with pytest.raises(Invalid) as caught:
            register(world, signer, **changed)
        assert caught.value.code == code


def test_a_key_is_one_persons(world: World) -> None:
    signer = Signer.new()
    register(world, signer)
    with pytest.raises(Conflict) as caught:
        register(world, signer)
    assert caught.value.code == "key.registered"
    with pytest.raises(Conflict) as caught:
        register(world, signer, whose="henrik", component=world.cast.radio)
    assert caught.value.code == "key.of_another"
    assert register(world, signer, component=world.cast.radio).state == "waiting"


def test_an_expired_key_keeps_what_it_signed_and_signs_nothing_new(world: World) -> None:
    signer = Signer.new()
    key = register(world, signer, valid_until=clock.now() + timedelta(days=1))
    confirm_key(actor=world.cast.actor("arne"), key=key)
    old, new = world.draft("1.0"), world.draft("1.1")
    for release in (old, new):
        world.artifact(release)
    add_signature(actor=SYSTEM, release=old, text=signer.sign(bytes(world.sealed(old).sums)))
    with clock.at(clock.now() + timedelta(days=2)):
        text = signer.sign(bytes(world.sealed(new).sums))
        with pytest.raises(Conflict) as caught:
            add_signature(actor=SYSTEM, release=new, text=text)
        assert "was valid until" in caught.value.message
        state = signed_state(old)
        assert not state.is_signed_for(Channel.LAB)
        assert state.is_signed_for(Channel.LAB, now=False)
    assert signed_state(old).is_signed_for(Channel.LAB)


def test_a_revocation_needs_a_reason_and_has_no_way_back(world: World) -> None:
    key = world.key("kari")
    assert code_of(Invalid, revoke_key, actor=SYSTEM, key=key, reason=" ") == "key.reason_missing"
    revoke_key(actor=world.cast.actor("henrik"), key=key, reason="Lost.")
    assert code_of(Conflict, revoke_key, actor=SYSTEM, key=key, reason="Again.") == "key.revoked"
    with pytest.raises(Conflict):
        register(world, world.signers["kari"])


def test_a_signature_before_the_seal_is_refused(world: World) -> None:
    world.key("kari")
    release = world.draft()
    world.artifact(release)
    text = world.signers["kari"].sign(b"x")
    assert code_of(Conflict, add_signature, actor=SYSTEM, release=release, text=text) == "manifest.not_sealed"


def test_the_same_signature_again_is_the_same(world: World) -> None:
    world.key("kari")
    release = world.draft()
    world.artifact(release)
    assert world.sign(release, "kari").pk == world.sign(release, "kari").pk
