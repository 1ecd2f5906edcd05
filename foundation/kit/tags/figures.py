"""Tags for words and figures: badges, keys, people, times, the loop strip, commits, the feed."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from foundation.kit import components, vocabulary, wording
from foundation.kit.strip_html import strip
from foundation.kit.strips import by_stage, parts_of, percent, shares

register = template.Library()

register.simple_tag(components.icon, name="icon")
register.simple_tag(components.avatar, name="avatar")
register.simple_tag(components.key_chip, name="key_chip")
register.simple_tag(components.person, name="person")
register.simple_tag(components.stage_badge, name="stage_badge")
register.simple_tag(components.severity_badge, name="severity_badge")
register.simple_tag(components.moment, name="moment")
register.simple_tag(components.duration, name="duration")
register.simple_tag(components.commit_line, name="commit_line")
register.simple_block_tag(components.feed_item, name="feed_item")
register.filter(name="duration_text", filter_func=wording.duration)
register.filter(name="day_text", filter_func=wording.day)
register.filter(name="moment_text", filter_func=wording.exact)


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


@register.simple_tag
def loop_strip(segments: Any, size: str = "row") -> SafeString:
    """Draw time spent in stages. `size`: row (lists), page (with `{% strip_table %}` below), aggregate."""
    return strip(segments, size=size)


@register.inclusion_tag("kit/components/strip_table.html")
def strip_table(segments: Any, *, caption: str = "") -> dict[str, Any]:
    """Tell a strip in figures: time, share and visits by stage. The text alternative of the large strip."""
    parts = parts_of(segments)
    spent = by_stage(parts)
    order = [*vocabulary.words("stage"), *spent]
    totals = dict(sorted(spent.items(), key=lambda item: order.index(item[0])))
    split = shares(list(totals.values()))
    visits = {stage: sum(1 for part in parts if part.stage == stage) for stage in totals}
    rows = [
        {"stage": stage, "time": time, "share": share / 100, "width": percent(share), "visits": visits[stage]}
        for (stage, time), share in zip(totals.items(), split, strict=True)
    ]
    return {"rows": rows, "total": sum(totals.values()), "caption": caption}


@register.inclusion_tag("kit/components/strip_legend.html")
def strip_legend() -> dict[str, Any]:
    """Explain the strip: nine stages, and how work, waiting and blocked time look."""
    return {"stages": list(vocabulary.words("stage"))}
