"""`{% load kit %}`: the components of every page; docs/components.md lists them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from foundation.kit import components, navigation, vocabulary, wording
from foundation.kit.pagers import pager_of
from foundation.kit.strips import by_stage, parts_of, percent, shares

register = template.Library()

STYLES: Final = ("tokens", "base", "layout", "controls", "parts", "strip", "lists", "overlays", "prose", "print")
SCRIPTS: Final = ("htmx-setup", "keyboard", "dialog", "page")

register.simple_tag(components.icon, name="icon")
register.simple_tag(components.avatar, name="avatar")
register.simple_tag(components.key_chip, name="key_chip")
register.simple_tag(components.person, name="person")
register.simple_tag(components.stage_badge, name="stage_badge")
register.simple_tag(components.severity_badge, name="severity_badge")
register.simple_tag(components.moment, name="moment")
register.simple_tag(components.duration, name="duration")
register.filter(name="duration_text", filter_func=wording.duration)


# --- the frame of a page ------------------------------------------------------------------------


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


# --- words and figures --------------------------------------------------------------------------


@register.simple_tag
def ago(value: datetime | None) -> SafeString:
    """Show how long ago a moment was, with the exact one on hover."""
    return components.ago(value)


@register.simple_tag
def state_badge(of: str, value: Any) -> SafeString:
    """Show a state in the words its room registered: `{% state_badge "ticket" ticket.state %}`."""
    return components.badge(of, value)


@register.simple_tag
def word(of: str, value: Any) -> str:
    """Give only the label of a value."""
    return str(vocabulary.word(of, value).label)


@register.inclusion_tag("kit/components/stat.html")
def stat(
    label: str, value: Any, n: int | None = None, *, note: str = "", url: str = "", trend: str = ""
) -> dict[str, Any]:
    """Show one figure with its label and the number of items behind it."""
    return {"label": label, "value": value, "n": n, "note": note, "url": url, "trend": trend}


@register.inclusion_tag("kit/components/meter.html")
def meter(value: float, most: float = 100, *, label: str = "", text: str = "") -> dict[str, Any]:
    """Show progress towards a known end."""
    return {"value": value, "most": most, "label": label, "text": text}


# --- the loop strip -----------------------------------------------------------------------------


@register.simple_tag
def loop_strip(segments: Any, size: str = "row") -> SafeString:
    """Draw time spent in stages. `size`: row (lists), page (with `{% strip_table %}` below), aggregate."""
    return components.strip(segments, size=size)


@register.inclusion_tag("kit/components/strip_table.html")
def strip_table(segments: Any, *, caption: str = "") -> dict[str, Any]:
    """Tell a strip in figures: time, share and visits by stage. The text alternative of the large strip."""
    parts = parts_of(segments)
    totals = by_stage(parts)
    split = shares(list(totals.values()))
    visits = {stage: sum(1 for part in parts if part.stage == stage) for stage in totals}
    rows = [
        {"stage": stage, "time": time, "share": share / 100, "visits": visits[stage]}
        for (stage, time), share in zip(totals.items(), split, strict=True)
    ]
    return {"rows": rows, "total": sum(totals.values()), "caption": caption}


@register.inclusion_tag("kit/components/strip_legend.html")
def strip_legend() -> dict[str, Any]:
    """Explain the strip: nine stages, and how work, waiting and blocked time look."""
    return {"stages": list(vocabulary.words("stage"))}


# --- pages and forms ----------------------------------------------------------------------------


@register.inclusion_tag("kit/components/note.html")
def note(level: str, text: Any, *, title: str = "") -> dict[str, Any]:
    """Show a message in place. `level`: info, success, warning, error."""
    tone, sign = {
        "success": ("good", "circle-check"),
        "warning": ("warn", "triangle-alert"),
        "error": ("bad", "circle-alert"),
    }.get(level, ("info", "info"))
    return {"tone": tone, "sign": sign, "text": text, "title": title}


@register.inclusion_tag("kit/components/empty_state.html")
def empty_state(
    title: str, text: str = "", action_url: str = "", action_label: str = "", *, sign: str = "inbox"
) -> dict[str, Any]:
    """Say why nothing is here and what to do next."""
    return {"title": title, "text": text, "action_url": action_url, "action_label": action_label, "sign": sign}


@register.inclusion_tag("kit/components/pager.html", takes_context=True)
def pager(context: Context, page: Any, *, target: str = "") -> dict[str, Any]:
    """Link the neighbouring pages of a Django `Page` or of a cursor page, keeping the filters in the address."""
    return {"pager": pager_of(page, context.get("request")), "target": target}


@register.inclusion_tag("kit/components/field.html")
def field(bound: Any, *, variant: str = "", label: str = "") -> dict[str, Any]:
    """Show a form field with label, help and errors, tied together for screen readers. `variant`: cards."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "variant": variant,
        "single_check": getattr(widget, "input_type", "") == "checkbox" and not hasattr(widget, "choices"),
        "hidden": widget.is_hidden,
    }


