"""What ships is counted by release and team; failures only where somebody said so."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from foundation.kit import clock
from frontline_feedback import actions as tickets
from releases.models import Publication, Release, Subscription
from rnd.cycles.actions import project_tasks, project_tickets
from rnd.cycles.analysis import helped, shipping, work
from rnd.cycles.clock.stages import Mode, Stage
from rnd.cycles.filters import Filters
from rnd.cycles.pages.shipping import build
from rnd.cycles.presenting import shown
from rnd.engineering import actions as tasks
from rnd.engineering.models import Task
from tests.cast import Cast
from tests.cycles.world import hours, whole_loop
from tests.frontline_feedback.world import installed, release, report

pytestmark = pytest.mark.django_db
HOUR = 3_600_000_000


def ship(cast: Cast, version: str, at: float) -> Release:
    with clock.at(hours(at)):
        shipped = release(cast.autopilot, version)
        Publication.objects.create(release=shipped, channel="fleet", at=hours(at))
    return shipped


def install(cast: Cast, shipped: Release, team: str, at: float) -> None:
    with clock.at(hours(at)):
        installed(shipped, getattr(cast, team), cast.rev_a)


def test_deployments_fail_only_by_a_verdict_or_a_withdrawal(cast: Cast) -> None:
    one, two, three = (ship(cast, f"1.{n}", n) for n in range(3))
    install(cast, one, "north", 10)
    install(cast, one, "north", 11)  # a second aircraft: the same deployment
    install(cast, one, "east", 12)
    install(cast, two, "north", 20)
    install(cast, three, "north", 30)
    with clock.at(hours(15)):
        ticket = tickets.accept_ticket(actor=cast.actor("ingrid"), ticket=report(cast, seen_at=hours(14)))
        tickets.offer_fix(actor=SYSTEM, ticket=ticket, release=one, channel="fleet", offered_at=hours(15))
        tickets.give_verdict(actor=cast.actor("olena"), ticket=ticket, release=one, outcome="worse")
    Release.objects.filter(pk=three.pk).update(state="withdrawn", withdrawn_at=hours(40), withdrawn_reason="-")
    filters = Filters(programme=cast.programme.slug, component=cast.autopilot.slug)
    found = shipping.deployments(SYSTEM, filters)
    assert [(d.release_id, d.team_id, d.failed_at, d.recovered_at, d.mends) for d in found] == [
        (one.pk, cast.north.pk, hours(15), hours(20), False),
        (one.pk, cast.east.pk, None, None, False),
        (two.pk, cast.north.pk, None, None, True),
        (three.pk, cast.north.pk, hours(40), None, False),
    ]
    with clock.at(hours(10) + timedelta(weeks=2)):
        (dora,) = shipping.dora(SYSTEM, filters)
    assert (dora.deployments, dora.failed, dora.not_recovered, dora.reworked) == (4, 2, 1, 1)
    assert (dora.fail_rate, dora.rework_rate, dora.per_week) == (Fraction(1, 2), Fraction(1, 4), Fraction(2))
    (cadence,) = shipping.cadence(SYSTEM, filters)
    assert cadence.releases == [(one.pk, hours(0)), (two.pk, hours(1)), (three.pk, hours(2))]


def test_adoption_counts_teams_once_and_the_last_verdict_of_a_ticket(cast: Cast) -> None:
    ticket = whole_loop(cast)
    shipped = ticket.verdicts.get().release
    install(cast, shipped, "east", 50)
    (found,) = shipping.adoption(SYSTEM, [shipped])
    assert [team for team, _at in found.teams] == [cast.north.pk, cast.east.pk]
    assert found.verdicts == {"fixed": 1}
    (theirs,) = shipping.adoption(cast.actor("stepan"), [shipped])
    assert theirs.verdicts == {}


def test_whether_it_helped_is_reports_by_installed_team_week(cast: Cast) -> None:
    ticket = whole_loop(cast, start=1000)
    for at, who in ((900, "olena"), (1040, "olena"), (1100, "olena"), (10, "stepan")):
        with clock.at(hours(max(at, 1001))):
            other = report(cast, who, seen_at=hours(at))
            tickets.merge_ticket(actor=cast.actor("ingrid"), ticket=other, canonical=ticket)
    project_tickets(ticket_ids=[ticket.pk])
    found = helped.did_it_help(SYSTEM, ticket, now=hours(1036) + timedelta(weeks=4))
    assert found is not None
    assert found.teams == [cast.north.pk]
    assert (found.rates.before, found.rates.after) == (2, 2)
    assert found.rates.exposed_before == 8
    assert found.rates.exposed_after == 4
    assert found.rates.ratio == 2


def test_the_work_of_teams_is_summed_task_by_task(cast: Cast) -> None:
    ticket = whole_loop(cast)
    project_tickets(ticket_ids=[ticket.pk])
    with clock.at(hours(50)):
        task = tasks.open_task(actor=cast.actor("magnus"), component=cast.autopilot, title="More", assignee=cast.magnus)
        task = tasks.move_task(actor=cast.actor("magnus"), task=task, stage="build")
    with clock.at(hours(51)):
        task = tasks.block_task(actor=cast.actor("magnus"), task=task, reason="Parts")
    project_tasks(task_ids=list(Task.objects.values_list("pk", flat=True)))
    with clock.at(hours(58)):
        found = work.work(SYSTEM, Filters(programme=cast.programme.slug))
        of_ticket = work.work(SYSTEM, Filters(programme=cast.programme.slug, severity=ticket.severity))
    assert (found.tasks, of_ticket.tasks) == (2, 1)
    by_stage = {some.stage: some for some in found.by_team}
    assert {stage: some.sum_us for stage, some in by_stage.items()} == {
        Stage.DESIGN: 4 * HOUR,
        Stage.BUILD: 5 * HOUR,
        Stage.TEST: 6 * HOUR,
    }
    assert by_stage[Stage.BUILD].modes == {Mode.ACTIVE: 5 * HOUR, Mode.WAITING: 0, Mode.BLOCKED: 0}
    assert {some.team_id for some in found.by_team} == {cast.oslo.pk}
    assert [(b.reason, b.sum_us, b.tasks) for b in found.blocked] == [("Parts", 7 * HOUR, [task.pk])]
    assert of_ticket.blocked == []


def test_a_release_that_was_withdrawn_before_it_came_failed_the_moment_it_came(cast: Cast) -> None:
    one, two = ship(cast, "1.0", 0), ship(cast, "1.1", 1)
    Release.objects.filter(pk=one.pk).update(state="withdrawn", withdrawn_at=hours(5), withdrawn_reason="-")
    install(cast, one, "north", 20)
    install(cast, two, "north", 21)
    found = shipping.deployments(SYSTEM, Filters(programme=cast.programme.slug))
    assert [(d.failed_at, d.recovered_at) for d in found] == [(hours(20), hours(21)), (None, None)]


def test_adoption_is_a_share_of_the_subscribed_teams(cast: Cast) -> None:
    shipped = ship(cast, "1.0", 0)
    for team in ("north", "east"):
        install(cast, shipped, team, 10)
    Subscription.objects.create(team=cast.north, component=cast.autopilot, channel="fleet")
    (found,) = shipping.adoption(SYSTEM, [shipped])
    assert (len(found.teams), found.subscribed, found.share) == (2, frozenset({cast.north.pk}), Fraction(1))


def test_all_releases_can_be_paged_through(cast: Cast) -> None:
    for number in range(10):
        ship(cast, f"1.{number}", number)
    client = cast.client_of("solveig")

    def listed(**query: str) -> tuple[list[str], str]:
        text = client.get("/reports/releases/", query).content.decode()
        section = text.split('data-section="adoption"')[1].split("</section>")[0]
        return re.findall(r"Autopilot (1\.\d)<", section), section

    newest, section = listed()
    assert newest == [f"1.{number}" for number in range(9, 1, -1)]
    assert "Releases 1–8 of 10, the newest first." in section
    older, _ = listed(releases_from="9")
    assert older == ["1.1", "1.0"]
    every, section = listed(rows="10")
    assert len(every) == 10
    assert "the newest first" not in section
    one, _ = listed(release=str(Release.objects.get(version="1.3").pk))
    assert one == ["1.3"]
    assert "There are only 10." in listed(releases_from="50")[1]


def test_percentiles_of_few_gaps_are_hidden_and_said_to_be(cast: Cast) -> None:
    client, said = cast.client_of("solveig"), "Percentiles of fewer than ten lengths would be only the largest of them"

    def cadence() -> tuple[str, list[str]]:
        text = client.get("/reports/releases/", {"component": cast.autopilot.slug}).content.decode()
        section = text.split('data-section="cadence"')[1].split("</section>")[0]
        return section, [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td.*?</td>", section, re.DOTALL)]

    for number, gaps, hidden in ((1, "0", False), (2, "1", True), (10, "9", True), (11, "10", False)):
        while Release.objects.count() < number:
            ship(cast, f"1.{Release.objects.count()}", Release.objects.count())
        section, cells = cadence()
        assert (said in section) == hidden
        assert cells[3] == gaps
        assert (cells[4] == "–") == (number < 11)
    section = client.get("/reports/releases/").content.decode().split('data-section="dora"')[1].split("</section>")[0]
    assert said not in section  # nothing was deployed, so there is nothing to hide


def test_every_task_of_a_row_can_be_reached() -> None:
    html = shown(tuple(range(1, 21)), "tasks")
    assert [f"/ENG-{number}" in html for number in range(1, 21)] == [True] * 20
    assert "and 12 more" in html
    many = shown(tuple(range(1, 400)), "tasks")
    assert "/ENG-300" in many
    assert "/ENG-301" not in many
    assert "and 99 more in the files" in many


def test_the_page_asks_as_often_for_many_releases_as_for_few(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = cast.client_of("solveig")

    def shipped(numbers: range) -> None:
        for number in numbers:
            one = ship(cast, f"1.{number}", number)
            install(cast, one, "north", number + 1)

    shipped(range(2))
    client.get("/reports/releases/")
    with CaptureQueriesContext(connection) as few:
        client.get("/reports/releases/")
    shipped(range(2, 9))
    with django_assert_max_num_queries(len(few)):
        client.get("/reports/releases/")


def test_a_filter_that_releases_do_not_know_is_said_to_narrow_nothing(cast: Cast) -> None:
    whole = Filters(programme=cast.programme.slug, component=cast.autopilot.slug, team=cast.north.slug)
    assert not build(SYSTEM, whole, {})[1][0].notes
    (note,) = build(SYSTEM, whole.but(severity="S1"), {})[1][0].notes
    assert note.tone == "info"


def test_who_sees_no_tasks_reads_an_empty_report_of_engineering(cast: Cast) -> None:
    reader, said = cast.client_of("olena"), "Tasks are not shown to your role"
    page = reader.get("/reports/engineering/")
    assert page.status_code == 200
    assert work.work(cast.actor("olena"), Filters()).tasks == 0
    for told in (page, reader.get("/reports/files/engineering.csv")):
        assert said in told.content.decode()
        assert "engineer, release manager" in told.content.decode()
    assert said not in cast.client_of("magnus").get("/reports/engineering/").content.decode()
