"""Take the next bytes of an upload; with the last of them it becomes an artifact."""

from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.kit import clock
from foundation.kit.errors import Conflict, DomainError, Invalid
from releases.artifacts import storage
from releases.artifacts.blocks import Hasher
from releases.artifacts.intake import admit, check_hardware, check_received
from releases.artifacts.models import Piece, Upload
from releases.artifacts.parts import Part
from releases.artifacts.storage import Received

CHUNK: Final = 1 << 20  # what is held in memory


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
    _check(upload, offset, length)
    part = Part(upload.uuid, offset, upload.pieces.values_list("stored", "start", "size").last())
    # What comes in as a whole is hashed on the way; otherwise all is read once more at the end.
    hasher = Hasher() if offset == 0 and part.in_folder else None
    try:
        while chunk := _next(read, min(CHUNK, part.room)):
            if upload.offset + part.unsettled + len(chunk) > upload.size:
                raise _too_much(upload)
            part.write(chunk)
            if hasher is not None:
                hasher.update(chunk)
            if upload.offset + part.unsettled == upload.size:
                _finish(actor, upload, part, hasher)
            elif not part.room:
                _settle(upload, part)
        if part.unsettled:
            _settle(upload, part)
    finally:
        part.close()
    return _fresh(upload)


def _check(upload: Upload, offset: int, length: int) -> None:
    if upload.refused:
        raise Conflict("upload.refused", upload.refused)
    if offset != upload.offset:
        raise _elsewhere(upload, offset)
    if upload.artifact_id is not None:
        raise Conflict("upload.finished", _("This upload is finished; %(name)s is there.") % {"name": upload.name})
    if upload.offset + length > upload.size:
        raise _too_much(upload)


def _next(read: Callable[[int], bytes], size: int) -> bytes:
    """Give what comes next; a broken connection is like the end of the body."""
    try:
        return read(size)
    except OSError:  # also Django's UnreadablePostError
        return b""


def _settle(upload: Upload, part: Part) -> None:
    """Keep one piece: first the bytes, then the row, so that a kill between them loses nothing that was promised."""
    size, stored = part.unsettled, part.save()
    with transaction.atomic():
        moved = _move(upload, upload.offset + size)
        if moved and not Piece.objects.filter(upload=upload, stored=stored).update(size=F("size") + size):
            Piece.objects.create(upload=upload, start=upload.offset, size=size, stored=stored)
    if not moved:
        raise _elsewhere(_fresh(upload), upload.offset)
    part.settled()
    upload.offset += size


def _move(upload: Upload, offset: int, **more: Any) -> bool:
    """Let the upload stand at `offset`, unless another sender has moved it meanwhile."""
    mine = Upload.objects.filter(pk=upload.pk, offset=upload.offset, artifact=None)
    return bool(mine.update(offset=offset, touched_at=clock.now(), **more))


def _finish(actor: Actor, upload: Upload, part: Part, hasher: Hasher | None) -> None:
    """Make an artifact of it all; only when that is there do the last bytes count as received."""
    received = _received(upload, part, hasher)
    try:
        check_received(received.digest, size=upload.size, sha256=upload.expected_sha256)
        hardware = check_hardware(upload.release, upload.hardware_ids)
        with transaction.atomic():
            # Before any byte is moved: whoever comes second must find them where they are.
            if not _move(upload, upload.size):
                raise _elsewhere(_fresh(upload), upload.offset)
            part.hand_over()
            artifact = admit(
                actor=actor, release=upload.release, name=upload.name, hardware=hardware, received=received
            )
            Upload.objects.filter(pk=upload.pk).update(artifact=artifact)
    except DomainError as error:
        if error.code != "upload.offset":
            Upload.objects.filter(pk=upload.pk).update(refused=error.message)
        raise
    finally:
        if received.stored != part.name:
            storage.drop(received.stored)  # gone already where it was kept
    part.close(done=True)
    upload.offset = upload.size
    drop_pieces(upload)


def _received(upload: Upload, part: Part, hasher: Hasher | None) -> Received:
    """Give all the bytes in one file: that of this request where all of them lie there, else put together."""
    if part.in_folder and part.begins == 0:
        if hasher is None:
            hasher = Hasher()
            for chunk in part.read():
                hasher.update(chunk)
        return Received(hasher.digest(), part.name)
    # What this request brought is read to its end, of which no row tells.
    pieces = upload.pieces.exclude(stored=part.name) if part.in_folder else upload.pieces.all()
    return storage.receive(chain(*(storage.read_all(piece.stored, piece.size) for piece in pieces), part.read()))


def drop_pieces(upload: Upload) -> None:
    """Remove the pieces, which are not needed any more. What cannot be removed now is when uploads are forgotten."""
    for piece in list(upload.pieces.all()):
        with suppress(OSError):
            storage.drop(piece.stored)
            piece.delete()


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
