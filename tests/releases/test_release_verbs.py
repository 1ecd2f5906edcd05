"""The way of a release: proposed, approved by somebody else, published channel by channel, withdrawn."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from foundation.accounts.actors import SYSTEM
from foundation.journal.models import Entry
from foundation.kit.errors import Conflict, Forbidden, Invalid
from releases.actions.add_repository import add_repository
from releases.actions.approve_release import approve_release
from releases.actions.draft_release import draft_release
from releases.actions.edit_notes import edit_notes
from releases.actions.generate_notes import generate_notes
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.actions.request_fetch import request_fetch
from releases.actions.withdraw_release import withdraw_release
from releases.models import Release, Repository
from tests.cast import Cast
from tests.releases.world import World

pytestmark = pytest.mark.django_db


def told(release: Release) -> list[str]:
    entries = Entry.objects.filter(subject_type="release", subject_id=release.pk).order_by("id")
    return [entry.kind for entry in entries]


def test_a_release_goes_from_draft_to_the_fleet_in_steps_that_the_journal_tells(world: World) -> None:
    kari, henrik = world.cast.actor("kari"), world.cast.actor("henrik")
    release = world.draft("1.1")
    release = propose_release(actor=world.cast.actor("magnus"), release=release)
    release = approve_release(actor=henrik, release=release)
    assert release.approved_by_id == henrik.id
    for channel in ("lab", "pilot", "fleet"):
        release = publish_release(actor=kari, release=release, channel=channel)
    assert release.state == "published"
    assert list(release.publications.order_by("at").values_list("channel", flat=True)) == ["lab", "pilot", "fleet"]
    assert told(release) == [
        "release.drafted", "release.proposed", "release.approved",
        "release.published", "release.published", "release.published",
    ]  # fmt: skip


def test_only_a_draft_is_proposed(world: World) -> None:
    release = world.candidate("1.1")
    with pytest.raises(Conflict, match="only a draft"):
        propose_release(actor=world.cast.actor("magnus"), release=release)


def test_the_proposer_may_not_approve(world: World) -> None:
    release = world.candidate("1.1")
    with pytest.raises(Forbidden, match="You proposed") as caught:
        approve_release(actor=world.cast.actor("kari"), release=release)
    assert caught.value.code == "release.own_approval"


def test_the_author_of_the_last_commit_may_not_approve(world: World) -> None:
    henrik = world.cast.henrik
    henrik.email = "KARI@example.org"
    henrik.save()
    release = world.candidate("1.1")
    with pytest.raises(Forbidden, match="You wrote"):
        approve_release(actor=world.cast.actor("henrik"), release=release)


def test_only_a_candidate_is_approved(world: World) -> None:
    with pytest.raises(Conflict, match="Propose it first"):
        approve_release(actor=world.cast.actor("henrik"), release=world.draft("1.1"))


def test_only_an_approved_release_is_published(world: World) -> None:
    with pytest.raises(Conflict) as caught:
        publish_release(actor=world.cast.actor("kari"), release=world.candidate("1.1"), channel="lab")
    assert caught.value.code == "release.not_approved"


def test_a_release_never_goes_back_to_a_channel_nearer_by(world: World) -> None:
    release = world.published("1.1", "pilot")
    for channel in ("lab", "pilot"):
        with pytest.raises(Conflict) as caught:
            publish_release(actor=world.cast.actor("kari"), release=release, channel=channel)
        assert caught.value.code == "release.out_already"
    with pytest.raises(Invalid, match="lab, pilot, fleet"):
        publish_release(actor=world.cast.actor("kari"), release=release, channel="moon")


def test_a_withdrawn_release_says_why_and_what_instead(world: World) -> None:
    bad, good = world.published("1.1"), world.published("1.2")
    kari = world.cast.actor("kari")
    with pytest.raises(Invalid) as caught:
        withdraw_release(actor=kari, release=bad, reason="  ")
    assert caught.value.field == "reason"
    bad = withdraw_release(actor=kari, release=bad, reason="Loses GNSS in rain.", replacement=good)
    assert (bad.state, bad.replacement_id) == ("withdrawn", good.pk)
    entry = Entry.objects.get(kind="release.withdrawn")
    assert entry.data == {"reason": "Loses GNSS in rain.", "replacement_id": good.pk}
    attempts: list[Callable[[], object]] = [
        lambda: withdraw_release(actor=kari, release=bad, reason="Again"),
        lambda: publish_release(actor=kari, release=bad, channel="fleet"),
        lambda: edit_notes(actor=kari, release=bad, notes="x"),
    ]
    for refused in attempts:
        with pytest.raises(Conflict):
            refused()


def test_a_replacement_is_another_published_release_of_the_component(world: World) -> None:
    bad, draft = world.published("1.1"), world.draft("1.2")
    for replacement in (bad, draft):
        with pytest.raises(Invalid) as caught:
            withdraw_release(actor=world.cast.actor("kari"), release=bad, reason="x", replacement=replacement)
        assert caught.value.code == "release.replacement_invalid"


def test_notes_can_be_written_and_generated_anew(world: World, settings: Settings) -> None:
    settings.NOTES_WRITER = ""  # this floor's own: it knows no tickets
    release = world.draft(
        "1.1", "One <b>\n\nCloses: FB-3", 'Revert "Two"\n\nThis reverts commit abcdef12345.', "ENG-4: three"
    )
    magnus = world.cast.actor("magnus")
    generated = release.notes
    assert generated == (
        '# Fixed\n\n- One \\<b\\> (FB-3)\n\n# Worked on\n\n- ENG-4: three\n\n# Taken back\n\n- Revert "Two"'
    )
    release = edit_notes(actor=magnus, release=release, notes="Mine\r\nown ")
    assert release.notes == "Mine\nown"
    edit_notes(actor=magnus, release=release, notes="Mine\nown")
    release = generate_notes(actor=magnus, release=release)
    assert release.notes == generated
    assert told(release).count("release.notes_edited") == 2
    with pytest.raises(Invalid, match="at most"):
        edit_notes(actor=magnus, release=release, notes="x" * 100_001)


@pytest.mark.parametrize("name", ["olena", "ingrid", "solveig", "liv", "roman"])
def test_who_has_no_part_in_releases_may_do_nothing_with_them(world: World, name: str) -> None:
    release, actor = world.candidate("1.1"), world.cast.actor(name)
    for refused in (
        lambda: propose_release(actor=actor, release=release),
        lambda: approve_release(actor=actor, release=release),
        lambda: publish_release(actor=actor, release=release, channel="lab"),
        lambda: withdraw_release(actor=actor, release=release, reason="x"),
        lambda: edit_notes(actor=actor, release=release, notes="x"),
        lambda: request_fetch(actor=actor, repository=world.repository),
        lambda: add_repository(actor=actor, component=world.cast.autopilot, url="https://a.example/x.git"),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_engineers_propose_and_do_not_approve(world: World) -> None:
    release = world.candidate("1.1")
    with pytest.raises(Forbidden):
        approve_release(actor=world.cast.actor("magnus"), release=release)
    with pytest.raises(Forbidden):
        draft_release(
            actor=world.cast.actor("kari"), repository=world.repository, version="9", tag="9", tag_object="x",
            commit=release.commit,
        )  # fmt: skip


def test_a_version_is_drafted_once(world: World) -> None:
    release = world.release("1.0")
    with pytest.raises(Conflict, match="already"):
        draft_release(
            actor=SYSTEM, repository=world.repository, version="1.0", tag="x", tag_object="x", commit=release.commit
        )


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"url": "http://a.example/x.git"}, "url", "repository.address_refused"),
        ({"url": "/etc"}, "url", "repository.address_refused"),
        ({"tag_pattern": "^v("}, "tag_pattern", "repository.tag_pattern_invalid"),
        ({"tag_pattern": "^v.*$"}, "tag_pattern", "repository.tag_pattern_invalid"),
        ({"name": "Autopilot firmware"}, "name", "repository.taken"),
    ],
)
def test_a_repository_that_cannot_be_is_refused_on_its_field(
    world: World, given: dict[str, str], field: str, code: str
) -> None:
    values = {"url": "https://git.example/team/other.git", **given}
    with pytest.raises(Invalid) as caught:
        add_repository(actor=world.cast.actor("kari"), component=world.cast.autopilot, **values)  # type: ignore[arg-type]  # values of any kind, to be refused
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_repository_is_registered_once_for_a_component_and_named_after_its_address(cast: Cast) -> None:
    kari = cast.actor("kari")
    for url, slug in [("https://git.example/team/Radio.git", "radio"), ("git@git.example:team/link", "link")]:
        assert add_repository(actor=kari, component=cast.radio, url=url).slug == slug
        with pytest.raises(Conflict, match="registered"):
            add_repository(actor=kari, component=cast.radio, url=url)


def test_asking_for_a_fetch_makes_the_repository_due(world: World) -> None:
    before = world.repository.next_fetch_at
    assert request_fetch(actor=world.cast.actor("magnus"), repository=world.repository).next_fetch_at < before


def test_the_poll_hands_out_each_due_repository_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from releases import tasks

    sent: list[int] = []
    monkeypatch.setattr(tasks.fetch, "delay", sent.append)
    Repository.objects.update(next_fetch_at=world.repository.added_at)
    tasks.poll_repositories()
    tasks.poll_repositories()
    assert sent == [world.repository.pk]


def test_the_task_fetches_and_leaves_a_failure_on_the_row(world: World) -> None:
    from releases import tasks

    world.box.commit("News")
    tasks.fetch(world.repository.pk)
    assert world.repository.fetches.count() == 2
    world.box.path.rename(world.box.path.with_name("gone"))
    tasks.fetch(world.repository.pk)
    world.repository.refresh_from_db()
    assert world.repository.failures == 1
