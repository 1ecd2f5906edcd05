"""The contents of whole real histories equal git's for every tag (they lie beside the project: see histories.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.releases.histories import VARIABLE, histories, take_in

NONE_HERE = pytest.param(
    None, id="none", marks=pytest.mark.skip(reason=f"{VARIABLE} names no folder with bare histories")
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("origin", [pytest.param(path, id=path.parent.name) for path in histories()] or [NONE_HERE])
def test_every_tag_of_a_real_history_holds_what_git_lists(cast: Cast, origin: Path) -> None:
    found = take_in(origin, cast)
    assert found.differing == []
    assert found.commits > 0
    assert found.releases <= found.tags
