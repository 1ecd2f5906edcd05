"""Commits streamed out of `git log`, in bounded batches of bounded records, whatever the history contains."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from releases.git.errors import N_, GitError
from releases.git.run import Mirror

# Eight fields, each ended by NUL: none of them can contain one, git's own strings end there.
FORMAT: Final = "tformat:%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%B"
FIELDS: Final = 7
MAX_FIELD: Final = 64 * 1024
MAX_SUBJECT: Final = 300
MAX_NAME: Final = 200
MAX_PARENTS: Final = 1000
_SHA: Final = re.compile(rb"[0-9a-f]{40}")
_LATEST: Final = 253_402_300_799  # the last second of the year 9999


class CommitRecord(NamedTuple):
    """A commit as git tells it. Times are aware UTC; a message longer than 64 KiB is cut there."""

    sha: str
    parents: list[str]
    author: str
    author_email: str
    authored_at: datetime
    committed_at: datetime
    subject: str
    body: str


def read_history(
    mirror: Mirror,
    *,
    new: Iterable[str],
    known: Iterable[str] = (),
    on_batch: Callable[[Sequence[CommitRecord]], None],
    batch: int = 5000,
) -> int:
    """Hand every commit reachable from `new` and not from `known` to `on_batch`; give their number.

    Ids that the mirror does not have are passed over. Raises GitError where git fails or is stopped.
    """
    tips = [*dict.fromkeys(new), *(f"^{sha}" for sha in dict.fromkeys(known))]
    if not tips or tips[0].startswith("^"):
        return 0
    sink = HistorySink(on_batch, batch=batch)
    # `--ignore-missing` counts for what stands after it only.
    mirror.run(
        "log", "--ignore-missing", "--stdin", "-z", "--no-mailmap", "--no-notes", f"--format={FORMAT}",
        stdin=tips, sink=sink,
    )  # fmt: skip
    sink.close()
    return sink.count


class HistorySink:
    """Takes the bytes of `git log -z`, gives lists of records; holds one chunk and one batch at most."""

    def __init__(self, on_batch: Callable[[Sequence[CommitRecord]], None], *, batch: int = 5000) -> None:
        self._on_batch = on_batch
        self._size = batch
        self._tail = b""
        self._fields: list[bytes] = []
        self._ready: list[CommitRecord] = []
        self.count = 0

    def write(self, chunk: bytes, /) -> int:
        """Take the next bytes (the name that output streams have)."""
        first, *rest = chunk.split(b"\0")
        if not rest:
            # Still inside one field: what is beyond the bound is dropped, the memory stays flat.
            self._tail = (self._tail + first)[:MAX_FIELD]
            return len(chunk)
        fields = self._fields
        fields.append((self._tail + first)[:MAX_FIELD])
        self._tail = rest.pop()[:MAX_FIELD]
        fields += rest
        whole = len(fields) - len(fields) % FIELDS
        for at in range(0, whole, FIELDS):
            self._ready.append(_record(fields[at : at + FIELDS]))
            if len(self._ready) >= self._size:
                self._flush()
        del fields[:whole]
        return len(chunk)

    def close(self) -> None:
        """Hand over the last batch; raises GitError when git stopped in the middle of a record."""
        if self._fields or self._tail:
            raise GitError(N_("Git's history ended in the middle of a commit; it is read again at the next fetch."))
        self._flush()

    def _flush(self) -> None:
        ready, self._ready = self._ready, []
        self.count += len(ready)
        if ready:
            self._on_batch(ready)


def _record(fields: Sequence[bytes]) -> CommitRecord:
    """Build one record; raises GitError where the fields have slipped (then nothing after can be trusted)."""
    sha, parents, author, email, authored, committed, message = fields
    if not _SHA.fullmatch(sha):
        raise GitError(N_("Git's history is not in the expected form near %(place)s."), place=repr(sha[:60]))
    subject, body = split_message(message[:MAX_FIELD].decode("utf-8", "replace"))
    committed_at = _moment(committed) or datetime.fromtimestamp(0, UTC)
    return CommitRecord(
        sha.decode(),
        parents.decode().split(" ", MAX_PARENTS)[:MAX_PARENTS] if parents else [],
        author[: MAX_NAME * 4].decode("utf-8", "replace")[:MAX_NAME],
        email[: MAX_NAME * 4].decode("utf-8", "replace")[:MAX_NAME],
        _moment(authored) or committed_at,
        committed_at,
        subject,
        body,
    )


def split_message(message: str) -> tuple[str, str]:
    """Give subject and body as git means them: the first paragraph on one line, and the rest.

    The body of a commit whose subject is too long to store is the whole message.
    """
    first, _gap, rest = message.strip("\n").partition("\n\n")
    subject = first.replace("\n", " ").strip()
    if len(subject) > MAX_SUBJECT:
        return f"{subject[: MAX_SUBJECT - 1]}…", message.strip()
    return subject, rest.strip()


def _moment(text: bytes) -> datetime | None:
    """Give the moment of git's seconds; None for one that is broken or beyond the calendar."""
    try:
        return datetime.fromtimestamp(min(int(text), _LATEST), UTC)
    except (ValueError, OverflowError, OSError):
        return None