@register.inclusion_tag("kit/components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """Sum up what keeps a form from being accepted, with links to the fields."""
    fields = [bound for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "fields": fields}


@register.inclusion_tag("kit/components/copy_button.html")
def copy_button(text: str, *, label: str = "") -> dict[str, Any]:
    """Offer to copy a text: a hash, an address, a command."""
    return {"text": text, "label": label}


@register.inclusion_tag("kit/components/confirm.html", takes_context=True)
def confirm(
    context: Context,
    name: str,
    url: str,
    label: str,
    question: str,
    *,
    text: str = "",
    danger: bool = False,
    sign: str = "",
) -> dict[str, Any]:
    """Give a button that asks before it posts to `url`. `name` must be unique on the page."""
    return {
        "name": name,
        "url": url,
        "label": label,
        "question": question,
        "text": text,
        "danger": danger,
        "sign": sign,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("kit/components/commit.html")
def commit_line(
    sha: str,
    subject: str,
    author: str = "",
    moment: datetime | None = None,
    *,
    url: str = "",
    added: int | None = None,
    removed: int | None = None,
) -> dict[str, Any]:
    """Show one commit on one line: short hash, subject, author, time, lines added and removed."""
    return {
        "sha": sha,
        "subject": subject,
        "author": author,
        "moment": moment,
        "url": url,
        "added": added,
        "removed": removed,
    }


@register.simple_tag
def trusted_markdown(html: str) -> SafeString:
    """Show HTML that the kit's Markdown has cleaned already; never pass anything else."""
    return format_html('<div class="prose">{}</div>', mark_safe(html))  # noqa: S308 - the cleaned output of our own renderer


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, name: str, title: str, *, small: bool = False) -> SafeString:
    """Wrap content as a dialog that any `data-dialog="<name>"` button opens."""
    html = template.loader.render_to_string(
        "kit/components/dialog.html", {"content": content, "name": name, "title": title, "small": small}
    )
    return mark_safe(html)  # noqa: S308 - rendered by a template that escapes


@register.simple_block_tag
def feed_item(
    content: str,
    moment: datetime | None = None,
    *,
    actor: str = "",
    team: str = "",
    sign: str = "dot",
    tone: str = "neutral",
) -> SafeString:
    """Show one item of an activity feed; the content is the sentence, an optional quote follows inside it."""
    who = components.person(actor, team) if actor else components.NOTHING
    return format_html(
        '<li class="feed-item"><span class="feed-sign tone-{}">{}</span><div class="feed-body"><div class="feed-line">{} {}</div>{}</div></li>',
        tone,
        components.icon(sign),
        who,
        components.ago(moment),
        mark_safe(content),  # noqa: S308 - rendered template text
    )


@register.filter
def hundredths(value: Mapping[str, int] | float) -> str:
    """Write a share of 0..100 as an SVG length."""
    return percent(round(float(value) * 100))  # type: ignore[arg-type]  # a filter's argument is whatever the page has
