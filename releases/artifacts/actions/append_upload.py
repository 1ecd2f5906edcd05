"""Take the next bytes of an upload; with the last of them it becomes an artifact."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Conflict, DomainError, Invalid
from releases.artifacts import storage
from releases.artifacts.intake import admit, check_hardware, check_received
from releases.artifacts.models import Piece, Upload

PIECE: Final = 8 << 20  # what is held in memory, and what a broken connection costs at most


def append_upload(
    *, actor: Actor, upload: Upload, offset: int, read: Callable[[int], bytes], length: int = 0
) -> Upload:
    """Store what `read(size)` gives until it gives nothing, from `offset` on; whole pieces are kept at once.

    What came in before a connection breaks is kept too. `length` is how much the sender says will come, so that too
    much is refused before any of it is stored. Two senders at one place: the one that stores its piece second is
    refused. Raises Conflict `upload.offset`, `upload.finished`, `upload.refused`, Invalid `upload.too_much`.
    """
    actor.require("artifact.add", programme_id=upload.release.component.programme_id)
    upload = _fresh(upload)
    if upload.refused:
        raise Conflict("upload.refused", upload.refused)
    if offset != upload.offset:
        raise _elsewhere(upload, offset)
    if upload.artifact_id is not None:
        raise Conflict("upload.finished", _("This upload is finished; %(name)s is there.") % {"name": upload.name})
    if upload.offset + length > upload.size:
        raise _too_much(upload)
    for piece in _pieces(read):
        if upload.offset + len(piece) > upload.size:
            raise _too_much(upload)
        if upload.offset + len(piece) == upload.size:
            _finish(actor, upload, piece)
        else:
            _store(upload, piece)
    return _fresh(upload)


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Give pieces of 8 MiB, and the rest; a broken connection ends them like the end of the body."""
    held = bytearray()
    ended = False
    while not ended:
        try:
            part = read(min(1 << 20, PIECE - len(held)))
        except OSError:  # also Django's UnreadablePostError
            part = b""
        ended = not part
        held += part
        if len(held) == PIECE or (ended and held):
            yield bytes(held)
            held.clear()


def _store(upload: Upload, data: bytes) -> None:
    """Keep one piece: first the bytes, then the row, so that a kill between them loses nothing that was promised."""
    stored = storage.save_piece(upload.uuid, upload.offset, data)
    with transaction.atomic():
        moved = Upload.objects.filter(pk=upload.pk, offset=upload.offset, artifact=None).update(
            offset=upload.offset + len(data), touched_at=clock.now()
        )
        if moved:
            Piece.objects.create(upload=upload, start=upload.offset, size=len(data), stored=stored)
    if not moved:
        storage.drop(stored)
        raise _elsewhere(_fresh(upload), upload.offset)
    upload.offset += len(data)


def _finish(actor: Actor, upload: Upload, last: bytes) -> None:
    """Put the pieces together; only when the artifact is there do the last bytes count as received."""
    received = storage.receive(_all_of(upload, last))
    try:
        try:
            check_received(received.digest, size=upload.size, sha256=upload.expected_sha256)
            hardware = check_hardware(upload.release, upload.hardware_ids)
            with transaction.atomic():
                artifact = admit(
                    actor=actor, release=upload.release, name=upload.name, hardware=hardware, received=received
                )
                moved = Upload.objects.filter(pk=upload.pk, offset=upload.offset, artifact=None).update(
                    offset=upload.size, artifact=artifact, touched_at=clock.now()
                )
                if not moved:
                    raise _elsewhere(_fresh(upload), upload.offset)
        except DomainError as error:
            if error.code != "upload.offset":
                Upload.objects.filter(pk=upload.pk).update(refused=error.message)
            raise
    finally:
        storage.drop(received.stored)  # gone already where it was kept
    upload.offset = upload.size
    drop_pieces(upload)


def drop_pieces(upload: Upload) -> None:
    """Remove the pieces, which are not needed any more. What cannot be removed now is when uploads are forgotten."""
    for piece in list(upload.pieces.all()):
        with suppress(OSError):
            storage.drop(piece.stored)
            piece.delete()


def _all_of(upload: Upload, last: bytes) -> Iterator[bytes]:
    for piece in upload.pieces.all():
        yield from storage.read_all(piece.stored)
    yield last


def _fresh(upload: Upload) -> Upload:
    return Upload.objects.select_related("release__component", "artifact").get(pk=upload.pk)


def _too_much(upload: Upload) -> Invalid:
    return Invalid(
        "upload.too_much",
        _("More came in than the %(size)s bytes that were announced.") % {"size": upload.size},
        field="file",
    )


def _elsewhere(upload: Upload, offset: int) -> Conflict:
    return Conflict(
        "upload.offset",
        _("The upload stands at byte %(at)s, and not at %(offset)s. Ask where it stands, and carry on from there.")
        % {"at": upload.offset, "offset": offset},
    )
