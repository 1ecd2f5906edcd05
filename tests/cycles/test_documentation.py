"""The worked example of docs/cycle-clock.md is what the clock computes from its entries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rnd.cycles.clock import DEFINITION, wind
from rnd.cycles.clock import events as ev
from rnd.cycles.clock.course import Story
from rnd.cycles.clock.moments import from_us, to_us
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.clock.way import Way
from rnd.cycles.facts.reading import event_of

TEXT: Final = (Path(__file__).parents[2] / "docs" / "cycle-clock.md").read_text()
MINUTE: Final = 60_000_000
# What the last word of a line in the example is, by kind.
FIELD: Final = {"ticket.verdict_given": "outcome", "task.moved": "to_stage"}


def table(heading: str) -> list[list[str]]:
    """Give the rows of the table that begins with this heading."""
    lines = TEXT[TEXT.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{clock}:00+00:00").astimezone(UTC)


def story() -> Story:
    """Read the example's entries as the journal would hold them."""
    (seen, _text), *lines = table("at | entry")
    events: list[ev.Event] = []
    for number, (clock, entry) in enumerate(lines, start=1):
        kind, *words = entry.split()
        data = {"seen_at": at(seen).isoformat(), "ticket_id": 1, "assignee_id": 1, "release_id": 1}
        if kind in FIELD:
            data[FIELD[kind]] = words[-1]
        events.append(event_of(kind, number=number, subject=1, occurred=at(clock), recorded=at(clock), data=data))
    return Story(frozenset({1}), events)


def way() -> Way:
    found = wind(story())
    assert found is not None
    return found


def test_the_segments_of_the_example_are_the_clocks() -> None:
    computed = [
        [f"{from_us(s.since):%H:%M}", f"{from_us(s.until):%H:%M}", str(s.stage), str(s.mode), str(s.number)]
        for s in way().segments
    ]
    assert computed == table("from | to | stage | mode | pass")


def test_the_sums_of_the_example_are_the_clocks() -> None:
    found = way()
    sums: dict[str, int | None] = {
        **{str(stage): found.stages[stage] for stage in Stage},
        "the whole loop": found.total,
        **{str(mode): found.modes[mode] for mode in Mode},
        "pass 1": found.pass_times[0],
        "pass 2": found.pass_times[1],
        "rework": found.rework,
    }
    shown = {what: None if minutes == "–" else int(minutes) * MINUTE for what, minutes in table("what | minutes")}
    assert shown == sums
    assert found.finished_at == to_us(at("14:00"))


def test_the_page_names_the_version_of_the_definition() -> None:
    assert f"now **{DEFINITION}**" in TEXT


def test_the_page_names_every_stage_and_mode() -> None:
    assert all(f"{stage}" in TEXT for stage in Stage)
    assert all(f"**{mode}**" in TEXT for mode in Mode)
