"""An Atom feed of a component's releases on a channel, for feed readers: by session, or by a bearer token."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from foundation.accounts.actors import Actor
from foundation.accounts.api_access import BearerAuthentication
from foundation.catalogue.models import Component
from foundation.kit import markdown
from foundation.kit.errors import NotFound
from releases.languages import SOURCE, notes_in
from releases.models import Channel, Publication, Release
from releases.requests import actor_of_request

NEWEST = 30

if TYPE_CHECKING:
    _Feed = Feed[Publication, Any]
else:
    _Feed = Feed


class ReleaseFeed(_Feed):
    """The newest releases that a subscriber of the channel receives, each with its notes."""

    feed_type = Atom1Feed
    # Who comes in is decided here: feed readers cannot sign in on a page.
    login_required = False

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who has signed in or sends a token that may read releases; 401 to anybody else."""
        actor = _caller(request)
        if actor is None or not actor.has_scope("releases:read"):
            response = HttpResponse(_("Send a token as “Authorization: Bearer …”."), status=401)
            response["WWW-Authenticate"] = 'Bearer realm="releases"'
            return response
        actor.require("release.see")
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give the component and the channel; raises NotFound for what the caller may not see."""
        actor = actor_of_request(request)
        component = Component.objects.visible_to(actor).filter(slug=kwargs["component"].lower()).first()
        if component is None or kwargs["channel"] not in Channel.values:
            raise NotFound("feed.not_found", _("There is no such feed that you may see."))
        return {"component": component, "channel": Channel(kwargs["channel"]), "actor": actor}

    def title(self, about: dict[str, Any]) -> str:
        return f"{about['component'].name}: {about['channel'].label}"

    def link(self, about: dict[str, Any]) -> str:
        return f"/releases/?component={about['component'].slug}"

    def subtitle(self, about: dict[str, Any]) -> str:
        return _("Releases of %(component)s that are out on “%(channel)s”.") % {
            "component": about["component"].name,
            "channel": about["channel"].label,
        }

    def items(self, about: dict[str, Any]) -> list[Publication]:
        """Give the first publication of each release that reaches the channel, newest first."""
        visible = Release.objects.visible_to(about["actor"]).filter(component=about["component"])
        found = (
            Publication.objects.filter(release__in=visible, channel__in=about["channel"].received)
            .order_by("release", "at", "pk")
            .distinct("release")
        )
        newest = Publication.objects.filter(pk__in=found.values("pk")).order_by("-at", "-pk")
        return list(newest.select_related("release__component")[:NEWEST])

    def item_title(self, item: Any) -> str:
        withdrawn = item.release.state == Release.State.WITHDRAWN
        return _("%(release)s (withdrawn)") % {"release": item.release} if withdrawn else str(item.release)

    def item_description(self, item: Publication) -> str:
        notes = notes_in(item.release, get_language() or SOURCE)
        html = str(markdown.render(notes.text))
        if item.release.state == Release.State.WITHDRAWN:
            html = f"{markdown.render(item.release.withdrawn_reason)}{html}"
        if notes.falls_back and notes.text:
            html = f"<p><em>{_('These notes are not translated yet; this is the English text.')}</em></p>{html}"
        return html

    def item_link(self, item: Publication) -> str:
        return item.release.get_absolute_url()

    def item_guid(self, item: Publication) -> str:
        return f"urn:fieldloop:release:{item.release_id}"

    def item_pubdate(self, item: Publication) -> datetime:
        return item.at

    def item_updateddate(self, item: Publication) -> datetime:
        return item.release.withdrawn_at or item.at


def _caller(request: HttpRequest) -> Actor | None:
    if request.headers.get("Authorization", "").startswith("Bearer "):
        try:
            BearerAuthentication().authenticate(Request(request))
        except AuthenticationFailed:
            return None
    actor = actor_of_request(request)
    return actor if actor.is_authenticated else None
