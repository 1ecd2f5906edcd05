"""What ships, release by release and team by team; and whether a fix helped, report by report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb
from typing import Any

from tests.cycles.slow.answer import Answer, Known, Part
from tests.cycles.slow.figures import P50, P85, TAIL, percentile, share
from tests.cycles.slow.life import micro
from tests.cycles.slow.plain import DAY, Entry, Named, Shipped, World, moment

WEEK = 7 * DAY
NEWEST = 8
OUTCOMES = ["fixed", "not_fixed", "worse", "could_not_test"]
GRID = 2**24


@dataclass(frozen=True)
class Deployed:
    """A release at a team for the first time."""

    release: Shipped
    team: int
    at: int
    failed: int | None


def components(known: Known) -> list[Named]:
    world, asked = known.world, known.asked
    return [
        one
        for one in sorted(world.components.values(), key=lambda one: one.name)
        if asked.component in ("", one.slug) and asked.programme in ("", world.programmes[one.of].slug)
    ]


def verdicts(world: World) -> list[Entry]:
    """In the order in which they were given."""
    given = [entry for entry in world.ticket_entries if entry.kind == "ticket.verdict_given"]
    return sorted(given, key=lambda entry: (entry.claimed, entry.recorded, entry.id))


def team_of(world: World, ticket: int) -> int:
    return int(next(e for e in world.of_ticket[ticket] if e.kind == "ticket.received").data["team_id"])


def deployed(known: Known, component: Named) -> list[Deployed]:
    """Failed only by an explicit link, and not before it was there: a verdict `worse` of the team, or a withdrawal."""
    world, found = known.world, []
    for release, team in sorted({(release, team) for release, team, _at in world.installed}):
        shipped = world.releases[release]
        if shipped.component != component.pk or known.asked.team not in ("", world.teams[team].slug):
            continue
        at = min(when for one, who, when in world.installed if (one, who) == (release, team))
        failures = [
            one.claimed
            for one in verdicts(world)
            if one.data["outcome"] == "worse"
            and one.data["release_id"] == release
            and team_of(world, one.subject) == team
        ]
        failures += [] if shipped.withdrawn is None else [shipped.withdrawn]
        found.append(Deployed(shipped, team, at, max(min(failures), at) if failures else None))
    return sorted(found, key=lambda one: (one.at, one.release.pk, one.team))


def mender(one: Deployed, every: Sequence[Deployed]) -> Deployed | None:
    """The team's next other release of the component after it failed."""
    if one.failed is None:
        return None
    later = [
        other
        for other in every
        if (other.team, other.release.component) == (one.team, one.release.component)
        and other.release.pk != one.release.pk
        and other.at >= one.failed
    ]
    return min(later, key=lambda other: (other.at, other.release.pk), default=None)


def answer(known: Known, asked: Mapping[str, int]) -> Answer:
    rows, inside, rhythm = [], [], []
    for component in components(known):
        every = deployed(known, component)
        rows.append(dora(known, component, every))
        inside += [(one, every) for one in every if known.asked.inside(one.at)]
        rhythm.append((component, publications(known, component)))
    inside.sort(key=lambda pair: (pair[0].at, pair[0].release.pk, pair[0].team), reverse=True)
    return Answer(
        sum(row[1] for row in rows),
        {
            "dora": Part(
                columns=[
                    "component", "deployments", "per_week", "commits", "lead_p50", "lead_p85", "failed", "fail_rate",
                    "recovered", "recovery_p50", "not_recovered", "rework_rate",
                ],
                rows=rows,
            ),
            "cadence": Part(
                columns=["component", "releases", "first", "last", "between_n", "between_p50", "between_p85"],
                rows=[cadence(component, some) for component, some in rhythm],
            ),
            "adoption": adoption(known, [pair for _component, some in rhythm for pair in some], asked),
            "helped": helped(known, asked),
            "deployments": Part(
                columns=["release", "team", "at", "failed_at", "recovered_at", "mends"],
                rows=[deployment(known.world, one, every) for one, every in inside],
            ),
        },
    )  # fmt: skip


