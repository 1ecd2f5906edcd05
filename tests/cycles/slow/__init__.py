"""Every figure of every report once more, slowly: from the journal's entries and a few plain rows, by definition only.

Nothing that computes here imports the reports. `plain.py` is the world as bare values and `reader.py` fills it,
`life.py` is one ticket's way by `rules.py`, `figures.py` what percentiles and means are; then one module a page answers
for each number that stands on it, and `comparing.py` walks the page with these answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.cycles.slow import (
    ageing,
    backtest,
    engineering,
    fixes,
    flow,
    forecast,
    glance,
    quality,
    shipping,
    stages,
    times,
)
from tests.cycles.slow.answer import Answer, Known

Numbers = Mapping[str, Any]


def _plain(answer: Callable[[Known], Answer]) -> Callable[[Known, Numbers], Answer]:
    return lambda known, asked: answer(known)


ANSWERS: Final[Mapping[str, Callable[[Known, Numbers], Answer]]] = {
    "glance": _plain(glance.answer),
    "stages": _plain(stages.answer),
    "times": _plain(times.answer),
    "flow": _plain(flow.answer),
    "ageing": _plain(ageing.answer),
    "fixes": _plain(fixes.answer),
    "engineering": _plain(engineering.answer),
    "releases": shipping.answer,
    "forecast": forecast.answer,
    "backtest": backtest.answer,
    "quality": _plain(quality.answer),
}
