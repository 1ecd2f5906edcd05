"""Reads stored bytes back only as far as they are proven to be those that came in.

Every block is compared, in memory, with its leaf before it is handed on: what a caller sends is what was checked, and
nothing can change between the check and the sending. There is deliberately no cache keyed by inode, size and time of
change: a disk that rots changes none of them, and whoever can write to the storage can set two of them. sha256 costs
less than a second for a gigabyte.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from releases.artifacts import storage
from releases.artifacts.blocks import BLOCK, count_of, is_block
from releases.artifacts.models import Blob


class Tampered(Exception):
    """The stored bytes are not those that came in; the text says what is wrong."""


def checked_blocks(blob: Blob, first: int, beyond: int) -> Iterator[bytes]:
    """Give the blocks from number `first` to before `beyond`, each proven. Raises Tampered."""
    leaves = bytes(blob.leaves)
    try:
        size = storage.size_of(blob.stored)
        if size != blob.size:
            raise Tampered(
                _("it has %(size)s bytes in the storage instead of %(expected)s")
                % {"size": size, "expected": blob.size}
            )
        for number, block in enumerate(storage.read_blocks(blob.stored, first, beyond), start=first):
            if not is_block(leaves, number, block):
                raise Tampered(
                    _("the bytes %(first)s to %(last)s are not those that came in")
                    % {"first": number * BLOCK, "last": min(blob.size, (number + 1) * BLOCK) - 1}
                )
            yield block
    except FileNotFoundError as error:
        raise Tampered(_("it is missing in the storage")) from error


def checked_bytes(blob: Blob, first: int, beyond: int) -> Iterator[bytes]:
    """Give the bytes from `first` to before `beyond`, proven block by block. Raises Tampered."""
    start = first // BLOCK
    position = start * BLOCK
    for block in checked_blocks(blob, start, count_of(beyond)):
        yield block[max(0, first - position) : beyond - position]
        position += len(block)


def fault_in(blob: Blob) -> str:
    """Give what is wrong with the stored bytes ("" for nothing); reads them all, in constant memory."""
    try:
        for _block in checked_blocks(blob, 0, count_of(blob.size)):
            pass
    except Tampered as error:
        return str(error)
    return ""
