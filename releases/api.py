"""`/api/v1/` of what ships: repositories, commits and releases, with the same verbs as the pages'."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.catalogue.models import Component
from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet, ReadViewSet
from foundation.kit.errors import Invalid
from releases import wire
from releases.actions.add_repository import add_repository
from releases.actions.request_fetch import request_fetch
from releases.actions.set_patterns import set_patterns
from releases.contents import commits_in
from releases.models import Commit, Release, Repository
from releases.news import new_in

_STRING = OpenApiTypes.STR


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("component", _STRING, description="Slug of a component.")])
)
class RepositoryViewSet(ActionViewSet[Repository]):
    """Git repositories that components are built from."""

    serializer_class = wire.RepositorySerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    queryset = Repository.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component"})

    def get_queryset(self) -> QuerySet[Repository]:
        """Give the visible repositories."""
        found = Repository.objects.visible_to(self.actor).select_related("component")
        if self.action != "list":
            return found
        return found.filter(**wire.asked(self.request, {"component": "component__slug"}))

    @extend_schema(request=wire.AddRepositoryInput, responses={201: wire.RepositorySerializer})
    def create(self, request: Request) -> Response:
        """Register a repository; its history comes in within a minute, as imported history."""
        self.actor.require("repository.add")
        values = self.parsed(wire.AddRepositoryInput)
        slug = values.pop("component")
        component = wire.named(Component.objects.visible_to(self.actor), field="component", value=slug, slug=slug)
        found = add_repository(actor=self.actor, component=component, **values)
        return self.created(found, location=f"/api/v1/repositories/{found.slug}/")

    @verb(wire.PatternsInput, gives=wire.RepositorySerializer)
    def patterns(self, request: Request, slug: str) -> Response:
        """Say how tags, pull requests and branch names are read; what is a release by now stays one."""
        repository = self.get_object()
        present = {name: getattr(repository, name) for name in map(str, wire.PatternsInput().fields)}
        set_patterns(actor=self.actor, repository=repository, **{**present, **self.parsed(wire.PatternsInput)})
        return self.answer()

    @verb(None, gives=wire.RepositorySerializer)
    def fetch(self, request: Request, slug: str) -> Response:
        """Fetch the repository as soon as a worker is free."""
        request_fetch(actor=self.actor, repository=self.get_object())
        return self.answer()


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("repository", _STRING, description="Slug of a repository."),
            OpenApiParameter("sha", _STRING, description="A full hash, or its beginning."),
            OpenApiParameter("release", OpenApiTypes.INT64, description="Id of a release: every commit in it."),
            OpenApiParameter("new_in", OpenApiTypes.INT64, description="Id of a release: what is new in it."),
            OpenApiParameter(
                "not_in", OpenApiTypes.INT64, description="Id of a release: with `release`, what only that one has."
            ),
        ]
    )
)
class CommitViewSet(ReadViewSet[Commit]):
    """Commits of the repositories."""

    serializer_class = wire.CommitSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Commit.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"repository", "sha", "release", "new_in", "not_in"})

    def get_queryset(self) -> QuerySet[Commit]:
        """Give the visible commits; in the list, those that the query string asks for."""
        found = Commit.objects.visible_to(self.actor).select_related("repository")
        if self.action != "list":
            return found
        asked = self.request.query_params
        found = found.filter(**wire.asked(self.request, {"repository": "repository__slug"}))
        if sha := asked.get("sha"):
            found = found.filter(sha__startswith=_hex(sha))
        if release := asked.get("release"):
            found = found.filter(pk__in=commits_in(self._release("release", release)).values("pk"))
        if release := asked.get("new_in"):
            found = found.filter(pk__in=new_in(self._release("new_in", release)).values("pk"))
        if release := asked.get("not_in"):
            found = found.exclude(pk__in=commits_in(self._release("not_in", release)).values("pk"))
        return found

    def _release(self, name: str, text: str) -> Release:
        visible = Release.objects.visible_to(self.actor)
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        return wire.named(visible, field=name, value=text, pk=number)


def _hex(text: str) -> str:
    if not (4 <= len(text) <= 40 and all(letter in "0123456789abcdef" for letter in text)):
        raise Invalid(
            "query.sha_invalid",
            _("“%(sha)s” is no commit's hash: 4 to 40 of the characters 0-9 and a-f.") % {"sha": text[:40]},
            field="sha",
        )
    return text
