"""Arrays as COPY's binary format takes them: for each row the count of its fields, each with its length before it.

A field has the same width in every row, and a mask tells which of its bytes a row has: so nulls (of length -1), short
words and short lists cost no loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rnd.cycles.facts.columnar.reading import NOTHING, Mask, Numbers
from rnd.cycles.facts.raw import BIGINT, INTEGER, MOMENT, SMALLINT

Bytes = NDArray[np.uint8]
# The bytes of a field by row, and which of them there are.
Field = tuple[Bytes, Mask]

# Of how many bytes the elements of lists are.
_WIDTHS: Final = {SMALLINT: 2, INTEGER: 4, BIGINT: 8, MOMENT: 8}


def packed(fields: Sequence[Field], columns: int) -> bytes:
    """Give all rows; `columns` says how many fields they have, which may stand together in one of `fields`."""
    n = len(fields[0][0])
    count = _of(np.full((n, 1), columns), 2)
    told = np.concatenate([count, *[values for values, _there in fields]], axis=1)
    there = np.concatenate([np.ones(count.shape, bool), *[there for _values, there in fields]], axis=1)
    rows: bytes = told[there].tobytes()
    return rows


def numbers(values: Numbers, width: int = 8) -> Field:
    """Give numbers (or moments), by row and field, as so many fields of `width` bytes; NOTHING is null."""
    n, count = values.shape
    null = values == NOTHING
    told = np.concatenate([_of(np.where(null, -1, width)[..., None], 4), _of(values[..., None], width)], axis=2)
    there = np.ones(told.shape, bool)
    there[null, 4:] = False
    return told.reshape(n, -1), there.reshape(n, count * (4 + width))


def words(places: Numbers, known: Iterable[str]) -> Field:
    """Give words by their places among those that are known."""
    encoded = [word.encode() for word in known]
    lengths, width = np.array([len(word) for word in encoded]), max(map(len, encoded))
    letters = np.frombuffer(b"".join(word.ljust(width) for word in encoded), np.uint8).reshape(-1, width)
    told = np.concatenate([_of(lengths[:, None], 4), letters], axis=1)
    there = np.arange(4 + width) < 4 + lengths[:, None]
    return told[places], there[places]


def lists(values: Numbers, kind: int, counts: Numbers | None = None) -> Field:
    """Give lists, by row and element; of each row the first so many elements count (None: all); NOTHING is null."""
    n, width = values.shape
    size = _WIDTHS[kind]
    counts = np.full(n, width) if counts is None else counts
    within = np.arange(width) < counts[:, None]
    null = (values == NOTHING) & within
    nulls = null.sum(axis=1)
    head = np.stack([
        20 + (4 + size) * counts - size * nulls, np.ones(n, np.int64), nulls > 0, np.full(n, kind), counts,
        np.ones(n, np.int64),
    ], axis=1)  # fmt: skip
    elements, there = numbers(values, size)
    there = there & np.repeat(within, 4 + size, axis=1)
    return np.concatenate([_of(head, 4), elements], axis=1), np.concatenate([np.ones((n, 24), bool), there], axis=1)


def flat_lists(values: Numbers, counts: Numbers, kind: int) -> Field:
    """Give lists that stand one behind the other, of so many elements each."""
    width = int(counts.max(initial=0))
    spread = np.zeros((len(counts), width), np.int64)
    spread[np.arange(width) < counts[:, None]] = values
    return lists(spread, kind, counts)


def _of(values: NDArray[np.integer], width: int) -> Bytes:
    """Give whole numbers as PostgreSQL sends them: the bytes of the last axis, the highest first."""
    told = np.ascontiguousarray(values.astype(f">i{width}")).view(np.uint8)
    return told.reshape(*values.shape[:-1], values.shape[-1] * width)