def dora(known: Known, component: Named, every: Sequence[Deployed]) -> list[Any]:
    asked = known.asked
    some = [one for one in every if asked.inside(one.at)]
    failed = [one for one in some if one.failed is not None]
    recoveries = [
        after.at - one.failed for one in failed if one.failed is not None and (after := mender(one, every)) is not None
    ]
    mended = {(after.release.pk, after.team) for one in every if (after := mender(one, every)) is not None}
    weeks = Fraction(length_of(known, some), WEEK)
    leads = lead_times(known, every)
    return [
        component.name, len(some), Fraction(len(some)) / weeks if weeks else None,
        len(leads), percentile(leads, P50), percentile(leads, P85),
        len(failed), share(len(failed), len(some)), len(recoveries), percentile(recoveries, P50),
        len(failed) - len(recoveries),
        share(sum((one.release.pk, one.team) in mended for one in some), len(some)),
    ]  # fmt: skip


def length_of(known: Known, some: Sequence[Deployed]) -> int:
    """The period up to now; without a first day, from the first deployment on."""
    from datetime import timedelta

    asked, ends = known.asked, known.world.now
    if asked.until is not None:
        ends = min(ends, asked.begins(asked.until + timedelta(days=1)))
    if asked.since is None and not some:
        return 0
    return max(0, ends - (asked.begins(asked.since) if asked.since else min(one.at for one in some)))


def lead_times(known: Known, every: Sequence[Deployed]) -> list[int]:
    """From each commit that is new in a release to the release's first deployment; imported releases are not looked at.

    New is what is in none of the releases that were shipped before it of the same history.
    """
    world, found = known.world, []
    shipped = {release for release, _at in world.published} | {r.pk for r in world.releases.values() if r.imported}
    for release in sorted({one.release.pk for one in every}):
        one = world.releases[release]
        first = min(item.at for item in every if item.release.pk == release)
        if one.imported or not known.asked.inside(first):
            continue
        before = [
            other
            for other in world.releases.values()
            if other.pk in shipped
            and other.component == one.component
            and other.commit in one.holds
            and (other.commit != one.commit or other.sequence < one.sequence)
        ]
        new = one.holds - frozenset().union(*(other.holds for other in before))
        found += [max(0, first - world.committed[commit]) for commit in new]
    return found


def publications(known: Known, component: Named) -> list[tuple[int, int]]:
    """Each release with its first publication in the period, in order."""
    world = known.world
    own = {release for release, _at in world.published if world.releases[release].component == component.pk}
    firsts = [(min(at for one, at in world.published if one == release), release) for release in own]
    return [(release, at) for at, release in sorted(firsts) if known.asked.inside(at)]


def cadence(component: Named, some: Sequence[tuple[int, int]]) -> list[Any]:
    gaps = [after - before for (_, before), (_, after) in pairwise(some)]
    ends = [moment(some[0][1]), moment(some[-1][1])] if some else [None, None]
    return [component.name, len(some), *ends, len(gaps), percentile(gaps, P50), percentile(gaps, P85)]


def name_of(world: World, release: int) -> str:
    one = world.releases[release]
    return f"{world.components[one.component].name} {one.version}"


def page_of(some: Sequence[Any], start: int, rows: int, what: str) -> tuple[list[Any], list[str]]:
    """Those that are shown, and the sentence that tells which they are of how many."""
    shown = list(some[start - 1 : start - 1 + rows])
    if len(shown) == len(some):
        return shown, []
    return shown, [f"{what} {start}–{start + len(shown) - 1} of {len(some)}, the newest first." if shown else
                   f"There are only {len(some)}."]  # fmt: skip


def adoption(known: Known, published: Sequence[tuple[int, int]], asked: Mapping[str, int]) -> Part:
    """How far each release came, the newest first; of verdicts the last one on each ticket counts."""
    world, rows = known.world, []
    newest = sorted(((at, release) for release, at in published), reverse=True)
    if known.asked.release:
        newest = [pair for pair in newest if pair[1] == known.asked.release]
    shown, says = page_of(newest, asked.get("releases_from", 1), asked.get("rows", NEWEST), "Releases")
    for at, release in shown:
        teams = {team for one, team, _at in world.installed if one == release}
        subscribed = {team for one, team in world.subscribed if one == world.releases[release].component}
        last = {one.subject: one.data["outcome"] for one in verdicts(world) if one.data["release_id"] == release}
        first = min((when for one, _team, when in world.installed if one == release), default=None)
        rows.append(
            [name_of(world, release), moment(at), len(teams), len(subscribed),
             share(len(teams & subscribed), len(subscribed)), None if first is None else moment(first),
             *(sum(outcome == wanted for outcome in last.values()) for wanted in OUTCOMES)]
        )  # fmt: skip
    columns = ["release", "published", "teams", "subscribed", "adopted", "first", *OUTCOMES]
    return Part(columns=columns, rows=rows, says=says)


