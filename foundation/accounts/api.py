"""`/api/v1/me/` and `/api/v1/teams/`: who one is, and which teams there are."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts import openapi, queries
from foundation.accounts.api_access import SignedIn
from foundation.accounts.models import Team, User
from foundation.accounts.roles import Role, TeamKind
from foundation.kit.api.views import BaseViewSet, ReadViewSet

# Loaded for its effect: the scheme registers itself when its class is made.
__all__ = ["MeViewSet", "TeamViewSet", "openapi"]


class TeamSerializer(serializers.ModelSerializer[Team]):
    """A team as the API gives it."""

    programmes = serializers.SerializerMethodField()

    class Meta:
        model = Team
        fields = ("slug", "name", "kind", "programmes")

    def get_programmes(self, team: Team) -> list[str]:
        """Slugs of the programmes that the team works in, as far as the caller may know of them."""
        visible = self.context["view"].actor.programmes()
        return [programme.slug for programme in team.programmes.all() if programme.pk in visible]


class MembershipSerializer(serializers.Serializer[queries.Belonging]):
    """What the caller is in one team."""

    team = serializers.SlugField(source="team_slug")
    name = serializers.CharField(source="team_name")
    kind = serializers.ChoiceField(choices=TeamKind.choices, source="team_kind")
    role = serializers.ChoiceField(choices=Role.choices)


class MeSerializer(serializers.ModelSerializer[User]):
    """Who asks, and what this token or session reaches."""

    memberships = serializers.SerializerMethodField()
    scopes = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("username", "name", "language", "time_zone", "memberships", "scopes")

    @extend_schema_field(MembershipSerializer(many=True))
    def get_memberships(self, user: User) -> list[Any]:
        """The caller's roles, team by team."""
        return [MembershipSerializer(belonging).data for belonging in queries.belongings(user)]

    def get_scopes(self, user: User) -> list[str] | None:
        """The token's scopes; null for a session, which has no such limit."""
        scopes = self.context["view"].actor.scopes
        return None if scopes is None else sorted(scopes)


class MeViewSet(BaseViewSet[User]):
    """The caller."""

    permission_classes = (SignedIn,)
    serializer_class = MeSerializer
    pagination_class = None  # type: ignore[assignment]  # it is one thing
    queryset = User.objects.none()

    @extend_schema(operation_id="me_retrieve", responses=forced_singular_serializer(MeSerializer))  # type: ignore[no-untyped-call]  # it has no annotations
    def list(self, request: Request) -> Response:
        """Tell who the token or session belongs to, with all roles."""
        return Response(self.get_serializer(request.user).data)


class TeamViewSet(ReadViewSet[Team]):
    """Teams: one's own and those of one's programmes."""

    serializer_class = TeamSerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    queryset = Team.objects.none()

    def get_queryset(self) -> QuerySet[Team]:
        """Give the visible teams."""
        return queries.teams(actor=self.actor)
