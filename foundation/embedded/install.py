"""Set-up: makes `.venv` and installs the locked requirements into it, with nothing but Python's standard library.

    python3 foundation/embedded/install.py run     what Fieldloop runs on
    python3 foundation/embedded/install.py dev     that, and what tests and checks need
    python3 foundation/embedded/install.py lock    write the locks anew from the .in files

uv does the work (a few seconds), itself installed by pip with its hash checked; where it cannot, pip does.
Nothing happens when the requirements are those of the last time.
"""

import ast
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)
# Each is a superset of those before it.
LOCKS = {"setup": "requirements-setup", "run": "requirements", "dev": "requirements-dev"}


class Refused(Exception):
    """One line: why set-up cannot go on, and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Do what the one argument says; the exit code tells whether it worked."""
    if len(arguments) != 1 or arguments[0] not in {"run", "dev", "lock"}:
        print(__doc__)
        return 2
    try:
        # Two terminals, one set-up: the folder itself is the lock, until we end.
        fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)
        make_venv()
        if arguments[0] == "lock":
            write_locks()
        else:
            install(arguments[0])
    except Refused as refusal:
        print(f"fieldloop: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"fieldloop: cannot set up in {ROOT}: {error}", file=sys.stderr)
        return 1
    return 0


def make_venv() -> None:
    """Create `.venv` unless a working one is there."""
    if _works(PYTHON):
        return
    if sys.version_info[:2] < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        raise Refused(f"Python 3.11 or newer is needed, this is {have}; name another with PYTHON=python3.11 make run.")
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        raise Refused("Python's module venv is missing; install Debian's package python3-venv.")
    print("set-up: making .venv", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Refused(f"Cannot make {VENV}: {_last_line(made.stdout + made.stderr)}")


def install(kind: str) -> None:
    """Install the lock of `kind`, or the larger one that was installed before, unless nothing changed."""
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    if installed.get(kind) == _digest(kind):
        return
    if "dev" in installed:
        kind = "dev"
    began = time.monotonic()
    lock = ROOT / f"{LOCKS[kind]}.txt"
    print(f"set-up: installing {lock.name}", flush=True)
    STAMP.unlink(missing_ok=True)
    settings = pip_settings()
    if not (
        _with_uv(lock, settings) or _run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
    ):
        raise Refused(f"Cannot install {lock.name}; what is wrong stands above.")
    kinds = list(LOCKS)
    STAMP.write_text(json.dumps({name: _digest(name) for name in kinds[: kinds.index(kind) + 1]}))
    print(f"set-up: installed in {time.monotonic() - began:.0f} s", flush=True)


def write_locks() -> None:
    """Resolve the .in files anew; each larger lock keeps the versions of the smaller one."""
    settings = pip_settings()
    if not _run([PYTHON, "-m", "uv", "--version"], quiet=True):
        _run([PYTHON, "-m", "pip", "install", "--quiet", "-r", ROOT / "requirements-setup.in"])
    constraints: list[str] = []
    for name in LOCKS.values():
        command = [PYTHON, "-m", "uv", "pip", "compile", "--universal", "--python-version", ".".join(map(str, OLDEST))]
        command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--quiet", *constraints]
        command += [f"{name}.in", "-o", f"{name}.txt"]
        if not _run([*command, *_uv_flags(settings)], env=uv_environment(settings)):
            raise Refused(f"Cannot lock {name}.in; what is wrong stands above.")
        constraints = ["-c", f"{name}.txt"]


def pip_settings() -> dict[str, str]:
    """Give what pip is configured to (files and PIP_* variables), by option name; uv does not read it."""
    said = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    settings: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in said.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.partition(".")
        if section in settings:
            settings[section][option] = str(ast.literal_eval(value))
    return {**settings["global"], **settings["install"], **settings[":env:"]}


def uv_environment(settings: Mapping[str, str], base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give uv's variables for pip's settings; an index or folder that this machine does not have is left out."""
    env = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_COMPILE_BYTECODE": "1"}
    extra = [url for url in settings.get("extra-index-url", "").split() if _is_there(url)]
    links = [place for place in settings.get("find-links", "").split() if _is_there(place)]
    if "index-url" in settings:
        env["UV_DEFAULT_INDEX"] = settings["index-url"]
    if extra:
        # As pip does it: the best version of all indexes. The hashes say which file is the right one.
        env.update(UV_INDEX=" ".join(extra), UV_INDEX_STRATEGY="unsafe-best-match")
    if links:
        env["UV_FIND_LINKS"] = ",".join(links)
    if "cert" in settings:
        env["SSL_CERT_FILE"] = settings["cert"]
    if "trusted-host" in settings:
        env["UV_INSECURE_HOST"] = settings["trusted-host"]
    if "proxy" in settings:
        env["ALL_PROXY"] = settings["proxy"]
    timeout = settings.get("timeout", settings.get("default-timeout", ""))
    if timeout.isdecimal():
        env["UV_HTTP_TIMEOUT"] = timeout
    if not _can_cache(base):
        env["UV_NO_CACHE"] = "1"
    return {**env, **base}  # what the operator sets for uv itself wins


def _with_uv(lock: Path, settings: Mapping[str, str]) -> bool:
    """Install exactly `lock` by uv; False where uv cannot be had or fails."""
    setup_lock = ROOT / f"{LOCKS['setup']}.txt"
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
        setup_lock,
    ]
    if not _run(pip, quiet=True):
        print("set-up: uv cannot be installed here; pip takes longer", flush=True)
        return False
    sync = [PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, lock]
    if _run([*sync, *_uv_flags(settings)], env=uv_environment(settings)):
        return True
    print("set-up: uv did not manage it; trying pip", flush=True)
    return False


def _uv_flags(settings: Mapping[str, str]) -> list[str]:
    return ["--no-index"] if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"} else []


def _is_there(place: str) -> bool:
    """Whether a local index or folder can be read; of the others nobody knows before asking."""
    parts = urlsplit(place)
    if parts.scheme not in {"", "file"}:
        return True
    return os.access(unquote(parts.path), os.R_OK | os.X_OK)


def _can_cache(env: Mapping[str, str]) -> bool:
    """Whether uv can write its cache (an account's home may not exist)."""
    folder = Path(env.get("UV_CACHE_DIR") or env.get("XDG_CACHE_HOME") or Path(env.get("HOME") or "/", ".cache"))
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _works(python: Path) -> bool:
    """Whether this interpreter starts, is new enough and has pip."""
    check = f"import sys, pip; sys.exit(sys.version_info[:2] < {OLDEST})"
    try:
        return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _digest(kind: str) -> str:
    return hashlib.sha256((ROOT / f"{LOCKS[kind]}.txt").read_bytes()).hexdigest()


def _run(command: Sequence[object], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env=env, stdout=output, stderr=output, check=False)
    return done.returncode == 0


def _last_line(text: str) -> str:
    return ([line for line in text.splitlines() if line.strip()] or ["it says nothing"])[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
