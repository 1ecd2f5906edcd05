"""Tags for what people read and press: notes, empty states, paging, fields, dialogs, confirmations."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation.kit import components, fields
from foundation.kit.memory import per_language
from foundation.kit.pagers import Pager, pager_of

register = template.Library()

register.simple_tag(fields.field, name="field")
register.simple_tag(fields.field_notes, name="field_notes")
register.simple_block_tag(components.dialog, name="dialog")


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


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Any) -> SafeString:
    """Link the neighbouring pages of a Django `Page` or of a cursor page, keeping the filters in the address."""
    return pager_html(pager_of(page, context.get("request")))


@per_language
def pager_html(pager: Pager) -> SafeString:
    """Give the links to the neighbouring pages."""
    return render_to_string("kit/components/pager.html", {"pager": pager})


@register.inclusion_tag("kit/components/form_errors.html")
def form_errors(form: Any, *, focus: bool = True) -> dict[str, Any]:
    """Sum up what keeps a form from being accepted, with links to the fields; it is read first (`focus`)."""
    fields = [bound for bound in form if bound.errors] if form.is_bound else []
    return {"form": form, "fields": fields, "focus": focus}


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


@register.simple_tag
def trusted_markdown(html: str) -> SafeString:
    """Show HTML that the kit's Markdown has cleaned already; never pass anything else."""
    return format_html('<div class="prose">{}</div>', mark_safe(html))  # noqa: S308 - the cleaned output of our own renderer
