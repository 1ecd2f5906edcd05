"""Tags for the frame of a page: files, navigation, the sign, a title that is written once."""

from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from foundation.kit import navigation, vocabulary
from foundation.kit.memory import per_language, rendered

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


@register.simple_tag(takes_context=True)
def bar(context: Context) -> str:
    """Show the bar, unless it was drawn before (`foundation.kit.framing`)."""
    drawn: str | None = context.get("drawn_bar")
    return drawn or bar_of(context.get("request"), str(context.get("csrf_token") or ""))


def bar_of(request: Any, csrf_token: str) -> SafeString:
    """Give the bar: the sign, where one may go, search, languages, one's account."""
    differing = {
        "csrf_token": csrf_token,
        "path": request.get_full_path() if request is not None else "/",
        "query": request.GET.get("q", "") if request is not None else "",
    }
    if request is None or not navigation.signed_in(request):
        return rendered("kit/bar.html", differing)
    # Of a team's device: it has no account, and whose it is stands in the place of an address.
    team = getattr(request.user, "standing_for", "")
    return rendered(
        "kit/bar.html",
        differing,
        signed_in=True,
        device=bool(team),
        name=request.actor.name,
        email=team or request.user.email,
        links=navigation.links_for(request),
        account_links=() if team else navigation.account_links_for(request),
        search=navigation.search_for(request),
    )


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
