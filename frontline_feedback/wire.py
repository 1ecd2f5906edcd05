"""How tickets look on the wire: what the API gives, what it reads, and the things that its names stand for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.accounts.actors import Actor
from foundation.accounts.models import Role, Team
from foundation.catalogue.models import Component, HardwareRevision, Platform
from foundation.kit.api.reading import ReadField, ReadSerializer
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.asking import Row, rows_of
from foundation.kit.errors import Invalid
from frontline_feedback.actions.close_ticket import CLOSING
from frontline_feedback.classification import KEEP, MaybeHardware, Reclassification
from frontline_feedback.inputs import LONGEST_TEXT
from frontline_feedback.keys import PATTERN, key_of, pk_of
from frontline_feedback.models import Comment, Severity, Ticket, Verdict
from releases.models import Release

T = TypeVar("T", bound=Model)


@extend_schema_field(OpenApiTypes.STR)
class TicketKeyField(ReadField):
    """The key of the ticket, by its primary key."""

    reads = ("id",)

    def make(self, pk: int) -> str:
        return key_of(pk)


class OfTicketField(TicketKeyField):
    """The key of the ticket that something belongs to."""

    reads = ("ticket_id",)


@extend_schema_field(
    {
        "type": ["object", "null"],
        "description": "Of a merged ticket, the one it was merged into: its key and public state.",
        "required": ["key", "state", "outcome"],
        "properties": {"key": {"type": "string"}, "state": {"type": "string"}, "outcome": {"type": "string"}},
    }
)
class CanonicalField(ReadField):
    """Of a merged ticket, the key and the public state of the one it was merged into."""

    reads = ("canonical_id", "canonical__state", "canonical__outcome")

    def make(self, pk: int | None, state: str, outcome: str) -> dict[str, str] | None:
        return None if pk is None else {"key": key_of(pk), "state": state, "outcome": outcome}


class TicketSerializer(ReadSerializer[Ticket]):
    """A ticket. Things are named as people name them: by slug, username, version, key.

    `device`: the name of the team's device that reported it, in place of a person.
    """

    key = TicketKeyField()
    programme = serializers.CharField(source="programme.slug", read_only=True)
    team = serializers.CharField(source="team.slug", read_only=True)
    reporter = serializers.CharField(source="reporter.username", read_only=True, allow_null=True)
    device = serializers.CharField(source="device.name", read_only=True, allow_null=True)
    platform = serializers.CharField(source="platform.slug", read_only=True)
    component = serializers.CharField(source="component.slug", read_only=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True, allow_null=True)
    release = serializers.CharField(source="release.version", read_only=True, allow_null=True)
    canonical = CanonicalField()

    class Meta:
        model = Ticket
        fields = (
            "key", "client_uuid", "programme", "team", "reporter", "device", "language", "title", "body", "conditions",
            "platform", "component", "hardware", "release", "version_text", "severity", "state", "outcome",
            "closed_reason", "canonical", "pass_number", "seen_at", "received_at",
        )  # fmt: skip
        read_only_fields = fields


_COLUMNS: Final = sorted(TicketSerializer.columns())


def ticket_row(pk: int) -> dict[str, Any]:
    """Give what the serializer needs of a ticket, as it is stored now; for a caller known to see it."""
    return dict(zip(_COLUMNS, rows_of(_row, key=pk)[0], strict=True))


def _row(pk: int) -> QuerySet[Ticket, Row]:
    return Ticket.objects.filter(pk=pk).values_list(*_COLUMNS)


class VerdictSerializer(ReadSerializer[Verdict]):
    """A verdict of the reporting team."""

    ticket = OfTicketField()
    release = serializers.CharField(source="release.version", read_only=True)
    component = serializers.CharField(source="release.component.slug", read_only=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True, allow_null=True)
    given_by = serializers.CharField(source="given_by.username", read_only=True, allow_null=True)
    device = serializers.CharField(source="device.name", read_only=True, allow_null=True)

    class Meta:
        model = Verdict
        fields = (
            "id", "client_uuid", "ticket", "component", "release", "hardware", "outcome", "note", "pass_number",
            "given_at", "recorded_at", "given_by", "device",
        )  # fmt: skip
        read_only_fields = fields


class CommentSerializer(ReadSerializer[Comment]):
    """A comment; the body is Markdown as it was written."""

    ticket = OfTicketField()
    author = serializers.CharField(source="author.username", read_only=True, allow_null=True)
    device = serializers.CharField(source="device.name", read_only=True, allow_null=True)

    class Meta:
        model = Comment
        fields = ("id", "client_uuid", "ticket", "author", "device", "body", "at")
        read_only_fields = fields


class ReportInput(InputSerializer):
    """A report. `team` may be left out by who reports for one team only."""

    team = serializers.SlugField(max_length=60, required=False)
    platform = serializers.SlugField(max_length=60)
    component = serializers.SlugField(max_length=60)
    hardware = serializers.CharField(max_length=60, required=False, allow_null=True)
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    version_text = serializers.CharField(required=False, allow_blank=True, max_length=120)
    severity = serializers.ChoiceField(choices=Severity.choices)
    seen_at = serializers.DateTimeField()
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    client_uuid = serializers.UUIDField(required=False)


class ReclassifyInput(InputSerializer):
    """What to correct; `hardware` null says that it is unknown."""

    platform = serializers.SlugField(max_length=60, required=False)
    component = serializers.SlugField(max_length=60, required=False)
    hardware = serializers.CharField(max_length=60, required=False, allow_null=True)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)


class ReasonInput(InputSerializer):
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class CloseInput(InputSerializer):
    outcome = serializers.ChoiceField(choices=[(outcome.value, outcome.label) for outcome in CLOSING])
    reason = serializers.CharField(max_length=LONGEST_TEXT)


class MergeInput(InputSerializer):
    into = serializers.RegexField(rf"^{PATTERN}$")


class VerdictInput(InputSerializer):
    """`component` is needed only where the fix comes as releases of several components."""

    release = serializers.CharField(max_length=120)
    component = serializers.SlugField(max_length=60, required=False)
    hardware = serializers.CharField(max_length=60, required=False, allow_null=True)
    outcome = serializers.ChoiceField(choices=Verdict.Outcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    given_at = serializers.DateTimeField(required=False)
    client_uuid = serializers.UUIDField(required=False)


class CommentInput(InputSerializer):
    body = serializers.CharField(max_length=LONGEST_TEXT)
    client_uuid = serializers.UUIDField(required=False)


def report_values(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of `report_ticket` for what was sent; raises Invalid for names that stand for nothing."""
    found = dict(values)
    if slug := values.get("team"):
        found["team"] = named(Team, actor, slug, field="team")
    else:
        own = list(Team.objects.filter(pk__in=actor.teams(Role.REPORTER))[:2])
        if len(own) != 1:
            raise Invalid("ticket.team_missing", _("Say for which team this is reported."), field="team")
        found["team"] = own[0]
    found["platform"] = named(Platform, actor, values["platform"], field="platform")
    found["component"] = named(Component, actor, values["component"], field="component")
    found["hardware"] = _hardware(found["platform"], values.get("hardware"))
    return found


