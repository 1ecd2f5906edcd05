"""Remembers small texts by language: a list shows the same badges, units and signs hundreds of times."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")

_forgetters: Final[list[Callable[[], None]]] = []


def per_language(function: Callable[P, R]) -> Callable[P, R]:
    """Remember what a function of few distinct arguments gives, separately for each language."""

    if settings.DEBUG:  # templates and files change while one writes them
        return function

    @lru_cache(maxsize=1024)
    def made(_language: str | None, *args: Any, **kwargs: Any) -> R:
        return function(*args, **kwargs)

    @wraps(function)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        return made(get_language(), *args, **kwargs)  # type: ignore[arg-type]  # lru_cache refuses what has no hash

    _forgetters.append(made.cache_clear)
    return remembered


def forget() -> None:
    """Forget everything, because the words have changed."""
    for clear in _forgetters:
        clear()
