"""Data quality: what was moved, left out or never recorded."""

from __future__ import annotations

from tests.cycles.slow.answer import REASONS, Answer, Known, Part

MOST = 100


def answer(known: Known) -> Answer:
    lives = known.fitting
    moved = [life for life in lives if life.moved]
    unrecorded = [life for life in lives if life.counts() and life.finished is not None and not life.recorded]
    programmes = {one.pk for one in known.world.programmes.values() if known.asked.programme in ("", one.slug)}
    without = [
        pk for pk, (_, programme) in known.world.titles.items() if programme in programmes and pk not in known.every
    ]
    return Answer(
        len(lives),
        {
            "overview": Part(
                figures={
                    "loops": (len(lives), None),
                    "moved_entries": (sum(life.moved for life in lives), len(moved)),
                    "unrecorded": (len(unrecorded), None),
                    "without_loop": (len(without), None),
                    "old_definition": (0, None),
                }
            ),
            "left_out": Part(
                columns=["reason", "n"], rows=[[REASONS[reason], n] for reason, n in known.left_out.items()]
            ),
            "moved": tickets(known, [life.ticket for life in moved], {life.ticket: life.moved for life in moved}),
            "unrecorded": tickets(known, [life.ticket for life in unrecorded]),
            "without_loop": tickets(known, without),
        },
    )


def tickets(known: Known, some: list[int], moved: dict[int, int] | None = None) -> Part:
    newest = sorted(some, reverse=True)[:MOST]
    says = [f"The newest {MOST} of {len(some)} are listed."] if len(some) > MOST else []
    columns = ["ticket", "title", "team", *(["moved_entries"] if moved else [])]
    rows = []
    for ticket in newest:
        # What was never received has no story; its row alone knows the team.
        team = known.every[ticket].team if ticket in known.every else known.world.reporters[ticket]
        named = [known.world.titles[ticket][0], known.world.teams[team].name]
        rows.append([ticket, *named, *([moved[ticket]] if moved else [])])
    return Part(columns=columns if some else [], rows=rows, says=says)
