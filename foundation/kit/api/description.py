"""The description of the API, drawn up once for each language: it is the same for everybody, and takes a second."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

_KEPT_HEADERS: Final = ("Content-Type", "Content-Disposition")
# By the language and the way it is written: nobody can add others.
_drawn_up: Final[dict[tuple[str | None, type], tuple[bytes, dict[str, str]]]] = {}


class DescriptionView(SpectacularAPIView):
    """Gives the description, as YAML or JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give it as it was drawn up, unless the address asks for something special."""
        drawn: Callable[..., Response] = super().get
        key = (get_language(), type(request.accepted_renderer))
        if settings.DEBUG or request.query_params.keys() - {"format"}:
            return drawn(request, *args, **kwargs)
        if key in _drawn_up:
            content, headers = _drawn_up[key]
            return HttpResponse(content, headers=headers)

        def keep(rendered: HttpResponse) -> None:
            headers = {name: rendered[name] for name in _KEPT_HEADERS if name in rendered}
            _drawn_up[key] = rendered.content, headers

        response = drawn(request, *args, **kwargs)
        response.add_post_render_callback(keep)
        return response
