"""Shows journal entries to people: `{% load journal %}{{ entry|sentence }}`."""

from django import template

from foundation.journal.kinds import UnknownKind, WrongPayload
from foundation.journal.models import Entry

register = template.Library()


@register.filter
def sentence(entry: Entry) -> str:
    """Say what the entry tells; one whose kind is no longer known is shown by the kind's name."""
    try:
        return entry.payload.sentence()
    except (UnknownKind, WrongPayload):
        return entry.kind
