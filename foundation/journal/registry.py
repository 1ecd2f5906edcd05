"""Which consumers there are, and what each asks for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, TypeVar, overload

from foundation.journal.models import Entry

Handle = Callable[[Entry], object]
HandleBatch = Callable[[list[Entry]], object]
_H = TypeVar("_H", bound=Callable[..., object])

_consumers: Final[dict[str, "Consumer"]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """One reader of the journal; see `consumer` for what each field means."""

    name: str
    handle: Callable[[Any], object]
    kinds: frozenset[str] | None
    batch: int | None
    start: Literal["beginning", "now"]
    on_failure: Literal["park", "halt"]
    at_most_every: timedelta
    reset: Callable[[], object] | None
    repeatable: bool


@overload
def consumer(
    name: str,
    *,
    kinds: Iterable[str] | None = None,
    batch: None = None,
    start: Literal["beginning", "now"] = "beginning",
    on_failure: Literal["park", "halt"] = "park",
    at_most_every: timedelta = timedelta(0),
    reset: Callable[[], object] | None = None,
    repeatable: bool = False,
) -> Callable[[Handle], Handle]: ...
@overload
def consumer(
    name: str,
    *,
    kinds: Iterable[str] | None = None,
    batch: int,
    start: Literal["beginning", "now"] = "beginning",
    on_failure: Literal["park", "halt"] = "park",
    at_most_every: timedelta = timedelta(0),
    reset: Callable[[], object] | None = None,
    repeatable: bool = False,
) -> Callable[[HandleBatch], HandleBatch]: ...
def consumer(
    name: str,
    *,
    kinds: Iterable[str] | None = None,
    batch: int | None = None,
    start: Literal["beginning", "now"] = "beginning",
    on_failure: Literal["park", "halt"] = "park",
    at_most_every: timedelta = timedelta(0),
    reset: Callable[[], object] | None = None,
    repeatable: bool = False,
) -> Callable[[_H], _H]:
    """Register a function as the consumer `name` ("room.what_it_does"); declare it in the room's `consumers.py`.

    It is given each entry of `kinds` (None: of every kind) once and in order, inside a transaction that commits
    together with its place in the journal. With `batch=n` it is given a list of at most n entries at a time, which
    is much faster; where a batch fails, its entries are given again one by one, each as a list of one.

    `start`        a new consumer starts at the "beginning" of the journal, or "now".
    `on_failure`   "park" sets a failing entry aside (retried with backoff) and holds up its own subject only;
                   "halt" stops the consumer there until it works: for what must see everything in one order.
    `at_most_every` the least time between two runs, for work that is cheaper in larger pieces.
    `reset`        empties what this consumer built, in a transaction; only a consumer with a reset can be replayed.
    `repeatable`   to handle an entry again changes nothing. It is then called without a transaction around it, and its
                   place follows behind: it opens the transactions that it needs itself, none where one statement does.
    """

    def register(function: _H) -> _H:
        if name in _consumers and _consumers[name].handle.__module__ != function.__module__:
            raise ValueError(f"The consumer {name!r} is declared twice. Each name is one cursor.")
        _consumers[name] = Consumer(
            name=name,
            handle=function,
            kinds=None if kinds is None else frozenset(kinds),
            batch=batch,
            start=start,
            on_failure=on_failure,
            at_most_every=at_most_every,
            reset=reset,
            repeatable=repeatable,
        )
        return function

    return register


def registered() -> tuple[Consumer, ...]:
    """Give every consumer, in the order of declaration."""
    return tuple(_consumers.values())


def named(name: str) -> Consumer:
    """Give one consumer; raises LookupError that lists the names there are."""
    try:
        return _consumers[name]
    except KeyError:
        raise LookupError(f"There is no consumer {name!r}. There are: {', '.join(sorted(_consumers))}.") from None


def unregister(name: str) -> None:
    """Forget a consumer that a test declared."""
    del _consumers[name]
