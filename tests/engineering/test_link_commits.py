"""How commits find their tasks: by message, branch, pull request and by hand; and when a link comes into doubt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from foundation.accounts.actors import SYSTEM
from releases.models import Commit, Repository
from rnd.engineering.actions import link_commit, move_task, open_task
from rnd.engineering.actions.link_pull_request import link_pull_request
from rnd.engineering.actions.suspect_links import suspect_links
from rnd.engineering.models import Task, TaskCommit
from rnd.engineering.naming import keys_of_branch, merged_branch, numbers_in
from tests.cast import Cast
from tests.releases.world import World, make_world

Drain = Callable[[], None]


@pytest.fixture
def world(transactional_db: None, cast: Cast, tmp_path: Path) -> World:
    return make_world(cast, tmp_path)


@pytest.fixture
def task(world: World) -> Task:
    cast = world.cast
    return open_task(actor=cast.actor("magnus"), component=cast.autopilot, title="Reject steps")


def strengths(task: Task) -> dict[str, str]:
    links = TaskCommit.objects.filter(task=task).select_related("commit")
    return {link.commit.subject: link.strength for link in links}


def doubts(task: Task) -> dict[str, str]:
    return {link.commit.subject: link.suspect for link in TaskCommit.objects.filter(task=task) if link.suspect}


@pytest.mark.parametrize(
    ("subject", "branch"),
    [
        ("Merge branch 'eng-34-steps'", "eng-34-steps"),
        ("Merge branch 'eng-34-steps' into main", "eng-34-steps"),
        ("Merge pull request #12 from kari/eng-34", "kari/eng-34"),
        ("Merge remote-tracking branch 'origin/eng-34'", "origin/eng-34"),
        ("Merge the two filters", ""),
    ],
)
def test_a_merge_names_its_branch(subject: str, branch: str) -> None:
    assert merged_branch(subject) == branch


def test_a_branch_names_its_task_by_key_or_by_the_repositorys_pattern() -> None:
    assert keys_of_branch("kari/eng-34-steps", "") == {"ENG-34"}
    assert keys_of_branch("FB-7", "") == {"FB-7"}
    assert keys_of_branch("feature/34_steps", "") == frozenset()
    assert keys_of_branch("feature/34_steps", r"^feature/(\d+)_") == {"ENG-34"}


def test_a_message_tells_its_pull_requests_by_the_repositorys_pattern() -> None:
    pattern = Repository._meta.get_field("pull_request_pattern").get_default()
    assert numbers_in("Reject steps (#12)", pattern) == {12}
    assert numbers_in("Merge pull request #7 from kari/x", pattern) == {7}
    assert numbers_in("Steps\nSee merge request team/project!9", pattern) == {9}
    assert numbers_in("See issue #12 for why", pattern) == frozenset()
    assert numbers_in("CR-45: steps", r"^CR-(\d+)") == {45}


@pytest.mark.django_db(transaction=True)
def test_commits_on_a_branch_with_the_key_are_linked_and_start_the_task(world: World, task: Task, drain: Drain) -> None:
    world.box.branch(f"{task.key.lower()}-steps")
    world.box.commit("A first try")
    world.fetch()
    drain()
    assert strengths(task) == {"A first try": "branch"}
    task.refresh_from_db()
    assert task.stage == "build"
    world.box.commit(f"A second try\n\nFixes: {task.key}")
    world.fetch()
    drain()
    assert strengths(task) == {"A first try": "branch", "A second try": "strong"}


@pytest.mark.django_db(transaction=True)
def test_a_merge_that_names_the_branch_brings_its_commits_though_they_were_here_before(
    world: World, task: Task, drain: Drain
) -> None:
    world.box.branch("steps")
    world.box.commit("Reject steps for real")
    world.fetch()
    drain()
    assert not strengths(task)
    world.box.git("checkout", "--quiet", "main")
    world.box.commit("Meanwhile")
    subject = f"Merge branch 'kari/{task.key.lower()}'"
    world.box.git("merge", "--no-ff", "--quiet", "-m", subject, "steps")
    world.fetch()
    drain()
    assert strengths(task) == {"Reject steps for real": "branch", subject: "branch"}


@pytest.mark.django_db(transaction=True)
def test_a_pull_request_links_what_is_here_and_what_will_come(world: World, task: Task, drain: Drain) -> None:
    world.box.commit("Reject steps (#12)")
    world.box.commit("Something else (#13)")
    world.fetch()
    link_pull_request(actor=world.cast.actor("magnus"), task=task, repository=world.repository, number=12)
    world.box.commit("Reject them better (#12)")
    world.fetch()
    drain()
    assert strengths(task) == {"Reject steps (#12)": "pull", "Reject them better (#12)": "pull"}


@pytest.mark.django_db(transaction=True)
def test_a_commit_dropped_by_a_forced_push_brings_its_link_into_doubt_until_somebody_confirms(
    world: World, task: Task, drain: Drain
) -> None:
    world.box.branch("work")
    world.box.commit(f"Lost\n\nFixes: {task.key}")
    world.fetch()
    world.box.git("reset", "--quiet", "--hard", "main")
    world.box.commit(f"Kept\n\nFixes: {task.key}")
    world.fetch()
    drain()
    assert doubts(task) == {"Lost": "dropped"}
    browser = world.cast.client_of("magnus")
    page = browser.get(f"/{task.key}").content.decode()
    assert "It still holds" in page
    lost = TaskCommit.objects.get(commit__subject="Lost").commit_id
    assert browser.post(f"/{task.key}/commits/{lost}/confirm").status_code == 302
    assert not doubts(task)
    assert "confirmed the link" in browser.get(f"/{task.key}").content.decode()


@pytest.mark.django_db(transaction=True)
def test_programs_list_the_links_in_doubt_and_say_which_hold(
    world: World, task: Task, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shas = [world.box.commit(f"{word}\n\nRefs: {task.key}") for word in ("One", "Two")]
    world.fetch()
    magnus = world.cast.actor("magnus")
    for commit in Commit.objects.filter(sha__in=shas):
        link_commit(actor=magnus, task=task, commit=commit)
    suspect_links(actor=SYSTEM, links=TaskCommit.objects.values_list("pk", flat=True), reason="reverted")
    api = world.cast.api_client_of("magnus", scopes=["tasks:write"])
    with django_assert_max_num_queries(6):
        found = api.get(f"/api/v1/suspect-links/?component=autopilot&task={task.key}").json()["results"]
    assert {(link["task"], link["sha"], link["suspect"]) for link in found} == {
        (task.key, sha, "reverted") for sha in shas
    }
    assert found[0]["reason"] == "the commit was taken back"
    assert api.get("/api/v1/suspect-links/?task=ENG-999").json()["results"] == []
    assert world.cast.api_client_of("olena").get("/api/v1/suspect-links/").json()["results"] == []
    verb = f"/api/v1/tasks/{task.key}/commits"
    held = api.post(f"{verb}/confirm/", {"sha": shas[0]}, content_type="application/json")
    assert held.status_code == 200, held.content
    api.post(f"{verb}/unlink/", {"sha": shas[1]}, content_type="application/json")
    assert api.get("/api/v1/suspect-links/").json()["results"] == []
    assert [link.commit.sha for link in TaskCommit.objects.select_related("commit")] == [shas[0]]


@pytest.mark.django_db(transaction=True)
def test_a_revert_or_a_task_taken_up_again_brings_links_into_doubt(world: World, task: Task, drain: Drain) -> None:
    magnus = world.cast.actor("magnus")
    sha = world.box.commit(f"Reject steps\n\nFixes: {task.key}")
    world.box.commit(f"More of it\n\nRefs: {task.key}")
    world.fetch()
    drain()
    world.box.commit(f'Revert "Reject steps"\n\nThis reverts commit {sha}.')
    world.fetch()
    drain()
    assert doubts(task) == {"Reject steps": "reverted"}
    for stage in ("done", "build"):
        task = move_task(actor=magnus, task=task, stage=stage)
    drain()
    assert doubts(task) == {"Reject steps": "reverted", "More of it": "reopened"}


@pytest.mark.django_db(transaction=True)
def test_linking_by_hand_searches_words_authors_and_pull_requests(world: World, task: Task) -> None:
    world.box.commit("Reject sudden steps (#12)\n\nThe barometer jumps.", author="Ola Dahl <ola@example.org>")
    world.fetch()
    browser = world.cast.client_of("magnus")
    for text in ("steps barometer", "ola reject", "#12", world.box.head()[:8]):
        found = browser.get(f"/{task.key}/commits", {"q": text}).content.decode()
        assert "Reject sudden steps" in found, text
    assert "Reject sudden" not in browser.get(f"/{task.key}/commits", {"q": "#1"}).content.decode()
    assert (
        browser.post(f"/{task.key}/pull-requests", {"repository": world.repository.pk, "number": 12}).status_code == 302
    )
    assert strengths(task) == {"Reject sudden steps (#12)": "pull"}


@pytest.mark.django_db(transaction=True)
def test_whether_a_commit_is_a_tasks_first_is_asked_once_a_fetch(world: World, task: Task, drain: Drain) -> None:
    for number in range(6):
        world.box.commit(f"Part {number}\n\nRefs: {task.key}")
    world.fetch()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        drain()
    exists = [
        q for q in queries.captured_queries if q["sql"].startswith('SELECT 1 AS "a" FROM "engineering_taskcommit"')
    ]
    assert len(exists) <= 2
    assert len(strengths(task)) == 6
