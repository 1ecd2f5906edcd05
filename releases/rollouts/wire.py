"""How rollouts and batches of installations look on the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.kit.api.serializers import InputSerializer
from releases.models import Channel
from releases.rollouts.machine import Why
from releases.rollouts.models import Rollout, RolloutGroup, RolloutTeam
from releases.rollouts.showing import view_of


class RolloutTeamSerializer(serializers.ModelSerializer[RolloutTeam]):
    """A team in a group, and what came back from it. `excused`: known to whoever resumed the rollout."""

    team = serializers.CharField(source="team.slug", read_only=True)

    class Meta:
        model = RolloutTeam
        fields = ("team", "answer", "note", "answered_at", "excused")
        read_only_fields = fields


class RolloutGroupSerializer(serializers.ModelSerializer[RolloutGroup]):
    """A group; `gate`: a person has to let it begin."""

    teams = RolloutTeamSerializer(many=True, read_only=True)

    class Meta:
        model = RolloutGroup
        fields = ("number", "soak_hours", "gate", "begun_at", "teams")
        read_only_fields = fields


class RolloutSerializer(serializers.ModelSerializer[Rollout]):
    """A rollout. `waits_for` says what holds it, null where something is due this minute."""

    component = serializers.CharField(source="release.component.slug", read_only=True)
    release = serializers.CharField(source="release.version", read_only=True)
    started_by = serializers.CharField(source="started_by.username", read_only=True, allow_null=True)
    reason = serializers.CharField(source="why", read_only=True)
    tell = serializers.SerializerMethodField()
    groups = RolloutGroupSerializer(many=True, read_only=True)
    waits_for = serializers.SerializerMethodField()
    waits_until = serializers.SerializerMethodField()

    class Meta:
        model = Rollout
        fields = (
            "id", "component", "release", "channel", "state", "state_since", "reason", "waits_for", "waits_until",
            "success_percent", "error_percent", "worse_limit", "started_at", "started_by", "ended_at", "tell", "groups",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_tell(self, rollout: Rollout) -> list[str]:
        """The usernames of those who are told when it pauses."""
        return sorted(user.username for user in rollout.tell.all())

    @extend_schema_field({"type": ["string", "null"], "enum": [*(why.value for why in Why), None]})
    def get_waits_for(self, rollout: Rollout) -> str | None:
        """What it waits for."""
        return view_of(rollout).waits_for or None

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_waits_until(self, rollout: Rollout) -> Any:
        """The end of the soak time, where that is what it waits for."""
        until = view_of(rollout).waits_until
        return serializers.DateTimeField().to_representation(until) if until else None


class RolloutGroupInput(InputSerializer):
    """A group to be: the slugs of its teams, hours to watch it, and whether a person lets it begin."""

    teams = serializers.ListField(child=serializers.SlugField(max_length=60), max_length=500)
    soak_hours = serializers.IntegerField(required=False, min_value=0, max_value=8760)
    gate = serializers.BooleanField(required=False)


class StartRolloutInput(InputSerializer):
    """`tell` are usernames: who hears of it when the rollout pauses."""

    component = serializers.SlugField(max_length=60)
    release = serializers.CharField(max_length=120)
    channel = serializers.ChoiceField(choices=Channel.choices)
    groups = RolloutGroupInput(many=True)
    success_percent = serializers.IntegerField(required=False, min_value=1, max_value=100)
    error_percent = serializers.IntegerField(required=False, min_value=1, max_value=100)
    worse_limit = serializers.IntegerField(required=False, min_value=0, max_value=1000)
    tell = serializers.ListField(child=serializers.CharField(max_length=150), required=False, max_length=100)


class RolloutReasonInput(InputSerializer):
    reason = serializers.CharField(max_length=2000)


class RolloutMaybeReasonInput(InputSerializer):
    """`reason` may be left out where nothing is overruled."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class RolloutAnswerInput(InputSerializer):
    """What came back from the team; `note` is needed for failed, worse and skipped."""

    team = serializers.SlugField(max_length=60)
    answer = serializers.ChoiceField(choices=RolloutTeam.Answer.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class BatchRowInput(InputSerializer):
    """One installation, named as people name things; `installed_at` in ISO 8601."""

    component = serializers.CharField(max_length=60)
    version = serializers.CharField(max_length=120)
    team = serializers.CharField(max_length=120)
    platform = serializers.CharField(max_length=60, required=False, allow_blank=True)
    hardware = serializers.CharField(max_length=60)
    installed_at = serializers.CharField(max_length=40)
    client_uuid = serializers.CharField(max_length=40, required=False, allow_blank=True)


class BatchInput(InputSerializer):
    """Up to 5,000 installations at once."""

    installations = BatchRowInput(many=True)


class ResultSerializer(serializers.Serializer[Any]):
    """What became of one row, by its place in the request, from 0."""

    place = serializers.IntegerField()
    installation = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    error = serializers.CharField(allow_blank=True)


class ResultsSerializer(serializers.Serializer[Any]):
    """A result for each row, in order."""

    taken = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ResultSerializer(many=True)
