"""The traceability matrix: every way from a ticket to a verdict, as page, CSV and XLSX; and the next release."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from foundation.kit.errors import Conflict, Invalid
from frontline_feedback.actions import give_verdict
from frontline_feedback.models import Ticket
from releases.actions.cut_release import check_tag
from releases.models import Release
from rnd.engineering.models import Task
from rnd.loop.matrix import Filters, all_rows
from tests.loop.conftest import Way

pytestmark = pytest.mark.django_db(transaction=True)
Drain = Callable[[], None]


@pytest.fixture
def closed(way: Way, done: tuple[Ticket, Task], drain: Drain) -> Ticket:
    """A ticket that went the whole way; beside it one without a task, whose title would be a formula."""
    ticket, _task = done
    release = way.world.published("1.1")
    way.world.published("1.2")
    way.install(release)
    drain()
    give_verdict(actor=way.cast.actor("olena"), ticket=ticket, release=release, outcome="fixed")
    other = way.report()
    Ticket.objects.filter(pk=other.pk).update(title='=HYPERLINK("http://x","y")')
    return ticket


def test_the_rows_go_from_the_ticket_to_the_verdict(way: Way, closed: Ticket) -> None:
    rows = list(all_rows(way.cast.actor("magnus"), Filters()))
    whole = [row for row in rows if row.ticket == closed]
    assert [(row.release and row.release.version, row.gap) for row in whole] == [("1.1", "")]
    assert whole[0].verdict is not None
    assert whole[0].installation is not None
    assert whole[0].strength == "strong"
    assert [row.gap for row in rows if row.ticket != closed] == ["task"]
    assert [row.ticket for row in all_rows(way.cast.actor("magnus"), Filters(gap="task"))] != [closed]
    assert not list(all_rows(way.cast.actor("magnus"), Filters(version="1.2")))
    assert not list(all_rows(way.cast.actor("sigrid"), Filters())), "another programme's"
    own = list(all_rows(way.cast.actor("olena"), Filters()))
    assert {row.task for row in own} == {None}, "a field team sees no tasks"


def test_the_page_is_narrowed_and_asks_no_more_for_more_rows(
    way: Way, closed: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = way.cast.client_of("magnus")
    for _number in range(4):
        way.report()
    with django_assert_max_num_queries(30):
        page = browser.get("/traceability/").content.decode()
    assert closed.key in page
    assert closed.key not in browser.get("/traceability/?gap=task").content.decode().split("<tbody>")[1]
    assert browser.get("/traceability/?severity=S9").status_code == 422


def test_no_cell_of_the_csv_or_the_workbook_is_a_formula(way: Way, closed: Ticket) -> None:
    browser = way.cast.client_of("magnus")
    response = browser.get("/traceability/matrix.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it is streamed
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 3
    assert "'=HYPERLINK" in text
    assert {len(row) for row in rows} == {16}
    response = browser.get("/traceability/matrix.xlsx?gap=task")
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # it is streamed
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet
    assert closed.key not in sheet
    assert browser.get("/traceability/matrix.pdf").status_code == 404


def test_the_next_release_shows_what_is_ready_and_prints_the_commands(
    way: Way, done: tuple[Ticket, Task], drain: Drain, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ticket, task = done
    other = way.open_task(way.accept(way.report()))
    way.commit(f"Half of it\n\nRefs: {other.key}")
    drain()
    browser = way.cast.client_of("kari")
    with django_assert_max_num_queries(30):
        page = browser.get("/next-release/autopilot/").content.decode()
    assert "2 new commits on main since 1.0" in page
    ready, unfinished = page.index("Ready"), page.index("Not finished")
    assert ready < page.index(task.key) < unfinished < page.index(other.key)
    assert ticket.key in page
    assert 'value="v1.1"' in page
    sha = way.world.box.head()
    form = {"repository": way.world.repository.slug, "sha": sha, "tag": "v1.1"}
    page = browser.post("/next-release/autopilot/", form).content.decode()
    assert f"git tag --annotate v1.1 --message &#x27;Autopilot 1.1&#x27; {sha}" in page
    assert "git push origin refs/tags/v1.1" in page
    assert browser.post("/next-release/autopilot/", form | {"sha": "0" * 40}).status_code == 409
    assert browser.post("/next-release/autopilot/", form | {"tag": "v1.0"}).status_code == 409
    for bad in ("--delete", "v1.1; rm -rf /", "v1..2", "$(x)1", "no number"):
        with pytest.raises(Invalid):
            check_tag(way.world.repository, bad)


def test_a_release_is_cut_from_the_page_where_the_operator_allows_pushing(
    way: Way, done: tuple[Ticket, Task], settings: Settings
) -> None:
    sha = way.world.box.head()
    form = {"repository": way.world.repository.slug, "sha": sha, "tag": "v1.1", "push": "1"}
    browser = way.cast.client_of("kari")
    browser.post("/next-release/autopilot/", form)
    assert not way.world.box.git("tag", "--list", "v1.1"), "not allowed"
    settings.FIELDLOOP_GIT_PUSH = True
    way.world.box.git("config", "receive.denyCurrentBranch", "ignore")
    response = browser.post("/next-release/autopilot/", form)
    assert response.status_code == 302, re.sub(r"\s+", " ", response.content.decode())[-1500:]
    assert way.world.box.git("rev-parse", "v1.1^{commit}") == sha
    assert "Kari Lund" in way.world.box.git("tag", "--list", "--format=%(taggername)", "v1.1")
    way.world.fetch()
    assert Release.objects.get(version="1.1").commit.sha == sha
    with pytest.raises(Conflict):
        check_tag(way.world.repository, "v1.1")
