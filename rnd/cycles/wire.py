"""How loops and reports look on the wire: the very figures of the pages, in integer microseconds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.models import Team
from foundation.catalogue.models import Component, HardwareRevision, Platform, Programme
from frontline_feedback.keys import key_of
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.facts.sums import Sums
from rnd.cycles.models import MODE_COLUMNS, STAGE_COLUMNS, Loop, Segment
from rnd.cycles.reports import Place, Summary


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A part [since, until) of a loop."""

    stage = serializers.ChoiceField(choices=[stage.value for stage in Stage], read_only=True)
    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode], read_only=True)

    class Meta:
        model = Segment
        fields = ("ordinal", "stage", "mode", "pass_number", "since", "until")
        read_only_fields = fields


class LoopSerializer(serializers.ModelSerializer[Loop]):
    """One ticket's loop. Of an open one, lengths tell what is over; the present stage runs on from `running_since`."""

    ticket = serializers.CharField(source="ticket.key", read_only=True)
    programme: serializers.SlugRelatedField[Programme] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    platform: serializers.SlugRelatedField[Platform] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    component: serializers.SlugRelatedField[Component] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    hardware: serializers.SlugRelatedField[HardwareRevision] = serializers.SlugRelatedField(
        slug_field="name", read_only=True, allow_null=True
    )
    team: serializers.SlugRelatedField[Team] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Loop
        fields: tuple[str, ...] = (
            "ticket", "programme", "platform", "component", "hardware", "team", "severity", "started_at",
            "received_at", "finished_at", "first_finish_at", "ended_at", "excluded", "total_us",
            *STAGE_COLUMNS.values(), *MODE_COLUMNS.values(), "rework_us", "pass_us", "visits", "passes",
            "modes_recorded", "current_stage", "current_mode", "current_since", "running_since", "moved_entries",
            "last_entry_id", "definition",
        )  # fmt: skip
        read_only_fields = fields


class WholeLoopSerializer(LoopSerializer):
    """One ticket's loop with its segments, in order."""

    segments = SegmentSerializer(many=True, read_only=True)

    class Meta(LoopSerializer.Meta):
        fields = (*LoopSerializer.Meta.fields, "segments")
        read_only_fields = fields


_US = {"type": "integer", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0}
_MAYBE_US = {"type": ["integer", "null"], "minimum": 0}
_BY_STAGE = {
    "type": "object",
    "required": [stage.value for stage in Stage],
    "properties": {stage.value: _US for stage in Stage},
}
_SHARE = {
    "type": ["object", "null"],
    "description": "An exact fraction; null where nothing was recorded.",
    "required": ["numerator", "denominator"],
    "properties": {"numerator": _COUNT, "denominator": {"type": "integer", "minimum": 1}},
}
_SUMS = {
    "n": _COUNT,
    "sum_us": _US,
    "mean_us": _MAYBE_US,
    "stage_sums_us": _BY_STAGE,
    "stage_means_us": _BY_STAGE,
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


PERCENTILE = _object(
    p={"type": "number"},
    value_us={**_MAYBE_US, "description": "Null below ten loops: hidden."},
    low_us={**_MAYBE_US, "description": "Of the 95 % interval; null where n is too small to give it."},
    high_us=_MAYBE_US,
    ticket={"type": ["string", "null"], "description": "A ticket that has this value."},
)
COMPONENT = _object(component={"type": "string"}, **_SUMS)
PERIOD = _object(since={"type": "string", "format": "date"}, until={"type": "string", "format": "date"}, **_SUMS)


class SummarySerializer(serializers.Serializer[Any]):
    """A report. Means are rounded to whole microseconds such that the stages add up to the mean of the loop."""

    as_of = serializers.DateTimeField(help_text="Late entries change what they touch, also in the past.")
    definition = serializers.IntegerField(help_text="The version of the cycle clock.")
    filters = serializers.SerializerMethodField()
    n = serializers.IntegerField(help_text="Finished loops in the figures.")
    still_open = serializers.IntegerField(help_text="Tickets that are open now, and not in the figures.")
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="How many are not counted, by reason.")
    percentiles = serializers.SerializerMethodField()
    loop = serializers.SerializerMethodField()
    visited = serializers.SerializerMethodField()
    rework_us = serializers.IntegerField(source="sums.rework")
    flow_efficiency = serializers.SerializerMethodField()
    first_time_rate = serializers.SerializerMethodField()
    components = serializers.SerializerMethodField()
    periods = serializers.SerializerMethodField()

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_filters(self, summary: Summary) -> dict[str, str]:
        """What the report is narrowed to, and the zone of its days."""
        asked = summary.filters
        named = {name: getattr(asked, name) for name in ("programme", "component", "platform", "team", "severity")}
        named |= {"hardware": asked.hardware, "release": asked.release, "passes": asked.passes}
        named |= {"since": asked.since, "until": asked.until, "by": asked.period, "zone": asked.zone}
        return {name: str(value) for name, value in named.items() if value}

    @extend_schema_field({"type": "array", "items": PERCENTILE})
    def get_percentiles(self, summary: Summary) -> list[dict[str, Any]]:
        """p50, p85 and p95 of the loop: nearest rank, with 95 % order-statistic intervals."""
        return [_percentile(place) for place in summary.places]

    @extend_schema_field(_object(**_SUMS))
    def get_loop(self, summary: Summary) -> dict[str, Any]:
        """Sums and means over all loops of the report."""
        return _sums(summary.sums)

    @extend_schema_field(_BY_STAGE)
    def get_visited(self, summary: Summary) -> dict[str, int]:
        """How many loops came through each stage."""
        return {stage.value: count for stage, count in summary.sums.visited.items()}

    @extend_schema_field(_SHARE)
    def get_flow_efficiency(self, summary: Summary) -> dict[str, int] | None:
        """Active ÷ total over the loops in which work was recorded."""
        return _share(summary.sums.recorded_active, summary.sums.recorded_total)

    @extend_schema_field(_SHARE)
    def get_first_time_rate(self, summary: Summary) -> dict[str, int] | None:
        """Loops of one pass ÷ all loops."""
        return _share(summary.sums.first_time, summary.sums.n)

    @extend_schema_field({"type": "array", "items": COMPONENT})
    def get_components(self, summary: Summary) -> list[dict[str, Any]]:
        """The same for each component, the one with the most time first."""
        return [{"component": part.slug, **_sums(part.sums)} for part in summary.components]

    @extend_schema_field({"type": "array", "items": PERIOD})
    def get_periods(self, summary: Summary) -> list[dict[str, Any]]:
        """The same for each period of the verdict, empty ones too."""
        return [
            {"since": part.first.isoformat(), "until": part.last.isoformat(), **_sums(part.sums)}
            for part in summary.periods
        ]


