"""A git host's call is proven by its signature, remembered, and a hint to fetch: nothing more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from releases.hooks.actions.make_secret import make_secret
from releases.hooks.actions.receive_hook import MAX_BODY, MOST_A_MINUTE, MOST_REFUSED_A_MINUTE, REFUSALS_KEPT
from releases.hooks.actions.revoke_secrets import revoke_secrets
from releases.hooks.models import HookDelivery
from releases.models import Repository
from tests.cast import Cast
from tests.hooks.senders import BODY, forgejo, gitea, github, gitlab_signed, gitlab_token, hexed, send
from tests.releases import api_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Headers = Callable[..., dict[str, str]]
HOSTS = {"github": github, "gitea": gitea, "forgejo": forgejo, "gitlab": gitlab_token}


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def repository(cast: Cast) -> Repository:
    """A repository that is looked at again in an hour."""
    found = api_world.repository(cast)
    Repository.objects.filter(pk=found.pk).update(next_fetch_at=clock.now() + timedelta(hours=1))
    return found


@pytest.fixture
def secret(repository: Repository) -> str:
    return make_secret(actor=SYSTEM, repository=repository)


def is_due(repository: Repository) -> bool:
    repository.refresh_from_db()
    return repository.next_fetch_at <= clock.now()


@pytest.mark.parametrize("host", HOSTS)
def test_a_push_makes_the_repository_due(repository: Repository, secret: str, host: str) -> None:
    answer = send(repository.slug, HOSTS[host](secret))
    assert (answer.status_code, answer.json()["result"]) == (202, "fetch")
    assert is_due(repository)
    delivery = HookDelivery.objects.get()
    assert (delivery.host, delivery.result) == (host, "fetch")


def test_gitlab_signs_by_the_standard(repository: Repository, secret: str) -> None:
    with clock.at(NOW):
        assert send(repository.slug, gitlab_signed(secret, NOW)).status_code == 202
        assert is_due(repository)


@pytest.mark.parametrize("off", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_what_gitlab_signed_at_another_time_is_refused(repository: Repository, secret: str, off: timedelta) -> None:
    with clock.at(NOW):
        assert send(repository.slug, gitlab_signed(secret, NOW + off)).status_code == 401
    assert not is_due(repository)


def test_a_wrong_standard_signature_is_not_rescued_by_the_right_token(repository: Repository, secret: str) -> None:
    with clock.at(NOW):
        headers = gitlab_token(secret) | gitlab_signed(secret, NOW, body=b"{}")
        assert send(repository.slug, headers).status_code == 401


@pytest.mark.parametrize(("host", "own"), [("gitea", "X-Gitea-Signature"), ("forgejo", "X-Forgejo-Signature")])
def test_a_wrong_signature_of_its_own_is_not_rescued_by_githubs(
    repository: Repository, secret: str, host: str, own: str
) -> None:
    headers = HOSTS[host](secret) | {own: hexed("another")}
    assert send(repository.slug, headers).status_code == 401
    assert HookDelivery.objects.get().host == host


@pytest.mark.parametrize("host", HOSTS)
def test_another_secret_is_refused_with_its_reason(repository: Repository, secret: str, host: str) -> None:
    answer = send(repository.slug, HOSTS[host]("whsec_" + "A" * 44))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "hook.signature_wrong"
    assert not is_due(repository)
    refusal = HookDelivery.objects.get()
    assert (refusal.result, refusal.code, refusal.delivery) == ("refused", "hook.signature_wrong", None)


@pytest.mark.parametrize("host", ["github", "gitea", "forgejo"])
def test_one_changed_byte_is_refused(repository: Repository, secret: str, host: str) -> None:
    assert send(repository.slug, HOSTS[host](secret), body=BODY.replace(b"main", b"mann")).status_code == 401


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha1=" + hexed("x"), "sha256=é", "sha256=" + "0" * 64, "\udcff", "sha256=" + "0" * 9999],
)
def test_no_signature_that_is_none_passes(repository: Repository, secret: str, signature: str) -> None:
    headers = github(secret)
    del headers["X-Hub-Signature-256"]
    if signature.isascii():
        headers["X-Hub-Signature-256"] = signature
    assert send(repository.slug, headers).status_code == 401


def test_a_delivery_that_came_before_fetches_nothing(repository: Repository, secret: str) -> None:
    assert send(repository.slug, github(secret)).status_code == 202
    later = clock.now() + timedelta(hours=2)
    Repository.objects.filter(pk=repository.pk).update(next_fetch_at=later)
    assert send(repository.slug, github(secret)).json() == {"result": "fetch", "event": "push"}
    repository.refresh_from_db()
    assert repository.next_fetch_at == later
    assert HookDelivery.objects.count() == 1


def test_a_trial_and_what_changes_no_branch_fetch_nothing(repository: Repository, secret: str) -> None:
    ping = send(repository.slug, github(secret, event="ping"))
    issue = send(repository.slug, github(secret, event="issues", delivery="another"))
    assert (ping.status_code, ping.json()["result"]) == (200, "ping")
    assert (issue.status_code, issue.json()["result"]) == (200, "ignored")
    assert not is_due(repository)


def test_what_the_body_says_is_not_even_read(repository: Repository, secret: str) -> None:
    body = b'{"ref": "--upload-pack=touch /tmp/x", not json at all \xff'
    assert send(repository.slug, github(secret, body=body), body=body).status_code == 202


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_only_json_is_taken(repository: Repository, secret: str, kind: str) -> None:
    answer = send(repository.slug, github(secret), content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "hook.not_json")


def test_an_unknown_sender_is_told_so(repository: Repository, secret: str) -> None:
    answer = send(repository.slug, {"X-Event-Key": "repo:push"})
    assert (answer.status_code, answer.json()["code"]) == (400, "hook.unknown_host")


def test_a_body_without_end_is_cut_off(repository: Repository, secret: str) -> None:
    body = b"x" * (MAX_BODY + 1)
    answer = send(repository.slug, github(secret, body=body), body=body)
    assert (answer.status_code, answer.json()["code"]) == (413, "hook.too_large")


def test_where_no_hook_is_expected_nothing_is_said(cast: Cast, repository: Repository) -> None:
    known, unknown = send(repository.slug, github("x")), send("nothing-here", github("x"))
    assert known.status_code == unknown.status_code == 404
    assert known.json() == unknown.json()
    assert not HookDelivery.objects.exists()


def test_the_secret_before_counts_for_a_week_more(repository: Repository, secret: str) -> None:
    fresh = make_secret(actor=SYSTEM, repository=repository)
    assert fresh != secret
    assert send(repository.slug, github(secret, delivery="1")).status_code == 202
    assert send(repository.slug, github(fresh, delivery="2")).status_code == 202
    with clock.at(clock.now() + timedelta(days=8)):
        assert send(repository.slug, github(secret, delivery="3")).status_code == 401
        assert send(repository.slug, github(fresh, delivery="4")).status_code == 202


def test_a_revoked_secret_counts_no_more(repository: Repository, secret: str) -> None:
    revoke_secrets(actor=SYSTEM, repository=repository)
    assert send(repository.slug, github(secret)).status_code == 404


def test_secrets_of_one_repository_open_no_other(cast: Cast, repository: Repository, secret: str) -> None:
    from releases.actions.add_repository import add_repository

    other = add_repository(actor=SYSTEM, component=cast.radio, url="https://git.example/sokil/radio.git")
    make_secret(actor=SYSTEM, repository=other)
    assert send(other.slug, github(secret)).status_code == 401


def test_too_many_calls_a_minute_are_put_off(repository: Repository, secret: str) -> None:
    with clock.at(NOW):
        for number in range(MOST_A_MINUTE):
            assert send(repository.slug, github(secret, delivery=f"{number}")).status_code == 202
        late = send(repository.slug, github(secret, delivery="more"))
        assert (late.status_code, late["Retry-After"]) == (429, str(60 - NOW.second))
    with clock.at(NOW + timedelta(minutes=1)):
        assert send(repository.slug, github(secret, delivery="more")).status_code == 202


def test_who_guesses_fills_neither_the_table_nor_the_way_of_the_host(repository: Repository, secret: str) -> None:
    with clock.at(NOW):
        for _number in range(MOST_REFUSED_A_MINUTE):
            assert send(repository.slug, github("guess")).status_code == 401
        guess = send(repository.slug, github("guess"))
        assert (guess.status_code, guess["Retry-After"]) == (429, str(60 - NOW.second))
        assert send(repository.slug, github(secret)).status_code == 202
    with clock.at(NOW + timedelta(minutes=1)):
        send(repository.slug, github("guess"))
    assert HookDelivery.objects.filter(result="refused").count() == REFUSALS_KEPT


def test_the_door_is_for_posts_only(client: object, repository: Repository, secret: str) -> None:
    from django.test import Client

    assert Client().get(f"/hooks/git/{repository.slug}/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_a_hook_nothing_but_time(cast: Cast) -> None:
    repository = api_world.repository(cast)
    Repository.objects.filter(pk=repository.pk).update(next_fetch_at=clock.now() + timedelta(hours=1))
    secret = make_secret(actor=SYSTEM, repository=repository)
    # No broker runs in tests, and nothing is put in its place here.
    assert send(repository.slug, github(secret)).status_code == 202
    assert is_due(repository)
