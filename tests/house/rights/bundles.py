"""Who may take releases away on a stick, bring them in, and carry receipts back."""

from __future__ import annotations

import io

from foundation.accounts.actors import SYSTEM
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.take_receipts import take_receipts
from releases.bundles.making import bundle_of
from releases.bundles.models import ImportedBundle
from tests.artifacts.world import World
from tests.cast import Cast
from tests.house.rights import EVERYONE, Role, Row
from tests.releases import api_world

STAFF = frozenset({Role.TRIAGER, Role.ENGINEER, Role.RELEASE_MANAGER, Role.MANAGER, Role.ADMIN})
SEERS = STAFF | {Role.REPORTER}
KEEPERS = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
CARRIERS = frozenset({Role.REPORTER, Role.RELEASE_MANAGER})
PARTNER = frozenset({Role.PARTNER})
LINE = "team: north\ncomponent: autopilot\nversion: 1.0\nhardware: A\ninstalled_at: 2026-03-01\n"


def imported(cast: Cast) -> ImportedBundle:
    """Give a bundle that came back to where it was made, given out to the fleet."""
    release = World(cast).published().release
    content = b"".join(bundle_of(SYSTEM, release, None).read())
    return import_bundle(actor=SYSTEM, file=io.BytesIO(content), channel="fleet")


def published(cast: Cast) -> dict[str, object]:
    release = World(cast).published().release
    return {"component": release.component.slug, "version": release.version}


def release_pk(cast: Cast) -> dict[str, object]:
    return {"release_pk": World(cast).published().release_id}


def bundle(cast: Cast) -> dict[str, object]:
    return {"pk": imported(cast).pk}


def file(cast: Cast) -> dict[str, object]:
    return {"pk": imported(cast).pk, "name": "SHA256SUMS"}


def receipt(cast: Cast) -> dict[str, object]:
    api_world.published(cast)
    return {"pk": take_receipts(actor=cast.actor("olena"), content=LINE.encode()).receipts[0].pk}


def fleet(cast: Cast) -> dict[str, object]:
    return {"channel": "fleet"}


def lines(cast: Cast) -> dict[str, object]:
    return {"content": LINE}


ROWS = [
    Row("bundles:panel", kwargs=published, may=SEERS, hidden_from=PARTNER),
    Row("bundles:download", kwargs=published, may=SEERS, hidden_from=PARTNER),
    Row("bundles:bundle_list", may=SEERS, foreign=0),
    Row("bundles:bundle_import", may=KEEPERS, foreign=0),
    Row("bundles:bundle_import", "POST", may=KEEPERS, foreign=0),
    Row("bundles:receipts", may=CARRIERS, foreign=0),
    Row("bundles:receipts", "POST", may=CARRIERS, foreign=0),
    Row("bundles:kept", may=CARRIERS, foreign=0),
    Row("bundles:bundle", kwargs=bundle, may=SEERS, hidden_from=PARTNER),
    Row("bundles:bundle_file", kwargs=file, may=SEERS, hidden_from=PARTNER),
    Row("bundles:let_out", "POST", kwargs=bundle, may=KEEPERS, hidden_from=PARTNER, data=fleet),
    Row("bundles:installed", "POST", kwargs=bundle, may=CARRIERS, hidden_from=PARTNER),
    Row("release-bundle", kwargs=release_pk, may=SEERS, hidden_from=PARTNER),
    Row("bundle-list", may=EVERYONE),
    # What is no tar at all is refused (422) to whoever may bring one in.
    Row("bundle-list", "POST", may=KEEPERS, foreign=0, content_type="application/x-tar"),
    Row("bundle-detail", kwargs=bundle, may=SEERS, hidden_from=PARTNER),
    Row("bundle-let-out", "POST", kwargs=bundle, may=KEEPERS, hidden_from=PARTNER, data=fleet),
    Row("receipt-list", may=EVERYONE),
    Row("receipt-list", "POST", may=CARRIERS, data=lines),
    Row("receipt-detail", kwargs=receipt, may=SEERS, hidden_from=PARTNER),
]
