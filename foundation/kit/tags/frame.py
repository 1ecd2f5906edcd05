"""Tags for the frame of a page: files, navigation, the sign, a title that is written once."""

from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from foundation.kit import navigation, vocabulary

register = template.Library()

STYLES: Final = (
    *("tokens", "base", "layout", "controls", "parts", "strip", "lists", "overlays", "prose"),
    *("entrance", "print"),
)
SCRIPTS: Final = ("htmx-setup", "keyboard", "dialog", "page")


@register.simple_tag
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


def _deferred(*paths: str) -> SafeString:
    return format_html_join("\n  ", '<script src="{}" defer></script>', ((static(path),) for path in paths))


@register.inclusion_tag("kit/components/nav.html", takes_context=True)
def nav(context: Context) -> dict[str, Any]:
    """List the destinations that the rooms registered and this actor may open."""
    return {"links": navigation.links_for(context.get("request"))}


@register.inclusion_tag("kit/components/search_box.html", takes_context=True)
def search_box(context: Context) -> dict[str, Any]:
    """Show the bar's search, if a room registered one."""
    request = context.get("request")
    query = request.GET.get("q", "") if request is not None else ""
    return {"search": navigation.search_for(request), "query": query}


@register.inclusion_tag("kit/components/account_links.html", takes_context=True)
def account_links(context: Context) -> dict[str, Any]:
    """List the entries of the user's menu that rooms registered."""
    return {"links": navigation.account_links_for(context.get("request"))}


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
