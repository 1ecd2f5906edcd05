"""Take a git host's call: prove it, remember it, and ask for a fetch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from foundation.kit.errors import DomainError, NotFound, TooMany
from foundation.kit.limits import seconds_left, within
from releases.actions.request_fetch import request_fetch
from releases.hooks.errors import NotJson, TooLarge, Unreadable, Unsigned
from releases.hooks.hosts import Call, Check, call_of
from releases.hooks.models import HookDelivery
from releases.hooks.secrets import live_secrets
from releases.models import Repository

MAX_BODY: Final = 25 << 20  # GitHub's own bound
MOST_A_MINUTE: Final = 60
MOST_REFUSED_A_MINUTE: Final = 20
REMEMBERED: Final = timedelta(days=90)
REFUSALS_KEPT: Final = 20


def receive_hook(*, slug: str, headers: Mapping[str, str], body: Iterable[bytes]) -> HookDelivery:
    """Take the call for the repository `slug`; gives what became of it, for a repetition what became of the first.

    The signature over the raw body is the caller's right; nothing is parsed, and the body is never held whole.
    Raises NotFound, NotJson, Unreadable, TooLarge, Unsigned, TooMany; refusals are kept for the page, a few of them.
    """
    repository = Repository.objects.select_related("component").filter(slug=slug).first()
    secrets = live_secrets(repository) if repository else []
    if repository is None or not secrets:
        raise NotFound("hook.not_found", _("No webhook is expected at this address."))
    call = call_of(headers)
    try:
        call = _proven(call, headers, body, secrets)
        if not within(f"hooks.taken.{repository.pk}", MOST_A_MINUTE):
            raise TooMany("hook.too_many", _("More than %(most)s hooks a minute; the next poll finds what is new.")
                          % {"most": MOST_A_MINUTE}, retry_after=seconds_left())  # fmt: skip
    except DomainError as error:
        if within(f"hooks.refused.{repository.pk}", MOST_REFUSED_A_MINUTE):
            _keep_refusal(repository, call, error)
            raise
        told = _("Too many hooks were refused in this minute.")
        raise TooMany("hook.too_many", told, retry_after=seconds_left()) from error
    return _take(repository, call)


def _proven(call: Call | None, headers: Mapping[str, str], body: Iterable[bytes], secrets: list[str]) -> Call:
    """Give the call when its signature holds; raises what is wrong with it."""
    if call is None:
        raise Unreadable("hook.unknown_host", _("This is no hook of GitHub, GitLab, Gitea or Forgejo."))
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson(
            "hook.not_json",
            _("The content type is “%(kind)s”. Choose application/json where the hook is set up.")
            % {"kind": kind[:80]},
        )
    check, size = Check(call, headers, secrets), 0
    for piece in body:
        size += len(piece)
        if size > MAX_BODY:
            raise TooLarge("hook.too_large", _("A hook has at most %(size)s MB.") % {"size": MAX_BODY >> 20})
        check.feed(piece)
    if not check.holds(clock.now()):
        raise Unsigned(
            "hook.signature_wrong",
            _("The signature does not fit. Enter the secret of this repository's page at the host once more."),
        )
    return call


@transaction.atomic
def _take(repository: Repository, call: Call) -> HookDelivery:
    rows = HookDelivery.objects.filter(repository=repository)
    row, fresh = HookDelivery.objects.get_or_create(
        repository=repository,
        host=call.host,
        # A call without an id is none that a host has sent before.
        delivery=call.delivery or f"none-{clock.now().timestamp()}",
        defaults={"event": call.event, "result": call.kind, "at": clock.now()},
    )
    if fresh:
        rows.filter(at__lt=clock.now() - REMEMBERED).delete()
        if call.kind == "fetch":
            request_fetch(actor=SYSTEM, repository=repository)
    return row


@transaction.atomic
def _keep_refusal(repository: Repository, call: Call | None, error: DomainError) -> None:
    refused = HookDelivery.objects.filter(repository=repository, result=HookDelivery.Result.REFUSED)
    HookDelivery.objects.create(
        repository=repository,
        host=call.host if call else "",
        event=call.event if call else "",
        result=HookDelivery.Result.REFUSED,
        code=error.code,
        at=clock.now(),
    )
    stale = refused.order_by("-pk").values("pk")[REFUSALS_KEPT:]
    HookDelivery.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
