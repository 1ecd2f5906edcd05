"""What is open now, beside what finished ones needed, and who is about to miss the service level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.cycles.slow.answer import PERCENTILES, Answer, Known, Part
from tests.cycles.slow.figures import FEWEST, P50, P85, P95, percentile, percentiles, share
from tests.cycles.slow.life import Life, lengths
from tests.cycles.slow.plain import DAY, STAGES

LISTED = 200
COLUMNS = [
    "ticket", "title", "severity", "team", "stage", "age", "stage_age", "reached", "due_in", "chance", "like_it",
    "outlook",
]  # fmt: skip


@dataclass(frozen=True)
class Aged:
    life: Life
    stage: str
    age: int
    stage_age: int
    reached: Fraction | None
    due_in: int | None
    chance: Fraction | None
    like_it: int
    outlook: str


def answer(known: Known) -> Answer:
    past = known.but(since=None, until=None).finished
    aged = [age(known, life, past) for life in sorted(known.open, key=lambda one: (one.start, one.ticket))]
    risky = sorted((one for one in aged if one.outlook == "about to miss it"), key=lambda one: (one.chance, one.due_in))
    parts = {
        "at_risk": Part(
            figures={
                "at_risk": (len(risky), None),
                "missed": (sum(one.outlook == "missed" for one in aged), None),
                "open": (len(aged), None),
                "oldest": (max((one.age for one in aged), default=None), None),
            },
            columns=COLUMNS if risky else [],
            rows=[row(known, one) for one in risky[:LISTED]],
            says=[
                *nobody_can_say(sum(one.outlook == "too few to say" for one in aged)),
                *[f"The {LISTED} least likely of {len(risky)} are listed."] * (len(risky) > LISTED),
            ],
        ),
        "stages": Part(
            columns=[
                "stage",
                "wip",
                "oldest",
                "within_p50",
                "p50_to_p85",
                "p85_to_p95",
                "beyond_p95",
                "unknown",
                "beyond_p50",
                "beyond_p85",
                *PERCENTILES,
            ],
            rows=[stage_row(stage, [one for one in aged if one.stage == stage], past) for stage in STAGES],
            foot=["All", len(aged), None, *all_stages(aged, past), *[None] * 9],
        ),
        "open": Part(
            columns=COLUMNS,
            rows=[row(known, one) for one in aged[:LISTED]],
            says=[
                counts(len(aged)),
                *[f"The oldest {LISTED} of {len(aged)} are listed here; all of them, page by page."]
                * (len(aged) > LISTED),
            ],
        ),
    }
    if rows := kept(known):
        parts["kept"] = Part(
            columns=["programme", "severity", "days", "promised", "rate", "hits", "n", "verdict"], rows=rows
        )
    return Answer(len(aged), parts)


def nobody_can_say(n: int) -> list[str]:
    if n == 0:
        return []
    return [f"Of {n} open ticket{'s' * (n > 1)} nobody can say: fewer than ten finished loops lived as long."]


def counts(n: int) -> str:
    if n == 1:
        return "1 ticket counts; its age is from the moment it was seen in the field."
    return f"{n} tickets count; their age is from the moment they were seen in the field."


def promised(known: Known, programme: int) -> dict[str, tuple[int, int]]:
    """The newest promise of each severity (per cent, days), where it promises anything."""
    newest = {severity: (percent, days) for pk, severity, percent, days in known.world.levels if pk == programme}
    return {severity: (percent, days) for severity, (percent, days) in sorted(newest.items()) if days is not None}


def age(known: Known, life: Life, past: Sequence[Life]) -> Aged:
    assert life.running is not None
    now, stage = known.world.now, life.running.stage
    lived, here = now - life.start, now - life.running.entered
    needed = lengths(past, stage)
    beyond = [p for p in (P50, P85, P95) if (limit := percentile(needed, p)) is not None and here > limit]
    level = promised(known, life.programme).get(life.severity)
    chance, like_it, outlook = None, 0, "nothing promised"
    if level is not None:
        limit = level[1] * DAY
        alike = [
            one.total
            for one in past
            if (one.programme, one.severity) == (life.programme, life.severity) and one.total > lived
        ]
        if lived > limit:
            chance, outlook = Fraction(0), "missed"
        elif len(alike) < 10:
            like_it, outlook = len(alike), "too few to say"
        else:
            chance, like_it = Fraction(sum(total <= limit for total in alike), len(alike)), len(alike)
            outlook = "about to miss it" if chance < Fraction(1, 2) else "on track"
    due_in = None if level is None else level[1] * DAY - lived
    return Aged(life, stage, lived, here, max(beyond, default=None), due_in, chance, like_it, outlook)


def row(known: Known, one: Aged) -> list[Any]:
    life = one.life
    title, team = known.world.titles[life.ticket][0], known.world.teams[life.team].name
    return [
        life.ticket, title, life.severity, team, one.stage, one.age, one.stage_age, one.reached, one.due_in,
        one.chance, one.like_it, one.outlook,
    ]  # fmt: skip


def stage_row(stage: str, here: Sequence[Aged], past: Sequence[Life]) -> list[Any]:
    needed = lengths(past, stage)
    longest = max((one.stage_age for one in here), default=None)
    return [stage, len(here), longest, *by_age(here, known=len(needed) >= FEWEST), *percentiles(needed)]


def by_age(here: Sequence[Aged], *, known: bool) -> list[int | None]:
    """Each ticket lies in one part: what it is beyond, and no further. The last two count all beyond p50 and p85."""
    if not known:
        return [None, None, None, None, len(here), None, None]
    lies = [[one.reached for one in here].count(p) for p in (None, P50, P85, P95)]
    return [*lies, 0, sum(one.reached is not None for one in here), sum(one.reached in {P85, P95} for one in here)]


def all_stages(aged: Sequence[Aged], past: Sequence[Life]) -> list[int | None]:
    """The same of all open tickets, without those of which it is not known."""
    told = {stage for stage in STAGES if len(lengths(past, stage)) >= FEWEST}
    known = by_age([one for one in aged if one.stage in told], known=bool(told))
    known[4] = sum(one.stage not in told for one in aged)
    return known


def kept(known: Known) -> list[list[Any]]:
    """How each promise was kept by the loops that finished in the period."""
    rows = []
    for programme in sorted(known.world.programmes.values(), key=lambda one: one.name):
        if known.asked.programme not in ("", programme.slug):
            continue
        for severity, (percent, days) in promised(known, programme.pk).items():
            if known.asked.severity not in ("", severity):
                continue
            done = [
                one for one in known.but(severity="").finished
                if (one.programme, one.severity) == (programme.pk, severity)
            ]  # fmt: skip
            hits = sum(one.total <= days * DAY for one in done)
            rate = share(hits, len(done))
            verdict = None if rate is None else "kept" if rate >= Fraction(percent, 100) else "not kept"
            rows.append([programme.name, severity, days, Fraction(percent, 100), rate, hits, len(done), verdict])
    return rows
