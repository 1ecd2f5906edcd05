"""Puts a bundle together: what is signed as it was signed, and beside it what the receiving team should know."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import Team
from foundation.accounts.roles import Role
from foundation.catalogue.models import HardwareRevision
from foundation.kit.errors import Conflict, Forbidden, Invalid
from releases import holds
from releases.artifacts import manifest, sums
from releases.artifacts.contents import companions_of
from releases.artifacts.queries import artifacts_of
from releases.artifacts.serving import check_may_have, check_signed, refusal
from releases.artifacts.signed import SignatureState, SignedState, signed_state
from releases.bundles import documents, layout
from releases.bundles.answers import answers_for
from releases.bundles.documents import About, Withdrawn
from releases.bundles.notes import notes_in
from releases.bundles.plan import Bundle, Item
from releases.models import Channel, Release, Subscription
from releases.policies import STAFF


def teams_for(actor: Actor, release: Release) -> list[Team]:
    """Give the teams that may receive the release now and for which the actor may take it away. Two queries."""
    programme = release.component.programme_id
    teams = Team.objects.filter(kind=Team.Kind.FIELD, programmes=programme).order_by("name")
    if not actor.is_system and programme not in actor.programmes(*STAFF):
        teams = teams.filter(pk__in=actor.teams(Role.REPORTER))
    reached = Q()
    for channel in release.publications.values_list("channel", flat=True):
        nearer = [other.value for other in Channel if channel in other.received]
        subscribed = Subscription.objects.filter(
            team=OuterRef("pk"), component=release.component_id, channel__in=nearer
        ).exclude(holds.held_back(team=OuterRef("team"), release=release.pk, channel=channel))
        reached |= Q(Exists(subscribed))
    return list(teams.filter(reached)) if reached and release.state == Release.State.PUBLISHED else []


def team_of(actor: Actor, release: Release, slug: str) -> Team | None:
    """Give the team that the bundle is for; a reporter of one team need not name it, staff may name none.

    Raises Forbidden `bundle.not_received`, Invalid `bundle.team_missing`.
    """
    teams = teams_for(actor, release)
    if slug:
        found = next((team for team in teams if team.slug == slug.lower()), None)
        if found is None:
            raise Forbidden(
                "bundle.not_received",
                _("%(release)s is not out on a channel that “%(team)s” receives, or you cannot take it to them.")
                % {"release": release, "team": slug[:60]},
                field="team",
            )
        return found
    if actor.is_system or release.component.programme_id in actor.programmes(*STAFF):
        return None
    if len(teams) > 1:
        raise Invalid(
            "bundle.team_missing",
            _("Say for which team: %(teams)s.") % {"teams": ", ".join(team.slug for team in teams)},
            field="team",
        )
    return teams[0] if teams else None


def checked_state(actor: Actor, release: Release) -> SignedState:
    """Give what is signed of the release. Raises Forbidden and Conflict that say why it may not be taken away."""
    actor.require("bundle.make", programme_id=release.component.programme_id)
    if release.state == Release.State.WITHDRAWN:
        raise Conflict(
            "release.withdrawn",
            _("%(release)s is withdrawn: %(reason)s") % {"release": release, "reason": release.withdrawn_reason},
        )
    if release.state != Release.State.PUBLISHED:
        raise Conflict(
            "bundle.not_published",
            _("%(release)s is “%(state)s”; only what is published goes on a stick.")
            % {"release": release, "state": release.get_state_display()},
        )
    check_may_have(actor, release)
    state = signed_state(release)
    if not state.artifacts or state.manifest is None:
        raise Conflict(
            "bundle.nothing_signed",
            _("%(release)s has no signed files: there is nothing that could be checked at the other end.")
            % {"release": release},
        )
    for artifact in state.artifacts:
        if artifact.blob.tampered_at is not None:
            raise refusal(artifact.name, artifact.blob.tampered_why)
    check_signed(state)
    if not _counting(state):
        raise Conflict(
            "artifact.signatures_missing",
            _("The files of %(release)s are not given out: %(missing)s")
            % {"release": release, "missing": _("No signature over them counts.")},
        )
    return state


def bundle_of(actor: Actor, release: Release, team: Team | None) -> Bundle:
    """Give the bundle of a release, as it is now, for a team. Raises as `checked_state` does."""
    release = Release.objects.select_related("component", "repository", "commit").get(pk=release.pk)
    state = checked_state(actor, release)
    assert state.manifest is not None
    signed_at = release.commit.committed_at
    about = _about(state, team)
    named = {signature.file_name: signature.signature.text.encode() for signature in _counting(state)}
    signatures = {f"{sums.NAME}.minisig": next(iter(named.values())), **named}
    signed: dict[str, bytes] = {
        sums.NAME: bytes(state.manifest.sums),
        manifest.NAME: bytes(state.manifest.content),
        manifest.SBOM_NAME: bytes(state.manifest.sbom),
    }
    unsigned = _unsigned(actor, release, team, about)
    top = {
        layout.README: documents.text("readme.txt", about),
        layout.VERIFY: documents.text("verify.txt", about),
    }
    plain = [
        *(Item(name, content) for name, content in top.items()),
        *(Item(f"{layout.SIGNED}/{name}", content) for name, content in signatures.items()),
        *(Item(f"{layout.UNSIGNED}/{name}", content) for name, content in sorted(unsigned.items())),
    ]
    listed = layout.write_unsigned(
        {item.path: item.sha256 for item in plain}, documents.text("unsigned.txt", about).decode()
    )
    items = [
        *plain,
        Item(layout.UNSIGNED_SUMS, listed),
        *(Item(f"{layout.SIGNED}/{name}", content) for name, content in signed.items()),
        *(Item(f"{layout.SIGNED}/{artifact.name}", artifact.blob) for artifact in state.artifacts),
    ]
    return Bundle(release, about.folder, items, int(signed_at.timestamp()), team.slug if team else "")


def _counting(state: SignedState) -> list[SignatureState]:
    return [signature for signature in state.signatures if not signature.wrong]


def _about(state: SignedState, team: Team | None) -> About:
    release = state.release
    hardware = HardwareRevision.objects.filter(platform__programme=release.component.programme_id)
    made_for = hardware.filter(pk__in={one.pk for artifact in artifacts_of(release) for one in artifact.hardware.all()})
    signatures = _counting(state)
    return About(
        product=str(release),
        component=release.component.slug,
        version=release.version,
        commit=release.commit.sha,
        sequence=release.sequence,
        folder=f"{release.component.slug}-{release.version}",
        team=team.slug if team else "",
        hardware=[f"{one.platform.slug}: {one.name}" for one in made_for.select_related("platform")],
        signatures=[f"{one.file_name}   {one.key.name}" for one in signatures],
        companions=[f"{one.commit} ({one.repository})" for one in companions_of(release)],
        files=[f"{artifact.name}   {artifact.blob.size}   {artifact.blob.sha256}" for artifact in state.artifacts],
    )


def _unsigned(actor: Actor, release: Release, team: Team | None, about: About) -> dict[str, bytes]:
    withdrawn = _withdrawn(release)
    answers = answers_for(actor, release, team) if team else []
    return {
        **{f"notes.{language}.md": notes_in(release, language) for language in layout.LANGUAGES},
        layout.WITHDRAWN: documents.withdrawn_json(about.component, withdrawn),
        "withdrawn.txt": documents.withdrawn_text(release.component.name, withdrawn),
        layout.FIXES: documents.fixes_json(about, answers),
        "fixes.txt": documents.fixes_text(about, answers),
        "receipt.txt": documents.text("receipt.txt", about),
        "receipts.csv": documents.receipts_csv(about),
    }


def _withdrawn(release: Release) -> Sequence[Withdrawn]:
    """Give what was out once and was taken back, in the order in which it was frozen."""
    found = (
        Release.objects.released()
        .filter(component=release.component_id, state=Release.State.WITHDRAWN)
        .select_related("commit", "replacement")
        .order_by("sequence")
    )
    return [
        Withdrawn(
            version=one.version,
            commit=one.commit.sha,
            sequence=one.sequence,
            withdrawn_at=one.withdrawn_at,
            reason=one.withdrawn_reason,
            replacement=one.replacement.version if one.replacement else "",
        )
        for one in found
        if one.withdrawn_at is not None
    ]
