"""Small helps for this room's templates: `{% load releases %}`."""

from collections.abc import Mapping
from typing import TypeVar

from django import template

register = template.Library()
T = TypeVar("T")


@register.filter
def at_key(mapping: Mapping[str, T], key: str) -> T | None:
    """Give the value under a key that is a variable."""
    return mapping.get(key)


@register.filter
def short_ref(name: str) -> str:
    """Give the short name of a branch or tag."""
    return name.removeprefix("refs/heads/").removeprefix("refs/tags/")
