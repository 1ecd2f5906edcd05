"""A small API over Django's own groups, to try the kit's plumbing on something without a domain."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from foundation.kit.api.schema import verb
from foundation.kit.api.serializers import InputSerializer
from foundation.kit.api.views import ActionViewSet
from foundation.kit.errors import Conflict, Invalid


class GroupSerializer(serializers.ModelSerializer[Group]):
    class Meta:
        model = Group
        fields = ("id", "name")


class GroupInput(InputSerializer):
    name = serializers.CharField(max_length=40)
    client_uuid = serializers.UUIDField(required=False)


class RenameInput(InputSerializer):
    name = serializers.CharField(max_length=40)
    count = serializers.IntegerField(required=False)


class Groups(ActionViewSet[Group]):
    """Groups of users."""

    queryset = Group.objects.order_by("id")
    serializer_class = GroupSerializer
    permission_classes = (IsAuthenticated,)

    def create(self, request: Request) -> Response:
        """Make a group."""
        name = self.parsed(GroupInput)["name"]
        if name == "forbidden name":
            raise Invalid("group.name_refused", "No group may be called “forbidden name”.", field="name")
        if Group.objects.filter(name=name).exists():
            raise Conflict("group.exists", f"There is a group “{name}” already.")
        group = Group.objects.create(name=name)
        return self.created(group, location=f"/api/v1/groups/{group.pk}/")

    @verb(RenameInput, gives=GroupSerializer)
    def rename(self, request: Request, pk: str) -> Response:
        """Give the group another name."""
        name = self.parsed(RenameInput)["name"]
        with transaction.atomic():
            group = self.get_object()
            group.name = name
            group.save()
        if name == "fall over":
            raise RuntimeError("This is the server's fault.")
        return self.answer()


@login_not_required
def refusing_page(request: HttpRequest) -> HttpResponse:
    raise Conflict("ticket.not_open", "FB-12 is closed. Reopen it <first>.")


@login_not_required
def broken_page(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("This is the server's fault.")


@login_not_required
def plain_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


router = SimpleRouter()
router.register("groups", Groups, basename="api-group")

urlpatterns: list[Any] = [
    path("api/v1/", include(router.urls)),
    path("api/v1/broken/", broken_page),
    path("refusing/", refusing_page),
    path("broken/", broken_page),
    path("plain/", plain_page),
    path("", include("rnd.urls")),
]
handler400 = "foundation.kit.error_pages.bad_request"
handler403 = "foundation.kit.error_pages.forbidden"
handler404 = "foundation.kit.error_pages.not_found"
handler500 = "foundation.kit.error_pages.server_error"
