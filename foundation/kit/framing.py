"""Whole pages that are rendered once for everyone who is shown the same; what differs is put in each time."""

from __future__ import annotations

from collections.abc import Hashable

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from foundation.kit.memory import per_language, rendered
from foundation.kit.tags.frame import bar_of


def framed(request: HttpRequest, template: str, differing: dict[str, str], **shown: Hashable) -> HttpResponse:
    """Answer with a page that extends `kit/base.html`, by `foundation.kit.memory.rendered`.

    The template knows no request: whatever depends on it, or on who asks, is among the texts or the values.
    """
    token = get_token(request)
    told = get_messages(request)
    messages = render_to_string("kit/messages.html", {"messages": told}) if len(told) else _no_messages()
    own = {"csrf_token": token, "drawn_bar": bar_of(request, token), "drawn_messages": messages}
    return HttpResponse(rendered(template, {**own, **differing}, **shown))


@per_language
def _no_messages() -> SafeString:
    return render_to_string("kit/messages.html")
