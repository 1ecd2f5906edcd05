"""How this room looks on the wire: what the API gives, what it reads, and the things that its names stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from foundation.catalogue.models import HardwareRevision
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.errors import Invalid
from releases.artifacts import minisign
from releases.artifacts.models import Artifact, Compatibility, Signature, SigningKey, Upload
from releases.artifacts.signed import SIGNERS_NEEDED, SignedState
from releases.models import Channel, Release


class ArtifactSerializer(serializers.ModelSerializer[Artifact]):
    """A file of a release; `hardware` as `platform/revision`. `tampered_why` says why it is not given out."""

    component = serializers.CharField(source="release.component.slug", read_only=True)
    release = serializers.CharField(source="release.version", read_only=True)
    size = serializers.IntegerField(source="blob.size", read_only=True)
    sha256 = serializers.CharField(source="blob.sha256", read_only=True)
    hardware = serializers.SerializerMethodField()
    added_by = serializers.CharField(source="added_by.username", read_only=True, allow_null=True)
    tampered_at = serializers.DateTimeField(source="blob.tampered_at", read_only=True, allow_null=True)
    tampered_why = serializers.CharField(source="blob.tampered_why", read_only=True)

    class Meta:
        model = Artifact
        fields = (
            "id", "component", "release", "name", "size", "sha256", "hardware", "added_by", "added_at", "removed_at",
            "tampered_at", "tampered_why",
        )  # fmt: skip
        read_only_fields = fields

    def get_hardware(self, artifact: Artifact) -> list[str]:
        """Give the hardware revisions that the file is made for."""
        return sorted(f"{revision.platform.slug}/{revision.name}" for revision in artifact.hardware.all())


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """An upload under way; `artifact` is the id of the file once all of it is there."""

    artifact = serializers.IntegerField(source="artifact_id", read_only=True, allow_null=True)

    class Meta:
        model = Upload
        fields = ("uuid", "name", "size", "offset", "created_at", "touched_at", "artifact", "refused")
        read_only_fields = fields


class SigningKeySerializer(serializers.ModelSerializer[SigningKey]):
    """A public key; `state` is waiting, active, future, expired or revoked."""

    component = serializers.CharField(source="component.slug", read_only=True)
    holder = serializers.CharField(source="holder.username", read_only=True)
    channels = serializers.ListField(child=serializers.CharField(), read_only=True)
    registered_by = serializers.CharField(source="registered_by.username", read_only=True, allow_null=True)
    confirmed_by = serializers.CharField(source="confirmed_by.username", read_only=True, allow_null=True)
    revoked_by = serializers.CharField(source="revoked_by.username", read_only=True, allow_null=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = SigningKey
        fields = (
            "id", "component", "holder", "name", "key_id", "public_key", "channels", "state", "valid_from",
            "valid_until", "registered_by", "registered_at", "confirmed_by", "confirmed_at", "revoked_by",
            "revoked_at", "revoked_reason",
        )  # fmt: skip
        read_only_fields = fields


class SignatureSerializer(serializers.ModelSerializer[Signature]):
    """A signature over the release's SHA256SUMS."""

    key = serializers.CharField(source="key.key_id", read_only=True)
    holder = serializers.CharField(source="key.holder.username", read_only=True)
    added_by = serializers.CharField(source="added_by.username", read_only=True, allow_null=True)

    class Meta:
        model = Signature
        fields = ("id", "key", "holder", "text", "trusted_comment", "added_by", "added_at")
        read_only_fields = fields


class CompatibilitySerializer(serializers.ModelSerializer[Compatibility]):
    """A statement about a file on a hardware revision."""

    artifact = serializers.CharField(source="artifact.name", read_only=True)
    platform = serializers.CharField(source="hardware.platform.slug", read_only=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True)
    companion = serializers.CharField(source="companion.slug", read_only=True, allow_null=True)
    set_by = serializers.CharField(source="set_by.username", read_only=True, allow_null=True)

    class Meta:
        model = Compatibility
        fields = (
            "id", "artifact", "platform", "hardware", "state", "bootloader_from", "bootloader_to", "companion",
            "companion_versions", "evidence", "evidence_url", "set_by", "set_at",
        )  # fmt: skip
        read_only_fields = fields


class ChannelStateSerializer(serializers.Serializer[Any]):
    """Whether a release is in order for a channel, and what is missing if it is not."""

    channel = serializers.ChoiceField(choices=Channel.choices)
    signers_needed = serializers.IntegerField()
    signers = serializers.ListField(child=serializers.CharField())
    missing = serializers.ListField(child=serializers.CharField())


