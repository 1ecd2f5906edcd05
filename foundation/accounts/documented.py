"""Writes down who may do what, as the table of docs/roles.md, from the rights that the rooms have registered."""

from pathlib import Path
from typing import Final

from foundation.accounts import rights
from foundation.accounts.roles import Role

BEGIN: Final = "<!-- The table below is written by `manage.py document_roles`. -->"
END: Final = "<!-- End of the table. -->"


def table() -> str:
    """Give the Markdown table: a row for each verb, a column for each role, and the scope that a token needs."""
    head = ["verb", *(role.value.replace("_", " ") for role in Role), "token scope"]
    lines = [_line(head), _line(["---", *([":-:"] * len(Role)), "---"])]
    for verb in sorted(rights.table()):
        right = rights.table()[verb]
        cells = ["●" if role in right.roles else "" for role in Role]
        lines.append(_line([f"`{verb}`", *cells, f"`{right.scope}`"]))
    return "\n".join(lines)


def rewritten(text: str) -> str:
    """Give the document with the table as it is now; raises ValueError for one that has lost its marks."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The document has no place for the table: it needs the lines {BEGIN!r} and {END!r}.")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def write(path: Path) -> bool:
    """Rewrite the document at `path`; tell whether it changed."""
    old = path.read_text(encoding="utf-8")
    new = rewritten(old)
    path.write_text(new, encoding="utf-8")
    return new != old


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
