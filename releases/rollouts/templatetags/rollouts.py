"""Pictures of rollouts: `{% load rollouts %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from foundation.kit import components, vocabulary
from releases.rollouts.bars import stacked_bar
from releases.rollouts.machine import Tally

register = template.Library()
ORDER: Final = ("installed", "waiting", "unreachable", "skipped", "failed", "worse")


@register.simple_tag
def answer_bar(tally: Tally, threshold: int = 0) -> SafeString:
    """Draw how a group answered, with a mark at the success threshold; the words stand beside it (`answer_words`)."""
    mark = threshold * tally.asked / tally.teams if threshold and tally.asked else None
    return stacked_bar([(name, getattr(tally, name)) for name in ORDER], mark=mark)


@register.simple_tag
def count_bar(counts: Mapping[str, int]) -> SafeString:
    """Draw counts by name in their order."""
    return stacked_bar(counts.items())


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
