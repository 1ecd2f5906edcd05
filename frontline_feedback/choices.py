"""Choices that explain themselves: the word, and below it what it means."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foundation.kit import components


def _with_hint(label: Any, hint: Any) -> SafeString:
    return format_html('<span class="choice"><b>{}</b><span class="choice-hint">{}</span></span>', label, hint)


def _severity(value: str, hint: Any) -> SafeString:
    return format_html(
        '<span class="choice">{}<span class="choice-hint">{}</span></span>', components.severity_badge(value), hint
    )


# Written when shown, in the language of whoever reads the page.
with_hint: Callable[[Any, Any], SafeString] = lazy(_with_hint, SafeString)
severity: Callable[[str, Any], SafeString] = lazy(_severity, SafeString)
