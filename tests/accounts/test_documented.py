"""docs/roles.md tells what the rights table says."""

import pytest
from django.conf import settings

from foundation.accounts import documented, rights
from foundation.accounts.roles import Role


def test_the_document_tells_the_rights_as_they_are() -> None:
    text = (settings.BASE_DIR / "docs" / "roles.md").read_text(encoding="utf-8")
    assert text == documented.rewritten(text), "Run: .venv/bin/python manage.py document_roles"


def test_a_row_marks_each_role_that_may() -> None:
    row = next(line for line in documented.table().splitlines() if "`user.add`" in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    marked = {role for role, cell in zip(Role, cells[1:-1], strict=True) if cell}
    assert marked == rights.table()["user.add"].roles
    assert cells[-1] == "`accounts:write`"


def test_a_document_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the table"):
        documented.rewritten("# Roles")
