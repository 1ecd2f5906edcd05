"""The documents are true: their links lead somewhere, their commands exist, and their examples parse."""

import json
import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from django.core.management import ManagementUtility, get_commands

from tests.house.sources import ROOT, name

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
MANAGE = re.compile(r"manage\.py\s+([a-z_]+)((?:[ ][^\n`#|&;]*)?)")
MAKE = re.compile(r"(?:^|[\s`$])make\s+([a-z][a-z-]*)(?=[\s`.,;:)]|$)")

# What the supervisor and the tests say to their own processes.
SET_BY_US = {"FIELDLOOP_EMBEDDED", "STATICFILES_BACKEND", "WHITENOISE_USE_FINDERS"}


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+\s+(.+)$", re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).strip().replace(" ", "-") for head in heads}


def prose(path: Path) -> str:
    return BLOCK.sub("", path.read_text())


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _hash, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert not broken, f"{name(path)} links to what is not there: {broken}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_commands_exist_and_know_their_options(path: Path) -> None:
    unknown = []
    for command, rest in set(MANAGE.findall(path.read_text())):
        if command not in get_commands():
            unknown.append(f"manage.py {command}")
            continue
        options = [word.partition("=")[0] for word in re.findall(r"--[a-z][a-z-]*(?:=\S*)?", rest)]
        if options:
            helped = help_of(command)
            unknown += [f"manage.py {command} {option}" for option in options if option not in helped]
    assert not unknown, f"{name(path)} names what there is not: {unknown}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_make_targets_exist(path: Path) -> None:
    code = "\n".join(text for _kind, text in BLOCK.findall(path.read_text())) + "\n".join(
        re.findall(r"`[^`\n]+`", prose(path))
    )
    makefile = ROOT / "Makefile"
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile.read_text(), re.MULTILINE)) if makefile.exists() else set()
    unknown = sorted(set(MAKE.findall(code)) - targets)
    assert not unknown, f"{name(path)} names make targets that there are not: {unknown}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_examples_parse(path: Path) -> None:
    for kind, text in BLOCK.findall(path.read_text()):
        if kind == "python":
            compile(text, name(path), "exec")
        elif kind == "json":
            json.loads(text)
        elif kind in ("sh", "bash", "console"):
            shlex.split(text, comments=True)


def test_operators_are_told_of_every_setting_that_the_environment_holds() -> None:
    read = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", (ROOT / "rnd/settings.py").read_text()))
    assert {"DATABASE_URL", "EMAIL_URL"} <= read
    told = set(re.findall(r"[A-Z][A-Z_]+", (ROOT / "docs/operations.md").read_text()))
    assert read - told - SET_BY_US == set()


@cache
def help_of(command: str) -> str:
    """Give what `manage.py <command> --help` prints, without another process for each."""
    return ManagementUtility(["manage.py"]).fetch_command(command).create_parser("manage.py", command).format_help()
