"""Remembers small texts by language: a list shows the same badges, units and signs hundreds of times."""

import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from html import escape
from typing import Any, Final, ParamSpec, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")

_forgetters: Final[list[Callable[[], None]]] = []


_spoken: Final[ContextVar[str | None]] = ContextVar("fieldloop_spoken", default=None)


@contextmanager
def one_language() -> Iterator[None]:
    """Ask for the reader's language once for the whole block, in which it does not change: for lists."""
    token = _spoken.set(get_language())
    try:
        yield
    finally:
        _spoken.reset(token)


def per_language(function: Callable[P, R]) -> Callable[P, R]:
    """Remember what a function of few distinct arguments gives, separately for each language."""

    if settings.DEBUG:  # templates and files change while one writes them
        return function

    @lru_cache(maxsize=1024)
    def made(_language: str | None, *args: Any, **kwargs: Any) -> R:
        return function(*args, **kwargs)

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        return made(_spoken.get() or get_language(), *args, **kwargs)  # type: ignore[arg-type]  # lru_cache refuses what has no hash

    _forgetters.append(made.cache_clear)
    return remembered


def forget() -> None:
    """Forget everything, because the words have changed."""
    for clear in _forgetters:
        clear()


# What differs stands in a remembered text as this and a number; nobody can write it, for nobody knows it.
_STAND_IN: Final = secrets.token_hex(12)


def rendered(template: str, differing: dict[str, str], **shown: Hashable) -> SafeString:
    """Render a template once for everyone who is `shown` the same.

    The texts that are `differing` are put in each time, escaped unless they are HTML; the template may ask only whether
    there are any.
    """
    there = {name: text if isinstance(text, SafeString) else escape(text) for name, text in differing.items() if text}
    pieces, texts = _pieces(template, tuple(there), **shown), list(there.values())
    return SafeString("".join([piece if isinstance(piece, str) else texts[piece] for piece in pieces]))


@per_language
def _pieces(template: str, names: tuple[str, ...], **shown: Hashable) -> tuple[str | int, ...]:
    stand_ins = {name: f"{_STAND_IN}.{place}." for place, name in enumerate(names)}
    split = re.split(rf"{_STAND_IN}\.(\d+)\.", render_to_string(template, {**shown, **stand_ins}))
    return tuple(int(piece) if place % 2 else piece for place, piece in enumerate(split))
