"""Whose turn it is: whoever computes some tickets, or tasks, waits for whoever computes the same ones.

So who reads later also writes later. Neighbours share a lock.
"""

# ruff: noqa: S608 -- queries are put together from our own names only; every value is a parameter

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, Self

import psycopg
from django.db import connection

from foundation.kit.transactions import lock_number
from rnd.cycles.facts.raw import FEW, Cursor, array

# So many neighbours share a lock.
BLOCK: Final = 4096

_WAIT: Final = (
    "SELECT pg_advisory_xact_lock(%s, block), set_config('plan_cache_mode', %s, true) "
    "FROM (SELECT unnest(%s::int[]) AS block ORDER BY 1) AS blocks"
)
# Whatever the session holds: where reading failed, it is not known which locks it had taken.
_GIVE_BACK: Final = (
    "SELECT pg_advisory_unlock(%s, objid::int) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() "
    "AND objsubid = 2 AND classid = CAST(%s AS int)::oid AND granted"
)


class Turns:
    """The locks of all things of one kind."""

    def __init__(self, name: str) -> None:
        # The first half of a lock's number says what it is for, the second which neighbours share it.
        self.kind: Final = lock_number(name) >> 32

    def wait(self, cursor: Cursor, numbers: Collection[int]) -> None:
        """Wait until it is our turn with these things; our transaction ends it.

        How many are asked for decides which plan is best, so that plans are kept for a few only.
        """
        plans = "force_generic_plan" if len(numbers) <= FEW else "auto"
        cursor.execute(_WAIT, [self.kind, plans, array(sorted({number // BLOCK for number in numbers}))])


TICKETS: Final = Turns("cycles.project")
TASKS: Final = Turns("cycles.project_tasks")


class Turn:
    """One turn with a few things: the statement that reads them begins it, and the one that writes them ends it.

    Inside a transaction its locks are the transaction's. Outside of one, each statement is a transaction by itself:
    that saves the trips that begin and end one, a third of what an entry costs. The session holds the locks in between.
    """

    def __init__(self, cursor: Cursor, turns: Turns) -> None:
        self.kind, self._cursor = turns.kind, cursor
        self.by_session: Final = not connection.in_atomic_block
        self._places: list[int] | None = None
        self._over = not self.by_session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._over:
            try:
                self._cursor.execute(_GIVE_BACK, [self.kind, self.kind])
            except (psycopg.OperationalError, psycopg.InterfaceError):
                connection.close()  # what the session holds ends with it

    @property
    def has_begun(self) -> bool:
        """Tell whether the locks are taken."""
        return self._places is not None

    def begun(self, numbers: Iterable[int]) -> None:
        """Say that a statement has taken the locks of these things."""
        self._places = sorted({number // BLOCK for number in numbers})
        self._over |= not self._places

    @property
    def places(self) -> str:
        """Give the places of its locks, as an array for `given_back`."""
        return array(self._places or ())

    def end(self, told: tuple[object, ...] | None) -> None:
        """Take what a statement with `given_back` returned: nothing, if it found no row to write."""
        self._over = told == (True,)


def given_back(kind: int, places: str) -> str:
    """Give the expression with which a statement ends the turn: true, if the locks were the session's.

    Another one's turn begins only when the statement has committed: until then it holds them as its own.
    """
    return (
        f"(SELECT bool_and(CASE WHEN pg_try_advisory_xact_lock({kind}, place) THEN pg_advisory_unlock({kind}, place) "
        f"END) FROM unnest({places}::int[]) AS place)"
    )
