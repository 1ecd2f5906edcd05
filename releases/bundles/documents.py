"""The documents of a bundle that people read: in three languages at once, the same bytes from the same values. Pure.

Their words stand in `texts/` and not in the translations: who opens a stick chooses no language, and a word that is put
better in the product's pages must not change a bundle.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from string import Template
from typing import Any, Final

from releases.bundles.receipts import COLUMNS

_TEXTS: Final = Path(__file__).resolve().parent / "texts"


@dataclass(frozen=True, slots=True)
class About:
    """What a bundle is about. `signatures`, `files` and `companions` (commits of further repositories) are lines.

    `team` is "" where no team was named.
    """

    product: str
    component: str
    version: str
    commit: str
    sequence: int
    folder: str
    team: str
    hardware: Sequence[str]
    signatures: Sequence[str]
    files: Sequence[str]
    companions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A version that nobody should run any more."""

    version: str
    commit: str
    sequence: int
    withdrawn_at: datetime
    reason: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the release holds the fix for a ticket of the receiving team."""

    ticket: str
    title: str
    in_this_release: bool


def text(name: str, about: About) -> bytes:
    """Give `readme.txt`, `verify.txt`, `receipt.txt` or `unsigned.txt` for a bundle."""
    values = {
        "product": about.product,
        "component": about.component,
        "version": about.version,
        "commit": "\n           ".join([about.commit, *about.companions]),
        "sequence": str(about.sequence),
        "folder": about.folder,
        "team": about.team if name == "receipt.txt" else about.team or "–",
        "hardware": " | ".join(about.hardware),
        "signatures": "\n".join(f"    {line}" for line in about.signatures),
        "files": "\n".join(about.files),
    }
    return _template(name).substitute(values).encode()


@cache
def _template(name: str) -> Template:
    return Template((_TEXTS / name).read_text(encoding="utf-8"))


def withdrawn_json(component: str, found: Sequence[Withdrawn]) -> bytes:
    """Give the withdrawn versions of the component, for programs."""
    rows = [
        {
            "version": one.version,
            "commit": one.commit,
            "sequence": one.sequence,
            "withdrawn_at": one.withdrawn_at.isoformat(),
            "reason": one.reason,
            "replacement": one.replacement or None,
        }
        for one in found
    ]
    return _json({"format": "fieldloop-withdrawn/1", "signed": False, "component": component, "releases": rows})


def withdrawn_text(product: str, found: Sequence[Withdrawn]) -> bytes:
    """Give the withdrawn versions, for people."""
    lines = [
        f"{product}: withdrawn / відкликано / trukket tilbake",
        "",
        "Do not run these versions. / Не користуйтеся цими версіями. / Ikke kjør disse versjonene.",
        "",
    ]
    for one in found:
        lines += [f"{one.version}   {one.withdrawn_at:%Y-%m-%d}", f"    {' '.join(one.reason.split())}"]
        if one.replacement:
            lines.append(f"    -> {one.replacement}")
    if not found:
        lines.append("–")
    return ("\n".join(lines) + "\n").encode()


def fixes_json(about: About, answers: Sequence[Answer]) -> bytes:
    """Give the answers to “is the fix in?”, for programs. `team` null: none was named, and nothing is told."""
    rows = [{"ticket": one.ticket, "title": one.title, "in_this_release": one.in_this_release} for one in answers]
    told: dict[str, Any] = {
        "format": "fieldloop-fixes/1",
        "signed": False,
        "component": about.component,
        "version": about.version,
        "commit": about.commit,
        "team": about.team or None,
        "tickets": rows,
    }
    return _json(told)


def fixes_text(about: About, answers: Sequence[Answer]) -> bytes:
    """Give the answers for people."""
    lines = [
        f"{about.product}: is the fix in it? / чи є тут виправлення? / er rettelsen med?",
        f"team / команда / lag: {about.team or '–'}",
        "",
    ]
    for one in answers:
        said = "YES / ТАК / JA" if one.in_this_release else "no / ні / nei"
        lines.append(f"{one.ticket:<10} {said:<15} {' '.join(one.title.split())}")
    if not answers:
        lines.append("–")
    return ("\n".join(lines) + "\n").encode()


def receipts_csv(about: About) -> bytes:
    """Give the head of a table of receipts, and one line that is filled in as far as it is known."""
    known = {"team": about.team, "component": about.component, "version": about.version}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow([known.get(column, "") for column in COLUMNS])
    return out.getvalue().encode()


def _json(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