def change_of(actor: Actor, ticket: Ticket, values: dict[str, Any]) -> Reclassification:
    """Give the corrections that were sent; raises Invalid for names that stand for nothing."""
    platform = component = None
    if "platform" in values:
        platform = named(Platform, actor, values["platform"], field="platform")
    if "component" in values:
        component = named(Component, actor, values["component"], field="component")
    hardware: MaybeHardware = KEEP
    if "hardware" in values:
        hardware = _hardware(platform or ticket.platform, values["hardware"])
    return Reclassification(platform=platform, component=component, hardware=hardware, severity=values.get("severity"))


def verdict_values(ticket: Ticket, values: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments of `give_verdict`; a release is looked for among those that were offered."""
    found = dict(values)
    offered = Release.objects.filter(pk__in=ticket.offers.values("release_id"), version=values["release"])
    component = found.pop("component", None)
    if component is not None:
        offered = offered.filter(component__slug=component)
    releases = list(offered.select_related("component")[:2])
    if len(releases) != 1:
        raise Invalid(
            "verdict.release_unknown" if not releases else "verdict.release_ambiguous",
            _("No release “%(version)s” was offered as a fix of %(key)s.")
            % {"version": values["release"], "key": ticket.key}
            if not releases
            else _("Several components have a release “%(version)s”. Name the component too.")
            % {"version": values["release"]},
            field="release",
        )
    found["release"] = releases[0]
    found["hardware"] = _hardware(ticket.platform, values.get("hardware"))
    return found


def ticket_named(actor: Actor, key: str, *, field: str) -> Ticket:
    """Give the visible ticket of this key; raises Invalid (it stands in a body, not in the address)."""
    ticket = Ticket.objects.visible_to(actor).filter(pk=pk_of(key) or 0).first()
    if ticket is None:
        raise _unknown(field, key)
    return ticket


def named(model: type[T], actor: Actor, slug: str, *, field: str) -> T:
    """Give the thing with this slug that the actor may see; raises Invalid."""
    for row in rows_of(_named, model, actor, slug):
        return model.from_db(DEFAULT_DB_ALIAS, _columns_of(model), row)
    raise _unknown(field, slug)


def _named(model: Any, actor: Actor, slug: str) -> QuerySet[Any, tuple[Any, ...]]:
    rows: QuerySet[Any, tuple[Any, ...]] = model.objects.visible_to(actor).filter(slug=slug).order_by()
    return rows.values_list(*_columns_of(model))


def _columns_of(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def check_choice(field: str, value: str, known: Collection[str]) -> None:
    """Raise Invalid unless the value of a filter is empty or one of those known."""
    if value and value not in known:
        raise Invalid(
            "query.unknown_value",
            _("“%(given)s” is no %(field)s. It is one of: %(known)s.")
            % {"given": value[:40], "field": field, "known": ", ".join(known)},
            field=field,
        )


def _hardware(platform: Platform, name: str | None) -> HardwareRevision | None:
    if name is None:
        return None
    hardware: HardwareRevision | None = HardwareRevision.objects.filter(platform=platform, name=name).first()
    if hardware is None:
        raise Invalid(
            "ticket.hardware_unknown",
            _("“%(name)s” is no hardware revision of the platform “%(platform)s”.")
            % {"name": name[:60], "platform": platform},
            field="hardware",
        )
    return hardware


def _unknown(field: str, value: str) -> Invalid:
    return Invalid(
        f"ticket.{field}_unknown",
        _("There is no “%(value)s” that you may see. Check the spelling.") % {"value": value[:80]},
        field=field,
    )
