"""Commits streamed out of `git log`, in bounded pieces of bounded records, whatever the history contains.

A piece is kept as columns of bytes, and a column is looked at as a whole: what is in order (nearly always all of it)
costs a few C-speed passes, and only what is not is mended value by value.
"""

import re
from collections.abc import Callable, Generator, Iterable
from typing import Final, NamedTuple, TypeVar

from releases.git.errors import N_, GitError
from releases.git.run import Mirror

# Seven fields, each ended by NUL: none of them can contain one, git's own strings end there.
FORMAT: Final = "tformat:%H%x00%P%x00%an%x00%ae%x00%ad%x00%cd%x00%B"
FIELDS: Final = 7
MAX_FIELD: Final = 64 * 1024
MAX_SUBJECT: Final = 300
MAX_NAME: Final = 200
MAX_PARENTS: Final = 1000
_SHA_LENGTH: Final = 40
_MOMENT: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)")
_Piece = TypeVar("_Piece")
_FIRST, _LATEST = b"1970-01-01T00:00:00Z", b"9999-12-31T23:59:59Z"


class Commits(NamedTuple):
    """Some commits as git tells them, column by column: the nth of each is the nth commit's. All are valid UTF-8.

    `parents` are ids with a space between, times ISO 8601 in UTC; a message longer than 64 KiB is cut there.
    """

    sha: list[bytes]
    parents: list[bytes]
    author: list[bytes]
    author_email: list[bytes]
    authored_at: list[bytes]
    committed_at: list[bytes]
    subject: list[bytes]
    body: list[bytes]


def read_history(mirror: Mirror, *, new: Iterable[str], known: Iterable[str] = ()) -> Generator[Commits, None, None]:
    """Give every commit reachable from `new` and not from `known`, a piece at a time, while git reads on.

    Ids that the mirror does not have are passed over. Raises GitError where git fails or is stopped.
    """
    return shape_history(mirror, new=new, known=known, shape=lambda commits: commits)


def shape_history(
    mirror: Mirror, *, new: Iterable[str], known: Iterable[str] = (), shape: Callable[[Commits], _Piece]
) -> Generator[_Piece, None, None]:
    """Give what `shape` makes of each piece of `read_history`; it works in git's thread, beside what reads this."""
    tips = [*dict.fromkeys(new), *(f"^{sha}" for sha in dict.fromkeys(known))]
    if not tips or tips[0].startswith("^"):
        return
    splitter = Splitter()

    def through(chunk: bytes) -> _Piece | None:
        commits = splitter.feed(chunk)
        return None if commits is None else shape(commits)

    # `--ignore-missing` counts for what stands after it only.
    yield from mirror.stream(
        "log", "--ignore-missing", "--stdin", "-z", "--no-mailmap", "--no-notes", "--date=iso-strict-local",
        f"--format={FORMAT}", stdin=tips, through=through,
    )  # fmt: skip
    splitter.close()


class Splitter:
    """Takes the bytes of `git log -z`, gives whole commits; holds one chunk and what is left of the one before."""

    def __init__(self) -> None:
        self._tail = b""
        self._fields: list[bytes] = []

    def feed(self, chunk: bytes) -> Commits | None:
        """Take the next bytes; give the commits that are whole by now, None where there are none."""
        first, *rest = chunk.split(b"\0")
        if not rest:
            # Still inside one field: what is beyond the bound is dropped, the memory stays flat.
            self._tail = (self._tail + first)[:MAX_FIELD]
            return None
        fields = self._fields
        fields.append((self._tail + first)[:MAX_FIELD])
        self._tail = rest.pop()[:MAX_FIELD]
        fields += rest
        whole = len(fields) - len(fields) % FIELDS
        if not whole:
            return None
        commits = _commits([fields[column:whole:FIELDS] for column in range(FIELDS)])
        del fields[:whole]
        return commits

    def close(self) -> None:
        """Say that nothing more comes; raises GitError when git stopped in the middle of a record."""
        if self._fields or self._tail:
            raise GitError(N_("Git's history ended in the middle of a commit; it is read again at the next fetch."))


def split_message(message: bytes) -> tuple[bytes, bytes]:
    """Give subject and body as git does: the subject is the first paragraph, in one line.

    The body of a commit whose subject is too long to store is the whole message.
    """
    first, _gap, rest = message.strip(b"\n").partition(b"\n\n")
    subject = first.replace(b"\n", b" ").strip()
    if len(subject) > MAX_SUBJECT and len(words := subject.decode("utf-8", "replace")) > MAX_SUBJECT:
        return f"{words[: MAX_SUBJECT - 1]}…".encode(), message.strip()
    return subject, rest.strip()


def _commits(columns: list[list[bytes]]) -> Commits:
    """Build a piece; raises GitError where the fields have slipped (then nothing after can be trusted)."""
    sha, parents, author, email, authored, committed, message = columns
    _check_ids(sha)
    if len(max(parents, key=len)) > MAX_PARENTS * (_SHA_LENGTH + 1):
        parents = [ids[: MAX_PARENTS * (_SHA_LENGTH + 1) - 1] for ids in parents]
    committed = _moments(committed, [_FIRST] * len(sha))
    split = list(map(split_message, _text(message, MAX_FIELD)))
    return Commits(
        sha,
        parents,
        _text(author, MAX_NAME),
        _text(email, MAX_NAME),
        _moments(authored, committed),
        committed,
        [subject for subject, _body in split],
        [body for _subject, body in split],
    )


def _check_ids(shas: list[bytes]) -> None:
    try:
        # Hexadecimal and nothing else: `fromhex` passes over spaces, so the length is asked, too.
        good = len(bytes.fromhex(b"".join(shas).decode("ascii"))) * 2 == _SHA_LENGTH * len(shas)
    except ValueError:
        good = False
    if not good or set(map(len, shas)) != {_SHA_LENGTH}:
        odd = next((sha for sha in shas if not re.fullmatch(rb"[0-9a-f]{40}", sha)), b"")
        raise GitError(N_("Git's history is not in the expected form near %(place)s."), place=repr(odd[:60]))


def _text(column: list[bytes], most: int) -> list[bytes]:
    """Give the column as valid UTF-8 of at most `most` characters each; what is no UTF-8 becomes U+FFFD."""
    if len(max(column, key=len)) > most:
        column = [value[: most * 4].decode("utf-8", "replace")[:most].encode() for value in column]
    # The NUL keeps half a letter at the end of one value apart from the other half at the beginning of the next.
    together = b"\0".join(column)
    if not together.isascii():
        try:
            together.decode()
        except UnicodeDecodeError:
            return [value.decode("utf-8", "replace").encode() for value in column]
    return column


def _moments(column: list[bytes], instead: list[bytes]) -> list[bytes]:
    """Give the column's moments; `instead` has those for broken ones, and the year 9999 ends the calendar."""
    # Git writes all in one form: with four digits for the year all are equally long.
    if set(map(len, column)) == {20 if column[0].endswith(b"Z") else 25} and _MOMENT.fullmatch(column[0]):
        return column
    return [
        text if _MOMENT.fullmatch(text) else _LATEST if len(text) > len(_LATEST) else other
        for text, other in zip(column, instead, strict=True)
    ]
