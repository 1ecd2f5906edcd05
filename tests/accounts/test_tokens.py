"""Making and revoking API tokens."""

from datetime import timedelta
from typing import Any

import pytest

from foundation.accounts.actions.create_token import create_token
from foundation.accounts.actions.revoke_token import revoke_token
from foundation.accounts.models import ApiToken
from foundation.journal.models import Entry
from foundation.kit import clock
from foundation.kit.errors import Conflict, Forbidden, Invalid
from tests.cast import Cast


def make(cast: Cast, name: str = "magnus", **change: Any) -> Any:
    values = {
        "actor": cast.actor(name),
        "user": cast.users[name],
        "name": "laptop",
        "scopes": ["tasks:write"],
        "expires_at": clock.now() + timedelta(days=1),
        **change,
    }
    return create_token(**values)


def test_the_text_of_a_token_is_stored_nowhere(cast: Cast) -> None:
    created = make(cast)
    assert created.plaintext.startswith("fieldloop_")
    row = ApiToken.objects.values().get()
    entry = Entry.objects.get(kind="token.created")
    assert created.plaintext not in f"{row}{entry.data}"
    assert (entry.subject_id, entry.data["scopes"]) == (created.token.pk, ["tasks:write"])


def test_one_makes_tokens_for_oneself_only(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        make(cast, actor=cast.actor("arne"))


def test_no_token_makes_another_token(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        make(cast, actor=cast.actor("magnus", scopes=["accounts:write"]))


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_expires_after_now_and_within_a_year(cast: Cast, days: int) -> None:
    with clock.at(clock.now()) as now, pytest.raises(Invalid) as refusal:
        make(cast, expires_at=now + timedelta(days=days))
    assert refusal.value.code == "accounts.expiry_out_of_range"


@pytest.mark.parametrize(("scopes", "code"), [([], "accounts.scopes_missing"), (["x:y"], "accounts.scope_unknown")])
def test_scopes_are_some_of_those_there_are(cast: Cast, scopes: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make(cast, scopes=scopes)
    assert (refusal.value.code, refusal.value.field) == (code, "scopes")


def test_a_token_is_revoked_once_by_its_owner_or_an_administrator(cast: Cast) -> None:
    token = make(cast).token
    with pytest.raises(Forbidden):
        revoke_token(actor=cast.actor("kari"), token=token)
    with pytest.raises(Forbidden):
        revoke_token(actor=cast.actor("astri"), token=token)
    assert revoke_token(actor=cast.actor("arne"), token=token).revoked_at is not None
    with pytest.raises(Conflict):
        revoke_token(actor=cast.actor("magnus"), token=token)
    assert Entry.objects.get(kind="token.revoked").actor_name == "Arne Foss"