def _sums(sums: Sums) -> dict[str, Any]:
    return {
        "n": sums.n,
        "sum_us": sums.total,
        "mean_us": sums.mean_total(),
        "stage_sums_us": {stage.value: length for stage, length in sums.stages.items()},
        "stage_means_us": {stage.value: length for stage, length in sums.means().items()},
    }


def _percentile(place: Place) -> dict[str, Any]:
    found = place.percentile
    return {
        "p": float(found.p),
        "value_us": found.value,
        "low_us": found.low,
        "high_us": found.high,
        "ticket": None if place.ticket_id is None else key_of(place.ticket_id),
    }


def _share(part: int, whole: int) -> dict[str, int] | None:
    if not whole:
        return None
    share = Fraction(part, whole)
    return {"numerator": share.numerator, "denominator": share.denominator}


_ANY = {"description": "By its kind: integers (microseconds for `us`), [numerator, denominator], ISO 8601, text."}
_CELL = {
    "type": ["string", "integer", "array", "null"],
    "items": {"type": "integer"},
    "description": "By its kind: integers (microseconds for `us`), [numerator, denominator], keys for tickets and "
    "tasks, ISO 8601, text.",
}
_LINKS = {"type": "object", "additionalProperties": {"type": "string"}}
_ROW = _object(values={"type": "array", "items": _ANY}, links=_LINKS)
_TEXT = {"type": "string"}
SECTION = _object(
    name=_TEXT,
    title=_TEXT,
    lede=_TEXT,
    open={"type": "boolean"},
    notes={"type": "array", "items": _object(text=_TEXT, tone=_TEXT, url=_TEXT, way={"type": "boolean"})},
    figures={
        "type": "array",
        "items": _object(
            key=_TEXT, label=_TEXT, kind=_TEXT, value=_ANY, n={"type": ["integer", "null"]}, note=_TEXT, url=_TEXT,
            strong={"type": "boolean"},
        ),
    },
    strip={"type": "object", "additionalProperties": _US},
    chart={"type": ["object", "null"], "description": "Which columns the page draws."},
    table={"type": ["object", "null"], "description": "`columns` with name, label and kind; `rows` of values; `foot`."},
)  # fmt: skip


class DocumentSerializer(serializers.Serializer[Any]):
    """A report as its page shows it: exact, and with everything that tells how to read it."""

    report = serializers.CharField()
    title = serializers.CharField()
    lede = serializers.CharField()
    as_of = serializers.DateTimeField()
    definition = serializers.IntegerField(help_text="The version of the cycle clock.")
    n = serializers.IntegerField(help_text="The items behind it: finished loops, open tickets, deployments …")
    filters = serializers.DictField(child=serializers.CharField())
    asked = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    sections = serializers.SerializerMethodField()
    beside = serializers.SerializerMethodField()

    @extend_schema_field(
        {"type": ["object", "null"], "description": "The same report over what it is set beside; null without that."}
    )
    def get_beside(self, report: Any) -> Any:
        """The other side, in the same shape (without a further one)."""
        return report["beside"]

    @extend_schema_field({"type": "array", "items": SECTION})
    def get_sections(self, report: Any) -> Any:
        """The questions of the report with their answers."""
        return report["sections"]


_COLUMN = _object(name=_TEXT, label=_TEXT, kind=_TEXT)


class WholeSerializer(serializers.Serializer[Any]):
    """All rows behind the lists that a report cuts, as its CSV has them: one object, streamed."""

    report = serializers.CharField()
    title = serializers.CharField()
    as_of = serializers.DateTimeField()
    definition = serializers.IntegerField(help_text="The version of the cycle clock.")
    n = serializers.IntegerField(help_text="The items behind it: open tickets, tasks, doubtful tickets, fixes.")
    filters = serializers.DictField(child=serializers.CharField())
    columns = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": _COLUMN})
    def get_columns(self, whole: Any) -> Any:
        """What stands at each place of a row."""
        return whole["columns"]

    @extend_schema_field({"type": "array", "items": {"type": "array", "items": _CELL}})
    def get_rows(self, whole: Any) -> Any:
        """Every row, its values in the order of the columns."""
        return whole["rows"]