class ManifestSerializer(serializers.Serializer[Any]):
    """How far a release is signed. `manifest_sha256` and `sums_sha256` are null until the manifest is sealed."""

    release = serializers.CharField()
    sealed_at = serializers.DateTimeField(allow_null=True)
    manifest_sha256 = serializers.CharField(allow_null=True)
    sums_sha256 = serializers.CharField(allow_null=True)
    demanded = serializers.BooleanField()
    channels = ChannelStateSerializer(many=True)


class SbomSerializer(serializers.Serializer[Any]):
    """An uploaded bill of materials."""

    spec_version = serializers.CharField()
    components_count = serializers.IntegerField()
    added_at = serializers.DateTimeField()


class UploadInput(InputSerializer):
    """`hardware` as `platform/revision`; `sha256` is compared at the end."""

    name = serializers.CharField(max_length=120)
    size = serializers.IntegerField(min_value=0, max_value=2**53)
    hardware = serializers.ListField(
        child=serializers.CharField(max_length=140), allow_empty=False, min_length=1, max_length=200
    )
    sha256 = serializers.CharField(max_length=64, required=False, allow_blank=True)


class WhyInput(InputSerializer):
    reason = serializers.CharField(max_length=2000)


class SignatureInput(InputSerializer):
    """`text` is the whole `.minisig` file."""

    text = serializers.CharField(max_length=minisign.LONGEST, trim_whitespace=False)


class KeyInput(InputSerializer):
    """`holder` is a user name; `public_key` the file minisign.pub, or its second line."""

    component = serializers.SlugField(max_length=60)
    holder = serializers.CharField(max_length=150)
    public_key = serializers.CharField(max_length=minisign.LONGEST)
    channels = serializers.ListField(child=serializers.ChoiceField(choices=Channel.choices), min_length=1, max_length=3)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField(required=False, allow_null=True)


class CompatibilityInput(InputSerializer):
    """`artifact` is a file's name, `hardware` `platform/revision`, `companion` the slug of another component."""

    artifact = serializers.CharField(max_length=120)
    hardware = serializers.CharField(max_length=140)
    state = serializers.ChoiceField(choices=Compatibility.State.choices)
    bootloader_from = serializers.CharField(max_length=40, required=False, allow_blank=True)
    bootloader_to = serializers.CharField(max_length=40, required=False, allow_blank=True)
    companion = serializers.SlugField(max_length=60, required=False, allow_null=True)
    companion_versions = serializers.CharField(max_length=120, required=False, allow_blank=True)
    evidence = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    evidence_url = serializers.CharField(max_length=500, required=False, allow_blank=True)


def hardware_named(release: Release, names: Sequence[str]) -> list[int]:
    """Give the ids of hardware revisions named `platform/revision` (or `revision` alone, where only one has the name).

    Raises Invalid `artifact.hardware_unknown`.
    """
    known = list(
        HardwareRevision.objects.filter(platform__programme=release.component.programme_id).select_related("platform")
    )
    found = []
    for name in names:
        fits = [one.pk for one in known if name in (f"{one.platform.slug}/{one.name}", one.name)]
        if len(fits) != 1:
            there = ", ".join(sorted(f"{one.platform.slug}/{one.name}" for one in known))
            raise Invalid(
                "artifact.hardware_unknown",
                _("“%(name)s” is no hardware revision here. There are: %(known)s.")
                % {"name": name[:80], "known": there or "–"},
                field="hardware",
            )
        found += fits
    return found


def manifest_data(state: SignedState) -> dict[str, Any]:
    """Give what ManifestSerializer writes."""
    import hashlib

    from releases.artifacts.gate import against

    sealed = state.manifest
    return {
        "release": state.release.version,
        "sealed_at": sealed.sealed_at if sealed else None,
        "manifest_sha256": hashlib.sha256(bytes(sealed.content)).hexdigest() if sealed else None,
        "sums_sha256": hashlib.sha256(bytes(sealed.sums)).hexdigest() if sealed else None,
        "demanded": state.demanded,
        "channels": [
            {
                "channel": channel.value,
                "signers_needed": SIGNERS_NEEDED[channel],
                "signers": [signer.key.holder.username for signer in state.signers(channel)],
                "missing": against(state, channel),
            }
            for channel in Channel
        ],
    }
