"""Message catalogues without gettext's tools: found, merged, checked and compiled by Babel (needed in development)."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES: Final = ("uk", "nb")
FLOORS: Final = ("foundation", "releases", "frontline_feedback", "rnd")
_KEYWORDS: Final = {
    "_": None,
    **dict.fromkeys(("N_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# A date that does not move: otherwise each run would change every catalogue.
_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAG: Final = re.compile(r"</?\w+")


def po_path(root: Path, language: str) -> Path:
    """Give the place of a language's catalogue."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted(root: Path) -> Catalog:
    """Give every message of the code and the templates, untranslated."""
    found = Catalog(project="Fieldloop", version="1", creation_date=_DATE)
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*")):
            where = path.relative_to(root).as_posix()
            if path.suffix == ".py" and "/migrations/" not in where:
                _add(found, path.read_text(), where)
            elif path.suffix in {".html", ".txt", ".svg"} and "/templates/" in where:
                _add(found, _as_python(path.read_text(), where), where)
    return found


def merged(messages: Catalog, root: Path, language: str) -> Catalog:
    """Give the messages with what the language's catalogue says of them; what is no longer asked for is dropped."""
    path = po_path(root, language)
    known: Catalog | None = None
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    result = Catalog(
        locale=language,
        project="Fieldloop",
        version="1",
        header_comment="# Fieldloop. Made by `manage.py translations`; fill in the translations here.",
        creation_date=_DATE,
        revision_date=_DATE,
        last_translator="Fieldloop",
        msgid_bugs_address="https://fieldloop.example/",
        language_team=language,
        fuzzy=False,
    )
    for message in messages:
        if not message.id:
            continue
        old = known.get(_id(message), message.context) if known is not None else None
        untranslated = ("",) * result.num_plurals if message.pluralizable else ""
        result.add(
            message.id,
            old.string if old is not None and old.pluralizable == message.pluralizable else untranslated,
            locations=[(where, 1) for where in sorted({where for where, _line in message.locations})],
            flags=sorted({*message.flags, *({"fuzzy"} if old is not None and old.fuzzy else ())}),
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return result


def po_bytes(catalogue: Catalog) -> bytes:
    """Give the .po file, the same bytes for the same messages."""
    target = io.BytesIO()
    write_po(target, catalogue, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return target.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Give the compiled .mo file, the same bytes for the same translations."""
    complete = Catalog(locale=catalogue.locale)
    complete.mime_headers = catalogue.mime_headers
    for message in catalogue:
        if message.id and not message.fuzzy and all(forms(message)):
            complete.add(message.id, message.string, context=message.context)
    target = io.BytesIO()
    write_mo(target, complete)
    return target.getvalue()


def forms(message: Message) -> tuple[str, ...]:
    """Give every translated form of the message ("" for one that is missing)."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def missing(catalogue: Catalog) -> list[Message]:
    """Give the messages that have no translation, or not in every plural form, or a fuzzy one."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(forms(message)))]


def differing(catalogue: Catalog) -> Iterator[str]:
    """Give a line for each translation whose placeholders or tags are not those of its message."""
    for message in catalogue:
        if not message.id or not all(forms(message)):
            continue
        singular, plural = (message.id, message.id) if isinstance(message.id, str) else message.id[:2]
        for form in forms(message):
            for what, pattern in (("placeholders", _PLACEHOLDER), ("tags", _TAG)):
                there = Counter(pattern.findall(form))
                # A form for one thing may leave the number out where the English one does.
                if there not in (Counter(pattern.findall(singular)), Counter(pattern.findall(plural))):
                    yield f"{what} differ: {_id(message)!r} → {form!r}"


def faults(catalogue: Catalog, path: Path) -> Iterator[str]:
    """Give a line for whatever is not right with the files that stand for the catalogue."""
    lacking = missing(catalogue)
    if lacking:
        yield f"{len(lacking)} of {len(catalogue)} messages have no translation, the first: {_id(lacking[0])!r}"
    yield from differing(catalogue)
    for file, content in ((path, po_bytes(catalogue)), (path.with_suffix(".mo"), mo_bytes(catalogue))):
        if not file.exists() or file.read_bytes() != content:
            yield f"{file.name} is stale; run `manage.py translations` and commit what it writes."


def write(catalogue: Catalog, path: Path) -> None:
    """Write both files of the catalogue."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po_bytes(catalogue))
    path.with_suffix(".mo").write_bytes(mo_bytes(catalogue))


def fill(catalogue: Catalog, rows: list[dict[str, Any]]) -> None:
    """Take the translations of rows {"id", "context", "string"} over into the catalogue."""
    for row in rows:
        key = row["id"] if isinstance(row["id"], str) else row["id"][0]
        message = catalogue.get(key, row.get("context"))
        if message is not None and row["string"]:
            message.string = row["string"] if isinstance(row["string"], str) else tuple(row["string"])
            message.flags.discard("fuzzy")


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _add(found: Catalog, source: str, where: str) -> None:
    rows = extract("python", io.BytesIO(source.encode()), _KEYWORDS, ("Translators:",), {"encoding": "utf-8"})
    for line, message, comments, context in rows:
        found.add(message, locations=[(where, line)], auto_comments=comments, context=context)


def _as_python(source: str, where: str) -> str:
    """Give the template as lines that read as Python: Babel minds indentation and spaces of other widths."""
    lines = templatize(source, origin=where).splitlines()
    return "\n".join(re.sub(r"[^\S\n]", " ", line).strip() for line in lines)
