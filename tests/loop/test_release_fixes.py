"""What a release means for tickets, two releases side by side, and the fix in the build one flies."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from frontline_feedback.actions import give_verdict, merge_ticket
from frontline_feedback.models import Offer, Ticket
from releases.models import Release
from rnd.engineering.models import Task
from rnd.loop.comparison import compare
from rnd.loop.fixes import fix_in
from rnd.loop.matrix import Filters, rows_of
from rnd.loop.models import Statement
from rnd.loop.release_fixes import Back, Bringing, Fix, bringing
from tests.loop.conftest import Way
from tests.releases.gitbox import GitBox
from tests.releases.world import join

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], None]


def keys(fixes: Sequence[Fix | Back]) -> list[str]:
    return [fix.ticket.key for fix in fixes]


def means(way: Way, release: Release, by: str = "magnus") -> Bringing:
    return bringing(way.cast.actor(by), release)


def test_a_release_tells_what_it_fixes_takes_back_and_who_waits(
    way: Way, done: tuple[Ticket, Task], drain: Drain
) -> None:
    ticket, task = done
    duplicate = way.report(team=way.cast.east, by="stepan")
    merge_ticket(actor=way.cast.actor("ingrid"), ticket=duplicate, canonical=ticket)
    first = way.world.draft("1.1")
    story = means(way, first)
    assert keys(story.fixes) == [ticket.key]
    assert [(one.team, [t.key for t in one.tickets]) for one in story.waiting] == [
        ("East", [duplicate.key]),
        ("North", [ticket.key]),
    ]
    sha = way.world.box.git("log", "--format=%H", "--grep=Reject steps", "-1")
    way.world.box.commit(f'Revert "Reject steps"\n\nThis reverts commit {sha}.')
    second = way.world.draft("1.2")
    story = means(way, second)
    assert not story.fixes
    assert keys(story.not_fixed) == [ticket.key]
    assert "took" in story.not_fixed[0].why
    assert "Reject steps" in story.not_fixed[0].why
    assert [fix.tasks for fix in story.not_fixed] == [[task]]
    assert means(way, second, "olena").not_fixed[0].tasks == [], "a field team sees no tasks"


def test_a_fix_in_two_repositories_is_in_the_release_of_both(
    way: Way, done: tuple[Ticket, Task], drain: Drain, tmp_path: Path
) -> None:
    ticket, task = done
    box = GitBox(tmp_path / "bootloader")
    box.commit("Begin the bootloader")
    boot = join(way.world, box, "Bootloader")
    box.commit(f"Boot as fast as it flies\n\nFixes: {task.key}")
    boot.fetch()
    drain()
    alone = way.world.draft("1.1")
    drain()
    assert not fix_in(ticket, alone).holds
    assert [fix.why for fix in means(way, alone).not_fixed] == ["1 of its commits is not in this release."]
    box.tag("v1.1")
    boot.fetch()
    drain()
    assert fix_in(ticket, alone).holds
    assert keys(means(way, alone).fixes) == [ticket.key]
    assert ticket.key in way.world.release("1.1").notes
    assert {row.release for row in rows_of(way.cast.actor("magnus"), [ticket], Filters()) if row.commit} == {alone}
    later = way.world.draft("1.2")
    answer = fix_in(ticket, later)
    assert not answer.holds, "nobody said which bootloader it is built from"
    assert "1.2 holds nothing of that repository" in answer.reason
    assert compare(way.cast.actor("magnus"), alone, later).relation == "parted"


def test_what_came_back_and_what_is_called_fixed_elsewhere(way: Way, done: tuple[Ticket, Task], drain: Drain) -> None:
    ticket, _task = done
    release = way.world.published("1.1")
    way.install(release)
    drain()
    assert not means(way, release).waiting
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="fixed")
    way.world.box.branch("old", "v1.0")
    other = way.world.draft("1.0.1")
    assert keys(means(way, other).elsewhere) == [ticket.key]


def test_a_worse_verdict_shows_on_the_release(way: Way, done: tuple[Ticket, Task], drain: Drain) -> None:
    ticket, _task = done
    release = way.world.published("1.1")
    way.install(release)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="worse")
    assert [back.ticket.key for back in means(way, release).came_back] == [ticket.key]


def test_the_panel_and_the_comparison_ask_no_more_for_more_tickets(
    way: Way, done: tuple[Ticket, Task], drain: Drain, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        task = way.open_task(way.accept(way.report()))
        way.commit(f"Another {number}\n\nFixes: {task.key}")
    drain()
    for task in Task.objects.exclude(stage="done"):
        way.finish(task)
    way.world.draft("1.1")
    browser = way.cast.client_of("magnus")
    with django_assert_max_num_queries(34):
        page = browser.get("/releases/autopilot/1.1/fixes/").content.decode()
    assert page.count("Height jumps in fog") == 4
    with django_assert_max_num_queries(40):
        page = browser.get("/releases/autopilot/1.1/compare/?to=1.0").content.decode()
    assert "1.1 descends from 1.0" in page
    assert page.count("Height jumps in fog") == 4
    assert "Another 2" in page


def test_releases_of_lines_that_parted_are_compared(way: Way, done: tuple[Ticket, Task], drain: Drain) -> None:
    ticket, task = done
    one = way.world.draft("2.0")
    way.world.box.branch("old", "v1.0")
    other = way.world.draft("1.0.1", "Only here")
    found = compare(way.cast.actor("magnus"), one, other)
    assert found.relation == "parted"
    assert [t.key for t in found.one.tickets] == [ticket.key]
    assert found.one.tasks == [task]
    assert [commit.subject for commit in found.other.commits] == ["Only here"]
    api = way.cast.api_client_of("magnus")
    answer = api.get(f"/api/v1/comparisons/{one.pk}/{other.pk}/").json()
    assert (answer["relation"], answer["one"]["tickets"], answer["other"]["commits_count"]) == (
        "parted",
        [ticket.key],
        1,
    )


@pytest.mark.parametrize("described", ["{version}", "v{version}", "{sha}", "{short}", "v1.0-2-g{short}-dirty", "side"])
def test_the_fix_in_a_build_is_found_by_version_tag_commit_branch_or_description(
    described: str, way: Way, done: tuple[Ticket, Task]
) -> None:
    ticket, _task = done
    way.world.box.branch("side")
    way.commit("Something after it")
    way.world.box.git("checkout", "--quiet", "main")
    way.world.draft("1.1", "Release")
    sha = way.world.box.git("rev-parse", "side")
    build = described.format(version="1.1", sha=sha, short=sha[:9])
    out = StringIO()
    call_command("is_fixed", ticket.key, "--in", build, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["holds"] is True
    assert answer["dirty"] is ("dirty" in described)


def test_the_command_says_no_with_its_reason_and_its_exit_code(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    out = StringIO()
    with pytest.raises(SystemExit) as no:
        call_command("is_fixed", ticket.key, "--in", "1.0", stdout=out)
    assert no.value.code == 1
    assert "No. Commit" in out.getvalue()
    with pytest.raises(CommandError, match="no version, tag or commit") as unknown:
        call_command("is_fixed", ticket.key, "--in", "9.9")
    assert unknown.value.returncode == 2


def test_a_field_team_asks_about_a_commit_of_a_release_only(way: Way, done: tuple[Ticket, Task]) -> None:
    ticket, _task = done
    release = way.world.published("1.1")
    browser = way.cast.client_of("olena")
    page = browser.get(f"/{ticket.key}/in?in={release.commit.sha[:10]}")
    assert "Yes: the fix" in page.content.decode()
    way.world.box.branch("hidden")
    hidden = way.commit("Not theirs to see")
    assert browser.get(f"/{ticket.key}/in?in={hidden}").status_code == 404
    assert browser.get(f"/is-fixed/?ticket={ticket.key}&in=1.1")["Location"].endswith("in=1.1")


def test_a_fix_without_commits_is_offered_on_somebodys_word(way: Way, drain: Drain) -> None:
    ticket = way.accept(way.report())
    way.finish(way.open_task(ticket))
    release = way.world.published("1.1")
    drain()
    assert not Offer.objects.exists()
    browser = way.cast.client_of("magnus")
    data = {"release": release.pk, "note": "A parameter in the build settings."}
    assert browser.post(f"/{ticket.key}/say-fixed", data).status_code == 302
    drain()
    assert Offer.objects.get().release == release
    assert Statement.objects.get().said_by == way.cast.magnus
    later = way.world.published("1.2")
    page = browser.get(f"/{ticket.key}/in?in={later.version}").content.decode()
    assert "Yes: the fix" in page
    assert "Magnus Berg says that 1.1 holds the fix" in page
    assert "said that 1.1 holds the fix" in browser.get(f"/{ticket.key}").content.decode()
