"""The register of top-level destinations: each room names its own entries, the page's bar shows them.

A room calls `register(NavItem(...))` in its `AppConfig.ready`; an entry is shown only to an actor that may
do its verb, so the bar never offers a door that would answer 403.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from foundation.kit.memory import per_language


@dataclass(frozen=True, slots=True, eq=False)
class NavItem:
    """One destination. `verb` empty: for everyone who is signed in. `key`: pressed after `g` to go there.

    `prefixes`: addresses elsewhere that belong to it ("/FB-"), beside all that begin with its own.
    `below`: the url_name of the entry whose place it belongs to; it is offered in a second row, while one is there.
    Whoever may not open that one is offered this one in its stead.
    """

    label: str | Promise
    url_name: str
    verb: str = ""
    order: int = 100
    icon: str = ""
    key: str = ""
    prefixes: tuple[str, ...] = ()
    below: str = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A `NavItem` resolved for one request."""

    label: str
    url: str
    icon: str
    key: str
    current: bool


@dataclass(slots=True)
class _Register:
    items: dict[str, NavItem] = field(default_factory=dict)
    account: dict[str, NavItem] = field(default_factory=dict)
    search: NavItem | None = None


_register: Final = _Register()


def register(item: NavItem) -> None:
    """Add an entry (or replace the one with the same address)."""
    _register.items[item.url_name] = item


def register_search(item: NavItem) -> None:
    """Name the one page that answers the bar's search box with `?q=`."""
    _register.search = item


def register_account(item: NavItem) -> None:
    """Add an entry to the user's own menu."""
    _register.account[item.url_name] = item


def account_links_for(request: HttpRequest | None) -> tuple[NavLink, ...]:
    """Give the entries of the user's own menu, in order."""
    if request is None or not signed_in(request):
        return ()
    return tuple(map(_linked, _offered(_register.account, request)))


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """What the bar offers: on top, and below what stands together at the page's place, where it is more than one.

    The place itself comes first there. Who may open the same is given the same object at the same place.
    """

    top: tuple[NavLink, ...] = ()
    below: tuple[NavLink, ...] = ()


_NONE: Final = Links()


def links_for(request: HttpRequest | None) -> Links:
    """Give what this request's actor may open, in order; nothing for a visitor or without a request."""
    if request is None or not signed_in(request):
        return _NONE
    items = _offered(_register.items, request)
    # The longest address that the page's own begins with is where we are.
    depths = {item: _depth(request.path, (_linked(item).url, *item.prefixes)) for item in items}
    here = max(depths, key=lambda item: depths[item], default=None)
    return _arranged(items, here if here is not None and depths[here] else None)


@per_language
def _arranged(items: tuple[NavItem, ...], here: NavItem | None) -> Links:
    groups: dict[str, list[NavItem]] = {}
    offered = {item.url_name for item in items}
    for item in items:
        groups.setdefault(item.below if item.below in offered else item.url_name, []).append(item)
    top: list[NavLink] = []
    below: tuple[NavLink, ...] = ()
    for members in groups.values():
        members.sort(key=lambda item: bool(item.below))
        inside = tuple(replace(_linked(item), current=item is here) for item in members)
        top.append(replace(inside[0], current=here in members))
        if here in members and len(inside) > 1:
            below = inside
    return Links(tuple(top), below)


def search_for(request: HttpRequest | None) -> NavLink | None:
    """Give the search page, if one is registered and this actor may use it."""
    if request is None or _register.search is None or not signed_in(request):
        return None
    return next(map(_linked, _offered({"": _register.search}, request)), None)


def signed_in(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in."""
    user: Any = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def _offered(items: Mapping[str, NavItem], request: HttpRequest) -> tuple[NavItem, ...]:
    """Give the entries that lead somewhere and that this request's actor may open, in order."""
    actor: Any = getattr(request, "actor", None)
    open_to = [item for item in items.values() if not item.verb or (actor is not None and actor.may(item.verb))]
    return tuple(sorted(filter(_address, open_to), key=lambda item: (item.order, item.url_name)))


@per_language
def _linked(item: NavItem) -> NavLink:
    return NavLink(str(item.label), _address(item), item.icon, item.key, False)


@per_language
def _address(item: NavItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _depth(path: str, urls: tuple[str, ...]) -> int:
    """Give the length of the longest address that `path` begins with; 0 for none. The start page is only itself."""
    return max((len(url) for url in urls if path == url or (url != "/" and path.startswith(url))), default=0)
