"""`/api/v1/rollouts/`: rollouts and their verbs, the same as the pages'; and many installations at once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.models import Team, User
from foundation.kit.api.schema import verb
from foundation.kit.api.views import ActionViewSet, BaseViewSet
from releases.models import Channel, Installation, Release
from releases.rollouts import queries, wire
from releases.rollouts.actions.abort_rollout import abort_rollout
from releases.rollouts.actions.advance_rollout import advance_rollout
from releases.rollouts.actions.answer_rollout import answer_rollout
from releases.rollouts.actions.pause_rollout import pause_rollout
from releases.rollouts.actions.resume_rollout import resume_rollout
from releases.rollouts.actions.start_rollout import GroupPlan, start_rollout
from releases.rollouts.actions.take_batch import take_batch
from releases.rollouts.batches import BatchRow, check_count
from releases.rollouts.models import Rollout
from releases.wire import asked, check_choice, named

_STRING = OpenApiTypes.STR


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("component", _STRING, description="Slug of a component."),
            OpenApiParameter("release", _STRING, description="A version."),
            OpenApiParameter("channel", _STRING, enum=Channel.values),
            OpenApiParameter("state", _STRING, enum=Rollout.State.values),
        ]
    )
)
class RolloutViewSet(ActionViewSet[Rollout]):
    """Releases that go out group by group, newest first."""

    serializer_class = wire.RolloutSerializer
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Rollout.objects.none()
    query_names: ClassVar[frozenset[str]] = frozenset({"component", "release", "channel", "state"})

    def get_queryset(self) -> QuerySet[Rollout]:
        """Give the visible rollouts; in the list, those that the query string asks for."""
        found = queries.rollouts_of(self.actor)
        if self.action != "list":
            return found
        check_choice("state", self.request.query_params.get("state", ""), Rollout.State.values)
        check_choice("channel", self.request.query_params.get("channel", ""), Channel.values)
        names = {
            "component": "release__component__slug",
            "release": "release__version__iexact",
            "channel": "channel",
            "state": "state",
        }
        return found.filter(**asked(self.request, names))

    @extend_schema(request=wire.StartRolloutInput, responses={201: wire.RolloutSerializer})
    def create(self, request: Request) -> Response:
        """Start a rollout; its first group begins at once."""
        self.actor.require("rollout.start")
        values = self.parsed(wire.StartRolloutInput)
        release = named(
            Release.objects.visible_to(self.actor).filter(component__slug=values.pop("component")),
            field="release",
            value=values["release"],
            version=values.pop("release"),
        )
        teams = Team.objects.visible_to(self.actor)
        groups = [
            GroupPlan(
                [named(teams, field="team", value=slug, slug=slug) for slug in group["teams"]],
                group.get("soak_hours", 24),
                group.get("gate", False),
            )
            for group in values.pop("groups")
        ]
        people = User.objects.visible_to(self.actor)
        tell = [named(people, field="tell", value=name, username=name) for name in values.pop("tell", [])]
        rollout = start_rollout(actor=self.actor, release=release, groups=groups, tell=tell, **values)
        found = self.get_queryset().get(pk=rollout.pk)
        return self.created(found, location=f"/api/v1/rollouts/{rollout.pk}/")

    @verb(wire.RolloutReasonInput, gives=wire.RolloutSerializer)
    def pause(self, request: Request, pk: str) -> Response:
        """Stop it where it is; the people named in it are told."""
        return self._done(pause_rollout, wire.RolloutReasonInput)

    @verb(wire.RolloutMaybeReasonInput, gives=wire.RolloutSerializer)
    def resume(self, request: Request, pk: str) -> Response:
        """Let a paused rollout go on; the errors so far are known."""
        return self._done(resume_rollout, wire.RolloutMaybeReasonInput)

    @verb(wire.RolloutMaybeReasonInput, gives=wire.RolloutSerializer)
    def advance(self, request: Request, pk: str) -> Response:
        """Let the next group begin: through its gate, or early and with a reason."""
        return self._done(advance_rollout, wire.RolloutMaybeReasonInput)

    @verb(wire.RolloutReasonInput, gives=wire.RolloutSerializer)
    def abort(self, request: Request, pk: str) -> Response:
        """End it before its end."""
        return self._done(abort_rollout, wire.RolloutReasonInput)

    @verb(wire.RolloutAnswerInput, gives=wire.RolloutTeamSerializer, name="answer")
    def note_answer(self, request: Request, pk: str) -> Response:
        """Say what came back from a team; a team says for itself that it failed, or is worse."""
        rollout = queries.asking_rollout_of(self.actor, int(pk))
        values = self.parsed(wire.RolloutAnswerInput)
        team = named(Team.objects.visible_to(self.actor), field="team", value=values["team"], slug=values.pop("team"))
        row = answer_rollout(actor=self.actor, rollout=rollout, team=team, **values)
        return Response(wire.RolloutTeamSerializer(row).data)

    def _done(self, act: Any, body: Any) -> Response:
        rollout = self.get_object()
        act(actor=self.actor, rollout=rollout, **self.parsed(body))
        return self.answer()


class InstallationBatchViewSet(BaseViewSet[Installation]):
    """Many installations at once, each taken or refused for itself."""

    area = "releases"
    serializer_class = wire.ResultsSerializer
    queryset = Installation.objects.none()

    @extend_schema(request=wire.BatchInput, responses={200: wire.ResultsSerializer})
    def create(self, request: Request) -> Response:
        """Take installations in; the same one again is the same installation, and a wrong one keeps no other out."""
        self.actor.require("installation.report")
        body = wire.BatchInput(data=request.data)
        body.is_valid(raise_exception=True)
        rows = [BatchRow(**values, line=place) for place, values in enumerate(body.validated_data["installations"])]
        check_count(len(rows))
        results = take_batch(actor=self.actor, rows=rows)
        taken = sum(result.installation is not None for result in results)
        answer = {
            "taken": taken,
            "refused": len(results) - taken,
            "results": [
                {
                    "place": result.row.line,
                    "installation": result.installation.pk if result.installation else None,
                    "code": result.code,
                    "error": result.error,
                }
                for result in results
            ],
        }
        return Response(wire.ResultsSerializer(answer).data)
