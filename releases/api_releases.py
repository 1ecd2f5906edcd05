"""`/api/v1/releases/`: releases and their verbs, the same as the pages'."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import NotFound
from releases import queries, wire
from releases.actions.approve_release import approve_release
from releases.actions.edit_notes import edit_notes
from releases.actions.generate_notes import generate_notes
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.remove_companion import remove_companion
from releases.actions.set_companion import set_companion
from releases.actions.translate_notes import translate_notes
from releases.actions.withdraw_release import withdraw_release
from releases.contents import contains, first_release_of
from releases.languages import notes_in
from releases.models import Commit, Companion, Release, Repository

_STRING = OpenApiTypes.STR


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("component", _STRING, description="Slug of a component."),
            OpenApiParameter("state", _STRING, enum=Release.State.values),
            OpenApiParameter("version", _STRING),
        ]
    )
)
class ReleaseViewSet(ActionViewSet[Release]):
    """Releases, newest first."""

    serializer_class = wire.ReleaseSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Release.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component", "state", "version"})

    def get_queryset(self) -> QuerySet[Release]:
        """Give the visible releases; in the list, those that the query string asks for."""
        found = queries.with_publications(Release.objects.visible_to(self.actor)).select_related(
            "component", "commit", "repository", "proposed_by", "approved_by", "replacement"
        )
        found = found.prefetch_related(
            Prefetch("companions", Companion.objects.select_related("repository", "commit").defer("commit__body"))
        )
        if self.action != "list":
            return found
        wire.check_choice("state", self.request.query_params.get("state", ""), Release.State.values)
        names = {"component": "component__slug", "state": "state", "version": "version__iexact"}
        return found.filter(**wire.asked(self.request, names))

    @verb(None, gives=wire.ReleaseSerializer)
    def propose(self, request: Request, pk: str) -> Response:
        """Say that a draft should ship."""
        propose_release(actor=self.actor, release=self.get_object())
        return self.answer()

    @verb(None, gives=wire.ReleaseSerializer)
    def approve(self, request: Request, pk: str) -> Response:
        """Agree that a candidate may ship; somebody else than its proposer and author."""
        approve_release(actor=self.actor, release=self.get_object())
        return self.answer()

    @verb(wire.PublishInput, gives=wire.ReleaseSerializer)
    def publish(self, request: Request, pk: str) -> Response:
        """Let an approved release out on a channel, or a published one further out."""
        publish_release(actor=self.actor, release=self.get_object(), **self.parsed(wire.PublishInput))
        return self.answer()

    @verb(wire.WithdrawInput, gives=wire.ReleaseSerializer)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take a release back, and say why."""
        release = self.get_object()
        self.actor.require("release.withdraw", programme_id=release.component.programme_id)
        values = self.parsed(wire.WithdrawInput)
        version = values.get("replacement")
        replacement = (
            wire.named(
                Release.objects.visible_to(self.actor).filter(component=release.component_id),
                field="replacement",
                value=version,
                version=version,
            )
            if version
            else None
        )
        withdraw_release(actor=self.actor, release=release, reason=values["reason"], replacement=replacement)
        return self.answer()

    @verb(wire.CompanionInput, gives=wire.ReleaseSerializer, name="companions")
    def set_companion(self, request: Request, pk: str) -> Response:
        """Say which tag of another repository of the component the release is built from too, until it is approved."""
        release, repository, values = self._companion(wire.CompanionInput)
        set_companion(actor=self.actor, release=release, repository=repository, **values)
        return self.answer()

    @verb(wire.RemoveCompanionInput, gives=wire.ReleaseSerializer, name="companions/remove")
    def remove_companion(self, request: Request, pk: str) -> Response:
        """Leave nothing of another repository in the release, until it is approved."""
        release, repository, _values = self._companion(wire.RemoveCompanionInput)
        remove_companion(actor=self.actor, release=release, repository=repository)
        return self.answer()

    def _companion(self, body: type[BaseSerializer[Any]]) -> tuple[Release, Repository, dict[str, Any]]:
        release = self.get_object()
        self.actor.require("release.set_companion", programme_id=release.component.programme_id)
        values = self.parsed(body)
        name = values.pop("repository")
        seen = Repository.objects.visible_to(self.actor).filter(component=release.component_id)
        return release, wire.named(seen, field="repository", value=name, slug=name), values

    @verb(wire.NotesInput, gives=wire.ReleaseSerializer)
    def notes(self, request: Request, pk: str) -> Response:
        """Replace the notes (Markdown)."""
        edit_notes(actor=self.actor, release=self.get_object(), **self.parsed(wire.NotesInput))
        return self.answer()

    @verb(None, gives=wire.ReleaseSerializer, name="notes/generate")
    def generate(self, request: Request, pk: str) -> Response:
        """Write the notes anew from the commits that are new in the release."""
        generate_notes(actor=self.actor, release=self.get_object())
        return self.answer()

    @verb(wire.TranslationInput, gives=wire.TranslatedNotesSerializer, name="notes/translate")
    def translate(self, request: Request, pk: str) -> Response:
        """Replace the notes in another language (Markdown)."""
        release = self.get_object()
        values = self.parsed(wire.TranslationInput)
        translate_notes(actor=self.actor, release=release, **values)
        return Response(wire.TranslatedNotesSerializer(notes_in(release, values["language"])).data)

    @extend_schema(responses=wire.TranslatedNotesSerializer)
    @action(detail=True, methods=["get"], url_path="notes/in/(?P<language>[a-z]{2})", url_name="notes-in")
    def notes_in(self, request: Request, pk: str, language: str) -> Response:
        """Give the notes in a language, or in English where they are not translated into it."""
        return Response(wire.TranslatedNotesSerializer(notes_in(self.get_object(), language)).data)

    @extend_schema(responses=wire.HoldsSerializer)
    @action(detail=True, methods=["get"], url_path="holds/(?P<sha>[0-9a-f]{40})", url_name="holds")
    def holds(self, request: Request, pk: str, sha: str) -> Response:
        """Tell whether the release holds a commit of its component, and which release held it first."""
        release: Any = self.get_object()
        visible = Commit.objects.visible_to(self.actor).filter(repository__component=release.component_id, sha=sha)
        commits = sorted(visible, key=lambda commit: commit.repository_id != release.repository_id)
        if not commits:
            raise NotFound(
                "commit.not_found",
                _("There is no commit %(sha)s in %(repository)s that you may see.")
                % {"sha": sha[:10], "repository": release.component.name},
            )
        first = first_release_of(commits[0])
        answer = {
            "release": release.version,
            "commit": sha,
            "holds": any(contains(release, commit) for commit in commits),
            "first_release": first.version if first else None,
        }
        return Response(wire.HoldsSerializer(answer).data)
