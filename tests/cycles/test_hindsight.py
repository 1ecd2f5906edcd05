"""The flow model is judged only where its levers really moved, by what came."""

from __future__ import annotations

from fractions import Fraction

from rnd.cycles.clock.stages import Stage
from rnd.cycles.hindsight import NOTHING, THROUGHPUT, WEEKS, WIP, Week, hits, judge

DAY = 86_400_000_000


def weeks(count: int, *, wip: int, n: int, mean_days: int, build_days: int) -> list[Week]:
    stages = dict.fromkeys(Stage, 0) | {
        Stage.BUILD: n * build_days * DAY,
        Stage.QUEUE: n * (mean_days - build_days) * DAY,
    }
    return [Week(wip, n, n * mean_days * DAY, stages)] * count


def test_with_nothing_moved_only_littles_law_is_judged() -> None:
    # 20 in progress, 7 a week: 20 days.
    found = judge(weeks(2 * WEEKS, wip=20, n=7, mean_days=20, build_days=5))
    assert [(one.lever, one.place, one.predicted, one.hit) for one in found] == [
        (NOTHING, WEEKS - 1, Fraction(20 * DAY), True)
    ]
    assert judge(weeks(2 * WEEKS - 1, wip=20, n=7, mean_days=20, build_days=5)) == []


def test_a_lever_is_judged_with_what_it_really_became() -> None:
    before = weeks(WEEKS, wip=20, n=7, mean_days=20, build_days=10)
    after = weeks(WEEKS, wip=10, n=7, mean_days=12, build_days=4)
    found = {one.lever: one for one in judge([*before, *after])}
    assert set(found) == {NOTHING, WIP, "build", "queue"}
    assert (found[WIP].changed, found[WIP].predicted, found[WIP].realised) == (
        Fraction(1, 2),
        Fraction(10 * DAY),
        Fraction(12 * DAY),
    )
    assert found[WIP].hit  # off by a fifth
    assert not found[NOTHING].hit  # it said 20
    assert found["build"].predicted == (20 - 10 + 4) * DAY
    assert hits(list(found.values()), WIP) == (1, 1)
    assert hits(list(found.values()), THROUGHPUT) == (0, 0)


def test_more_finished_a_week_is_judged_by_the_same_work_in_progress() -> None:
    before = weeks(WEEKS, wip=20, n=7, mean_days=20, build_days=10)
    after = weeks(WEEKS, wip=20, n=14, mean_days=13, build_days=10)
    found = {one.lever: one for one in judge([*before, *after])}
    assert found[THROUGHPUT].predicted == 10 * DAY
    assert not found[THROUGHPUT].hit


def test_a_quarter_in_which_nothing_finished_is_not_judged() -> None:
    idle = weeks(WEEKS, wip=20, n=0, mean_days=0, build_days=0)
    assert judge([*weeks(WEEKS, wip=20, n=7, mean_days=20, build_days=5), *idle]) == []
