"""Form fields as HTML: label, widget, help and errors, tied together for screen readers."""

from typing import Any

from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from foundation.kit.components import icon


def field(bound: Any, *, variant: str = "", label: str = "") -> SafeString:
    """Show a form field with label, help and errors. `variant`: cards."""
    widget = bound.field.widget
    if widget.is_hidden:
        return SafeString(bound)
    errors = bound.errors
    kind = f"field{f' field-{safe(variant)}' if variant else ''}{' is-invalid' if errors else ''}"
    name: str = safe(label or bound.label)
    notes = field_notes(bound)
    if getattr(widget, "input_type", "") == "checkbox" and not hasattr(widget, "choices"):
        html = f'<div class="{kind} field-check">{bound}{_label(bound, name)}{notes}</div>'
    else:
        if not bound.field.required:
            name = f'{name} <span class="field-optional">{safe(gettext("optional"))}</span>'
        if bound.use_fieldset:
            described = f' aria-describedby="{safe(by)}"' if (by := bound.aria_describedby) else ""
            html = f'<fieldset class="{kind}"{described}><legend>{name}</legend>{notes}{bound}</fieldset>'
        else:
            html = f'<div class="{kind}">{_label(bound, name)}{bound}{notes}</div>'
    return mark_safe(html)  # noqa: S308 - every part is escaped above, or a widget


def field_notes(bound: Any) -> SafeString:
    """Show a field's help and errors, under the ids by which its widget names them."""
    own, html = safe(bound.auto_id), ""
    if bound.help_text:
        # Ours, and not the reader's: it may hold a link.
        html = f'<p class="field-help" id="{own}_helptext">{bound.help_text}</p>'
    if errors := bound.errors:
        items = "".join(f"<li>{icon('circle-alert')}{safe(error)}</li>" for error in errors)
        html += f'<ul class="field-errors" id="{own}_error">{items}</ul>'
    return mark_safe(html)  # noqa: S308 - as said above


def _label(bound: Any, name: str) -> str:
    return f'<label for="{safe(bound.id_for_label)}">{name}</label>'
