"""Stacked bars as SVG: parts of a whole, each with a class; the words and figures stand beside them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def stacked_bar(parts: Iterable[tuple[str, int]], *, mark: float | None = None) -> SafeString:
    """Draw (name, count) parts in their order, as classes `answer-<name>`; `mark` is a place in percent."""
    shown = [(name, count) for name, count in parts if count]
    total = sum(count for _name, count in shown) or 1
    rects, reached = [], 0.0
    for name, count in shown:
        width = count * 100 / total
        rects.append((name, f"{reached:.3f}", f"{width:.3f}"))
        reached += width
    line: SafeString | str = ""
    if mark is not None:
        place = f"{mark:.3f}"
        line = format_html('<line class="answer-mark" x1="{}" x2="{}" y1="-2" y2="12"></line>', place, place)
    return format_html(
        '<svg class="answer-bar" viewBox="0 -2 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="answer-none" x="0" y="0" width="100" height="10"></rect>{}{}</svg>',
        format_html_join("", '<rect class="answer-{}" x="{}" y="0" width="{}" height="10"></rect>', rects),
        line,
    )