def helped(known: Known, asked: Mapping[str, int]) -> Part:
    """Reports of a fault for each team-week, at most eight weeks on either side of each team's installation."""
    world, now, rows = known.world, known.world.now, []
    fixed = [life for life in known.finished if life.fixed_by is not None]
    fixed.sort(key=lambda life: (life.finished or 0, life.ticket), reverse=True)
    shown, says = page_of(fixed, asked.get("fixes_from", 1), asked.get("rows", NEWEST), "Fixes")
    for life in shown:
        release = life.fixed_by or 0
        latest_first = sorted(world.installed, key=lambda item: -item[2])
        at = {team: when for one, team, when in latest_first if one == release and when < now}
        before, after = [], []
        for ticket in sorted(world.titles):
            if ticket != life.ticket and world.canonical.get(ticket) != life.ticket:
                continue
            received = next((e for e in world.of_ticket.get(ticket, []) if e.kind == "ticket.received"), None)
            if received is None or (team := received.data["team_id"]) not in at:
                continue
            seen = min(micro(received.data["seen_at"]), received.recorded)
            if at[team] - 8 * WEEK <= seen < at[team]:
                before.append(ticket)
            if at[team] <= seen < min(at[team] + 8 * WEEK, now):
                after.append(ticket)
        weeks_before = Fraction(8 * len(at))
        weeks_after = sum((Fraction(min(8 * WEEK, now - when), WEEK) for when in at.values()), start=Fraction(0))
        rows.append(
            [life.ticket, name_of(world, release), len(at), len(before), weeks_before, len(after), weeks_after,
             *compared(len(before), weeks_before, len(after), weeks_after), tuple(sorted([*before, *after]))]
        )  # fmt: skip
    columns = [
        "ticket", "release", "teams", "before", "weeks_before", "after", "weeks_after", "ratio", "low", "high",
        "reports",
    ]  # fmt: skip
    return Part(columns=columns, rows=rows, says=says)


def compared(before: int, weeks_before: Fraction, after: int, weeks_after: Fraction) -> list[Fraction | None]:
    """After ÷ before with its 95 % interval: given all of them, how many came after is binomial."""
    if not weeks_before or not weeks_after:
        return [None, None, None]
    n, times = before + after, weeks_before / weeks_after
    ratio = Fraction(after, before) * times if before else None
    low = Fraction(0) if after == 0 else edge(n, after, upper=False)
    high = Fraction(1) if after == n else edge(n, after, upper=True)
    return [ratio, low / (1 - low) * times, high / (1 - high) * times if high < 1 else None]


def edge(n: int, k: int, *, upper: bool) -> Fraction:
    """The step of the grid next outside of where k of n becomes too unlikely (2.5 % or less)."""

    def unlikely(step: int) -> bool:
        some = range(k + 1) if upper else range(k, n + 1)
        weight: int = sum(comb(n, j) * step**j * (GRID - step) ** (n - j) for j in some)
        return bool(weight <= TAIL * GRID**n)

    near, far = (0, GRID) if upper else (GRID, 0)  # the far end is unlikely, the near one is not
    while abs(far - near) > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if unlikely(middle) else (middle, far)
    return Fraction(far, GRID)


def deployment(world: World, one: Deployed, every: Sequence[Deployed]) -> list[Any]:
    after = mender(one, every)
    mends = any(mender(other, every) is one for other in every)
    return [
        name_of(world, one.release.pk), world.teams[one.team].name, moment(one.at),
        None if one.failed is None else moment(one.failed), None if after is None else moment(after.at),
        "yes" if mends else "",
    ]  # fmt: skip
