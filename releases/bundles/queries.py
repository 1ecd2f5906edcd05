"""What the pages of this room and its commands read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM, Actor
from foundation.accounts.models import Team
from foundation.kit.errors import DomainError, NotFound
from releases.bundles import layout
from releases.bundles.making import bundle_of, teams_for
from releases.bundles.models import ImportedBundle, Receipt
from releases.bundles.plan import Bundle
from releases.bundles.receipts import COLUMNS
from releases.bundles.serving import counting
from releases.bundles.trust import Vouched, channels_of
from releases.models import Channel, Release


@dataclass(frozen=True, slots=True)
class Offer:
    """A release's panel: the bundle that can be taken, for which teams, or why there is none."""

    teams: list[Team]
    bundle: Bundle | None
    refused: str


def offer_of(actor: Actor, release: Release) -> Offer:
    """Give what the panel shows."""
    teams = teams_for(actor, release)
    try:
        return Offer(teams, bundle_of(actor, release, None), "")
    except DomainError as error:
        return Offer(teams, None, error.message)


def bundles_of(actor: Actor) -> QuerySet[ImportedBundle]:
    """Give the visible imported bundles, the newest first, with what lists show."""
    return (
        ImportedBundle.objects.visible_to(actor)
        .select_related("component", "release__component", "imported_by")
        .defer("manifest", "sbom", "sums", "documents")
        .annotate(receipts_count=Count("receipts"))
        .order_by("-imported_at", "-pk")
    )


def imported_bundle_of(actor: Actor, pk: int) -> ImportedBundle:
    """Give the visible bundle; raises NotFound."""
    visible = ImportedBundle.objects.visible_to(actor).select_related("component", "release__component", "imported_by")
    found = visible.filter(pk=pk).first()
    if found is None:
        raise NotFound("bundle.not_found", _("There is no imported bundle %(pk)s that you may see.") % {"pk": pk})
    return found


@dataclass(frozen=True, slots=True)
class Contents:
    """An imported bundle's page: signatures that count, channels they are enough for, notes, what is withdrawn."""

    bundle: ImportedBundle
    signatures: list[Any]
    channels: list[Channel]
    notes: str
    withdrawn: list[dict[str, str]]
    withdrawn_here: str
    fixes: list[dict[str, Any]]


def contents_of(bundle: ImportedBundle, language: str) -> Contents:
    """Give what is in the bundle; its withdrawn list is the newest that any bundle of the component brought."""
    signatures = counting(bundle)
    newest = (
        ImportedBundle.objects.filter(component=bundle.component_id).order_by("-sequence").values("documents").first()
    )
    assert newest is not None
    withdrawn = _rows(newest["documents"], layout.WITHDRAWN, "releases")
    code = language if language in layout.LANGUAGES else "en"
    return Contents(
        bundle=bundle,
        signatures=signatures,
        channels=channels_of([Vouched(one.key, one.text) for one in signatures]),
        notes=_without_title(bundle.documents.get(f"notes.{code}.md", "")),
        withdrawn=withdrawn,
        withdrawn_here=next(
            (str(row.get("reason", "")) or "–" for row in withdrawn if row.get("version") == bundle.version), ""
        ),
        fixes=_rows(bundle.documents, layout.FIXES, "tickets"),
    )


def _without_title(notes: str) -> str:
    """Give the notes without their first heading, which the page has already."""
    first, _newline, rest = notes.partition("\n")
    return rest.strip() if first.startswith("# ") else notes


def _rows(documents: dict[str, str], name: str, key: str) -> list[dict[str, Any]]:
    """Give the rows of an unsigned document; anything but the shape that we write gives none."""
    try:
        rows = json.loads(documents.get(name, "{}")).get(key, [])
    except (ValueError, AttributeError, RecursionError):
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def receipts_of(actor: Actor) -> QuerySet[Receipt]:
    """Give the visible receipts, the latest first."""
    return (
        Receipt.objects.visible_to(actor)
        .select_related("team", "release__component", "bundle__component", "hardware__platform", "taken_by")
        .defer("bundle__manifest", "bundle__sbom", "bundle__sums", "bundle__documents")
        .order_by("-taken_at", "-pk")
    )


def receipts_brought(actor: Actor, pks: list[int]) -> dict[int, Receipt]:
    """Give what became of the lines that the actor has just brought, by id.

    A refused line may belong to no team. To a person it is visible as their own; whoever has no account is told here.
    """
    nobodys = receipts_of(SYSTEM).filter(pk__in=pks, team=None, state=Receipt.State.REFUSED)
    return {**nobodys.in_bulk(), **receipts_of(actor).filter(pk__in=pks).in_bulk()}


def kept_lines(actor: Actor) -> str:
    """Give the receipts that wait to be carried on, as JSON lines that are taken in where their releases are."""
    kept = receipts_of(actor).filter(state=Receipt.State.KEPT).order_by("pk")
    return "".join(f"{json.dumps(_wire(receipt), ensure_ascii=False)}\n" for receipt in kept)


def _wire(receipt: Receipt) -> dict[str, str]:
    assert receipt.team is not None
    assert receipt.bundle is not None
    values = {
        "receipt": str(receipt.client_uuid),
        "team": receipt.team.slug,
        "component": receipt.bundle.component.slug,
        "version": receipt.bundle.version,
        "platform": receipt.hardware.platform.slug if receipt.hardware else "",
        "hardware": receipt.hardware.name if receipt.hardware else "",
        "installed_at": receipt.installed_at.isoformat() if receipt.installed_at else "",
        "ticket": receipt.ticket,
        "verdict": receipt.verdict,
        "tested_at": receipt.tested_at.isoformat() if receipt.tested_at else "",
        "note": receipt.note,
    }
    return {column: values[column] for column in COLUMNS if values[column]}
