"""Pictures of rollouts: `{% load rollouts %}`."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from foundation.kit import components, vocabulary
from releases.rollouts.machine import Tally

register = template.Library()
ORDER: Final = ("installed", "waiting", "unreachable", "skipped", "failed", "worse")


@register.simple_tag
def answer_bar(tally: Tally, threshold: int = 0) -> SafeString:
    """Draw how a group answered, with a mark at the success threshold; the words stand beside it (`answer_words`)."""
    total = tally.teams or 1
    parts, reached = [], 0.0
    for name in ORDER:
        count = getattr(tally, name)
        if count:
            width = count * 100 / total
            parts.append((name, f"{reached:.3f}", f"{width:.3f}"))
            reached += width
    bars = format_html_join("", '<rect class="answer-{}" x="{}" y="0" width="{}" height="10"></rect>', parts)
    mark: SafeString | str = ""
    if threshold and tally.asked:
        place = f"{threshold * tally.asked / total:.3f}"
        mark = format_html('<line class="answer-mark" x1="{}" x2="{}" y1="-2" y2="12"></line>', place, place)
    return format_html(
        '<svg class="answer-bar" viewBox="0 -2 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="answer-none" x="0" y="0" width="100" height="10"></rect>{}{}</svg>',
        bars,
        mark,
    )


@register.simple_tag
def answer_words(tally: Tally) -> SafeString:
    """Tell in words and figures how a group answered."""
    shown = [(name, getattr(tally, name)) for name in ORDER if getattr(tally, name)]
    return format_html_join(
        "",
        '<span class="answer-word answer-word-{}">{}<b>{}</b> {}</span>',
        (
            (name, components.icon(word.icon), count, word.label)
            for name, count in shown
            for word in [vocabulary.word("rollout_answer", name)]
        ),
    )
