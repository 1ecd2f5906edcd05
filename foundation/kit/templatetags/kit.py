"""`{% load kit %}`: the components of every page; docs/components.md lists them and `/kit/` shows them."""

from django import template

from foundation.kit.tags import figures, forms, frame

register = template.Library()
for library in (frame, figures, forms):
    register.tags.update(library.register.tags)
    register.filters.update(library.register.filters)
