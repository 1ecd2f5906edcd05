"""Put an uploaded bill of materials in the place of the one that would be generated."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid
from releases.artifacts import sbom
from releases.artifacts.faults import Fault
from releases.artifacts.intake import check_open, supersede
from releases.artifacts.kinds import SbomAdded
from releases.artifacts.models import Sbom
from releases.artifacts.sentences import refusal_of
from releases.locking import locked_release
from releases.models import Release


@transaction.atomic
def add_sbom(*, actor: Actor, release: Release, content: bytes) -> Sbom:
    """Check it against CycloneDX's schema and the release, and keep it byte for byte. Raises Invalid `sbom.…`."""
    release = locked_release(release)
    actor.require("sbom.add", programme_id=release.component.programme_id)
    check_open(release)
    if len(content) > sbom.LARGEST:
        raise Invalid("sbom.too_large", _too_large(len(content)), field="file")
    try:
        read = sbom.check(content, version=release.version)
    except Fault as fault:
        raise refusal_of(fault, field="file") from fault
    now = clock.now()
    Sbom.objects.filter(release=release, replaced_at=None).update(replaced_at=now)
    found = Sbom.objects.create(
        release=release,
        content=content,
        spec_version=read.spec_version,
        components_count=read.components,
        added_by_id=actor.user_id,
        added_at=now,
    )
    supersede(release)
    record(SbomAdded(spec_version=read.spec_version, components=read.components), subject=release, actor=actor)
    return found


def _too_large(size: int) -> str:
    from django.template.defaultfilters import filesizeformat
    from django.utils.translation import gettext as _

    return _("The bill of materials has %(size)s; at most %(most)s are taken.") % {
        "size": filesizeformat(size),
        "most": filesizeformat(sbom.LARGEST),
    }
