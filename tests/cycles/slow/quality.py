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
            "moved": tickets([life.ticket for life in moved]),
            "unrecorded": tickets([life.ticket for life in unrecorded]),
            "without_loop": tickets(without),
        },
    )


def tickets(some: list[int]) -> Part:
    newest = sorted(some, reverse=True)[:MOST]
    says = [f"The newest {MOST} of {len(some)} are listed."] if len(some) > MOST else []
    return Part(columns=["ticket"] if some else [], rows=[[ticket] for ticket in newest], says=says)
