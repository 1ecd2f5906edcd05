"""Lists every address of the URLconf, for the house tests that walk them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic.edit import ProcessFormView

OURS = ("foundation", "releases", "frontline_feedback", "rnd")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """One pattern: its name with namespaces, its address as written, and its view."""

    name: str
    address: str
    view: Any

    @property
    def is_api(self) -> bool:
        """Tell whether it answers programs."""
        return self.address.startswith("api/")

    def methods(self) -> tuple[str, ...] | None:
        """Give the methods that it answers, or None where only asking tells."""
        actions: dict[str, str] | None = getattr(self.view, "actions", None)
        if actions is not None:
            return tuple(method for method in METHODS if method.lower() in actions)
        cls = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)
        if cls is None:
            return None
        return tuple(
            method
            for method in METHODS
            if hasattr(cls, method.lower()) and not (method == "PUT" and self.puts_as_it_posts)
        )

    @property
    def is_ours(self) -> bool:
        """Tell whether the view is of this house, and not of a library."""
        cls = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)
        return (cls or self.view).__module__.partition(".")[0] in OURS

    @property
    def puts_as_it_posts(self) -> bool:
        """Tell whether it is a form view of Django, in which PUT is another name of POST."""
        return getattr(getattr(self.view, "view_class", None), "put", None) is ProcessFormView.put


def every_route() -> list[Route]:
    """Give every pattern of the root URLconf, includes resolved."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], address: str, namespace: str) -> Iterator[Route]:
    for pattern in patterns:
        here = address + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name or ''}", here, pattern.callback)
