"""How this room looks on the wire: what the API gives, what it reads, and the things that its names stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from foundation.kit.api.serializers import InputSerializer
from foundation.kit.errors import Invalid
from releases.languages import OTHERS, Notes
from releases.models import Channel, Commit, Companion, Installation, Publication, Release, Repository, Subscription
from releases.notes_text import LONGEST

T = TypeVar("T", bound=Model)


class RepositorySerializer(serializers.ModelSerializer[Repository]):
    """A repository; `failures` counts the fetches in a row that did not work, `error` says why."""

    component = serializers.CharField(source="component.slug", read_only=True)

    class Meta:
        model = Repository
        fields = (
            "slug", "name", "component", "url", "default_branch", "tag_pattern", "pull_request_pattern",
            "branch_pattern", "added_at", "imported_at",
            "fetched_at", "next_fetch_at", "failures", "error",
        )  # fmt: skip
        read_only_fields = fields


class CommitSerializer(serializers.ModelSerializer[Commit]):
    """A commit as git tells it."""

    repository = serializers.CharField(source="repository.slug", read_only=True)
    parents = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Commit
        fields = ("id", "repository", "sha", "parents", "author", "authored_at", "committed_at", "subject", "body")
        read_only_fields = fields


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """Since when a release is out on a channel."""

    class Meta:
        model = Publication
        fields = ("channel", "at")
        read_only_fields = fields


class CompanionSerializer(serializers.ModelSerializer[Companion]):
    """A commit of another repository of the component that a release is built from too."""

    repository = serializers.CharField(source="repository.slug", read_only=True)
    commit = serializers.CharField(source="commit.sha", read_only=True)

    class Meta:
        model = Companion
        fields = ("repository", "tag", "tag_object", "commit", "set_at")
        read_only_fields = fields


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """A release. `replacement` is the version to install instead of a withdrawn one.

    `companions`: what it is built from beside its own repository, frozen as it is.
    """

    component = serializers.CharField(source="component.slug", read_only=True)
    repository = serializers.CharField(source="repository.slug", read_only=True)
    commit = serializers.CharField(source="commit.sha", read_only=True)
    proposed_by = serializers.CharField(source="proposed_by.username", read_only=True, allow_null=True)
    approved_by = serializers.CharField(source="approved_by.username", read_only=True, allow_null=True)
    replacement = serializers.CharField(source="replacement.version", read_only=True, allow_null=True)
    publications = PublicationSerializer(many=True, read_only=True)
    companions = CompanionSerializer(many=True, read_only=True)

    class Meta:
        model = Release
        fields = (
            "id", "component", "version", "state", "is_candidate", "imported", "repository", "tag", "tag_object",
            "commit", "companions", "sequence", "drafted_at", "proposed_by", "proposed_at", "approved_by",
            "approved_at", "publications", "withdrawn_at", "withdrawn_reason", "replacement", "tag_alarm_at", "notes",
        )  # fmt: skip
        read_only_fields = fields


class InstallationSerializer(serializers.ModelSerializer[Installation]):
    """An installation; `hardware` and `platform` as the catalogue names them."""

    component = serializers.CharField(source="release.component.slug", read_only=True)
    release = serializers.CharField(source="release.version", read_only=True)
    team = serializers.CharField(source="team.slug", read_only=True)
    platform = serializers.CharField(source="hardware.platform.slug", read_only=True)
    hardware = serializers.CharField(source="hardware.name", read_only=True)
    reported_by = serializers.CharField(source="reported_by.username", read_only=True, allow_null=True)
    device = serializers.CharField(source="device.name", read_only=True, allow_null=True)
    of_withdrawn = serializers.BooleanField(read_only=True, help_text="Reported after the release was withdrawn.")

    class Meta:
        model = Installation
        fields = (
            "id", "client_uuid", "component", "release", "team", "platform", "hardware", "installed_at",
            "reported_at", "reported_by", "device", "of_withdrawn",
        )  # fmt: skip
        read_only_fields = fields


class SubscriptionSerializer(serializers.ModelSerializer[Subscription]):
    """Which channel of a component a team receives."""

    team = serializers.CharField(source="team.slug", read_only=True)
    component = serializers.CharField(source="component.slug", read_only=True)

    class Meta:
        model = Subscription
        fields = ("id", "team", "component", "channel")
        read_only_fields = fields


class AddRepositoryInput(InputSerializer):
    url = serializers.CharField(max_length=500)
    component = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    tag_pattern = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PatternsInput(InputSerializer):
    """Regular expressions, with a group for the version or the number. What is left out stays as it is.

    Empty: every tag with a number in it is a version; no pull requests are read; any key in a branch's name counts.
    """

    tag_pattern = serializers.CharField(max_length=200, allow_blank=True, required=False)
    pull_request_pattern = serializers.CharField(max_length=200, allow_blank=True, required=False)
    branch_pattern = serializers.CharField(max_length=200, allow_blank=True, required=False)


class PublishInput(InputSerializer):
    channel = serializers.ChoiceField(choices=Channel.choices)


class WithdrawInput(InputSerializer):
    """`replacement` is the version of another published release of the component."""

    reason = serializers.CharField(max_length=2000)
    replacement = serializers.CharField(max_length=120, required=False, allow_null=True)


class CompanionInput(InputSerializer):
    """`repository` is another repository of the component by its slug, `tag` one of its tags as it was last fetched."""

    repository = serializers.SlugField(max_length=60)
    tag = serializers.CharField(max_length=300)


class RemoveCompanionInput(InputSerializer):
    repository = serializers.SlugField(max_length=60)


class NotesInput(InputSerializer):
    notes = serializers.CharField(max_length=LONGEST, allow_blank=True)


class TranslationInput(InputSerializer):
    """Notes in another language than English; an empty text leaves none."""

    language = serializers.ChoiceField(choices=OTHERS)
    text = serializers.CharField(max_length=LONGEST, allow_blank=True)


class TranslatedNotesSerializer(serializers.Serializer[Notes]):
    """Notes in the language `asked` for; where there are none in it, in English: `language` says which it is.

    `stale`: the English notes have changed since they were translated.
    """

    asked = serializers.CharField()
    language = serializers.CharField()
    text = serializers.CharField()
    stale = serializers.BooleanField()


class InstallationInput(InputSerializer):
    """`platform` is needed only where several platforms have a hardware revision of that name."""

    component = serializers.SlugField(max_length=60)
    release = serializers.CharField(max_length=120)
    team = serializers.SlugField(max_length=60)
    hardware = serializers.CharField(max_length=60)
    platform = serializers.SlugField(max_length=60, required=False)
    installed_at = serializers.DateTimeField(required=False)
    client_uuid = serializers.UUIDField(required=False)


class SubscriptionInput(InputSerializer):
    """`channel` null: the team receives nothing of the component any more."""

    team = serializers.SlugField(max_length=60)
    component = serializers.SlugField(max_length=60)
    channel = serializers.ChoiceField(choices=Channel.choices, allow_null=True)


class HoldsSerializer(serializers.Serializer[Any]):
    """Whether a release holds a commit."""

    release = serializers.CharField()
    commit = serializers.CharField()
    holds = serializers.BooleanField()
    first_release = serializers.CharField(allow_null=True)


def named(queryset: QuerySet[T], *, field: str, value: str, **lookup: Any) -> T:
    """Give the one thing that a name in a body stands for; raises Invalid on its field where there is none, or two."""
    found = list(queryset.filter(**lookup)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        message = _("“%(value)s” may be one of several things here. Say more exactly which.")
    else:
        message = _("There is no “%(value)s” that you may see. Check the spelling.")
    raise Invalid(f"input.{field}_unknown", message % {"value": value[:80]}, field=field)


def asked(request: Request, names: Mapping[str, str]) -> dict[str, str]:
    """Give, for each parameter of the query string that has a value, its look-up with that value.

    `names` maps a parameter to its look-up. PostgreSQL cannot hold a NUL character, so none can ever match.
    """
    given = {name: request.query_params.get(name, "").replace("\x00", "\N{REPLACEMENT CHARACTER}") for name in names}
    return {names[name]: value for name, value in given.items() if value}


def check_choice(name: str, value: str, known: list[str]) -> None:
    """Refuse a value in the query string that can never match; raises Invalid."""
    if value and value not in known:
        raise Invalid(
            "query.unknown_value",
            _("“%(value)s” is no %(name)s. There are: %(known)s.")
            % {"value": value[:40], "name": name, "known": ", ".join(known)},
            field=name,
        )
