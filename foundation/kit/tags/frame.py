"""Tags for the frame of a page: files, navigation, the sign, a title that is written once."""

from dataclasses import dataclass, fields
from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from foundation.kit import navigation, vocabulary
from foundation.kit.memory import per_language

register = template.Library()

STYLES: Final = (
    *("tokens", "base", "layout", "controls", "parts", "strip", "lists", "overlays", "prose"),
    *("entrance", "print"),
)
SCRIPTS: Final = ("htmx-setup", "keyboard", "dialog", "page")


@register.simple_tag
@per_language
def stylesheets() -> SafeString:
    """Link the style sheets, in cascade order."""
    return format_html_join(
        "\n  ", '<link rel="stylesheet" href="{}">', ((static(f"css/{name}.css"),) for name in STYLES)
    )


@register.simple_tag
def kit_scripts() -> SafeString:
    """Link the kit's own scripts; they run after parsing, in this order."""
    return _deferred(*(f"js/{name}.js" for name in SCRIPTS))


@register.simple_tag
def sortable_scripts() -> SafeString:
    """Load what boards need."""
    return _deferred("vendor/sortable.min.js", "js/board.js")


@register.simple_tag
def chart_scripts() -> SafeString:
    """Load Chart.js, and the defaults that follow the tokens."""
    return _deferred("vendor/chart.umd.min.js", "js/charts.js")


@per_language
def _deferred(*paths: str) -> SafeString:
    return format_html_join("\n  ", '<script src="{}" defer></script>', ((static(path),) for path in paths))


# What differs from request to request stands in the remembered bar as one of these, which no text holds.
_CSRF, _PATH, _QUERY = "\ue000", "\ue001", "\ue002"


@register.simple_tag(takes_context=True)
def bar(context: Context) -> SafeString:
    """Show the bar: the sign, where one may go, search, languages, one's account."""
    request, token = context.get("request"), str(context.get("csrf_token") or "")
    path, query = (request.get_full_path(), request.GET.get("q", "")) if request is not None else ("/", "")
    html = _bar(_shown_in_bar(request), _CSRF if token else "")
    for here, text in ((_CSRF, token), (_PATH, path), (_QUERY, query)):
        html = html.replace(here, escape(text))
    return mark_safe(html)  # noqa: S308 - escaped


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a bar shows; whoever is shown the same gets the same bar, rendered once."""

    signed_in: bool = False
    name: str = ""
    email: str = ""
    links: tuple[navigation.NavLink, ...] = ()
    links_below: tuple[navigation.NavLink, ...] = ()
    account_links: tuple[navigation.NavLink, ...] = ()
    search: navigation.NavLink | None = None


def _shown_in_bar(request: Any) -> _Shown:
    if request is None or not navigation.signed_in(request):
        return _Shown()
    return _Shown(
        signed_in=True,
        name=request.actor.name,
        email=request.user.email,
        links=tuple(navigation.links_for(request)),
        links_below=tuple(navigation.links_below(request)),
        account_links=tuple(navigation.account_links_for(request)),
        search=navigation.search_for(request),
    )


@per_language
def _bar(shown: _Shown, token: str) -> str:
    values = {field.name: getattr(shown, field.name) for field in fields(shown)}
    return render_to_string("kit/bar.html", {**values, "csrf_token": token, "path": _PATH, "query": _QUERY})


@register.simple_tag
@per_language
def furniture() -> SafeString:
    """Give what every page keeps ready: the keyboard sheet, the question before a deed, places for messages."""
    return render_to_string("kit/furniture.html")


@register.inclusion_tag("kit/components/brand_mark.html")
def brand_mark() -> dict[str, Any]:
    """Draw the sign: a loop of nine stages."""
    return {"arcs": [(stage, -40 * place) for place, stage in enumerate(vocabulary.words("stage"))]}


class _BlockAgain(template.Node):
    """Renders a block that the page has filled already, at a second place."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        return BlockNode(self.name, template.NodeList()).render(context)


@register.tag
def block_again(parser: Parser, token: Token) -> _BlockAgain:
    """Render a block a second time, so that the title is written once: `{% block_again "title" %}`."""
    return _BlockAgain(token.split_contents()[1].strip("\"'"))
