"""Runs one git command in a mirror: time-bounded, output-bounded, errors as plain sentences."""

import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from foundation.kit.processes import die_with_parent
from releases.git.environment import Access, environment, forget_surroundings
from releases.git.errors import N_, GitError, GitMissing, GitTimeout, GitTooLarge
from releases.git.hose import Hose

import git  # isort: skip  (after the environment, which keeps it from failing at import)

CHUNK: Final = 1 << 20
# Of a stream: small enough that we have something to do soon after git began, and little left when it has ended.
STREAM_CHUNK: Final = 1 << 17
MAX_OUTPUT: Final = 64 * CHUNK
_Piece = TypeVar("_Piece")
# Told how many bytes have come so far.
Watch = Callable[[int], None]


class Sink(Protocol):
    """Takes what git writes, piece by piece."""

    def write(self, chunk: bytes, /) -> int: ...


class Mirror:
    """An open mirror: a folder with a bare repository, and how its origin is reached."""

    def __init__(self, repo: git.Repo, path: Path, access: Access) -> None:
        self.path = path
        self.access = access
        self._git = repo.git
        self._git.update_environment(**environment(path, access))

    def run(
        self,
        *args: str,
        stdin: Sequence[str] | bytes | None = None,
        sink: Sink | None = None,
        seconds: float | None = None,
        max_file_bytes: int | None = None,
        chunk: int = CHUNK,
    ) -> bytes:
        """Run `git <args>`; give its output, or feed it to `sink` by `chunk` bytes and give nothing.

        `stdin` is one line each, or bytes as they are. Raises GitTimeout, GitTooLarge, GitMissing, or GitError with
        what git said.
        """
        collected = _Collector() if sink is None else None
        with tempfile.TemporaryFile() as lines:
            lines.write(stdin if isinstance(stdin, bytes) else _lines(stdin or ()))
            lines.seek(0)
            bound = _bound(max_file_bytes)
            try:
                self._git.execute(
                    [*bound, "git", *args],
                    istream=lines,
                    output_stream=collected or sink,
                    max_chunk_size=chunk,
                    kill_after_timeout=seconds or self.access.seconds,
                    preexec_fn=None if bound else partial(_bind_child, max_file_bytes),
                )
            except git.GitCommandNotFound as error:
                raise GitMissing from error
            except git.GitCommandError as error:
                raise _explain(error) from error
        return b"".join(collected.chunks) if collected else b""

    def stream(
        self, *args: str, through: Callable[[bytes], _Piece | None], stdin: Sequence[str] | None = None
    ) -> Iterator[_Piece]:
        """Run `git <args>` beside us; give what `through` makes of its output, piece by piece (None: not yet).

        `through` works in git's thread: beside what is done with the pieces. Raises what `run` raises.
        """

        def work(hose: Hose[_Piece]) -> None:
            self.run(*args, stdin=stdin, sink=_Into(hose, through), chunk=STREAM_CHUNK)

        with Hose[_Piece](work) as hose:
            yield from hose

    def run_watched(
        self, *args: str, watch: Callable[[], None], every: float = 1.0, max_file_bytes: int | None = None
    ) -> None:
        """Run `git <args>` beside us and call `watch` now and then until it has ended. Raises what `run` raises."""
        with Hose[bytes](lambda _hose: self.run(*args, max_file_bytes=max_file_bytes)) as hose:
            for _piece in hose.pieces(every=every, watch=watch):
                pass


def _lines(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


class _Into(Generic[_Piece]):
    """A sink that makes pieces of git's output and puts them into a hose."""

    def __init__(self, hose: Hose[_Piece], through: Callable[[bytes], _Piece | None]) -> None:
        self._hose = hose
        self._through = through

    def write(self, chunk: bytes, /) -> int:
        piece = self._through(chunk)
        if piece is not None:
            self._hose.put(piece)
        return len(chunk)


@contextmanager
def open_mirror(path: Path, access: Access) -> Iterator[Mirror]:
    """Open the mirror at `path`; its helper processes end with the block."""
    forget_surroundings()
    try:
        repo = git.Repo(path, odbt=git.GitCmdObjectDB, search_parent_directories=False)
    except (git.NoSuchPathError, git.InvalidGitRepositoryError) as error:
        raise GitError(
            N_("The mirror %(name)s is missing or damaged; the next fetch makes it anew."), name=path.name
        ) from error
    with repo:
        yield Mirror(repo, path, access)


class _Collector:
    """Keeps a short output whole, and refuses a long one before it fills the memory."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self._size = 0

    def write(self, chunk: bytes, /) -> int:
        self._size += len(chunk)
        if self._size > MAX_OUTPUT:
            raise GitTooLarge(
                N_("Git answered with more than %(size)s MB where a list was expected."), size=MAX_OUTPUT >> 20
            )
        self.chunks.append(chunk)
        return len(chunk)


def _bound(max_file_bytes: int | None) -> list[str]:
    """Give what stands before git so that it dies with us and its files are bounded; nothing where it is not there.

    Then Python has to do so in the child, and copies our whole address space first: ten times as slow as to start git.
    """
    setpriv, prlimit = _tools()
    if not setpriv:
        return []
    if shutil.which("git") is None:
        raise GitMissing
    limit = [prlimit, f"--fsize={max_file_bytes}", "--"] if max_file_bytes else []
    return [setpriv, "--pdeathsig", "KILL", "--", *limit]


@cache
def _tools() -> tuple[str, str]:
    """Give where util-linux' setpriv and prlimit are, empty where one is not, or is another's of that name."""
    setpriv, prlimit = shutil.which("setpriv"), shutil.which("prlimit")
    if setpriv is None or prlimit is None:
        return "", ""
    asked = [setpriv, "--pdeathsig", "KILL", "--", prlimit, "--fsize=1000000", "--", "true"]
    works = subprocess.run(asked, check=False, capture_output=True, timeout=10).returncode == 0
    return (setpriv, prlimit) if works else ("", "")


def _bind_child(max_file_bytes: int | None) -> None:
    """Let git die with us, and bound every file that it writes (runs in the child)."""
    die_with_parent()
    if max_file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))


def _explain(error: git.GitCommandError) -> GitError:
    """Turn git's failure into one sentence, without the command line and its paths."""
    said = str(error.stderr or "").replace("stderr: ", "", 1).strip().strip("'").strip()
    # GitPython may kill the process and yet not say why, when it dies before the note is made.
    if said.startswith("Timeout: the command") or error.status == -signal.SIGKILL:
        return GitTimeout()
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))] or lines
    return GitError(N_("Git said: %(words)s"), words=" ".join(telling)[:500] or f"exit status {error.status}")
