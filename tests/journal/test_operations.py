"""The operations page: what the readers are doing, and what a person may decide."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from foundation.journal import queries
from foundation.journal.actions import dismiss_parked, retry_halted, retry_parked
from foundation.journal.consumers import drain
from foundation.journal.kinds import ConsumerEntryDismissed, ConsumerRetried
from foundation.journal.models import Cursor, Entry, Parked
from foundation.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cast import Cast
from tests.journal.conftest import Listen
from tests.journal.things import LAMP, RADIO, note

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broken(listen: Listen) -> Callable[[], None]:
    """A consumer that cannot handle anything about the lamp; calling it mends it."""
    whole = [False]

    def handle(entry: Entry) -> None:
        if not whole[0] and entry.subject_id == LAMP.pk:
            raise RuntimeError("the lamp <is> out")

    listen("test.lamps", kinds=["thing.noted"])(handle)
    return lambda: whole.__setitem__(0, True)


@pytest.fixture
def admin(cast: Cast) -> Client:
    drain()
    return cast.client_of("arne")


def park_two() -> tuple[Parked, Parked]:
    note(LAMP), note(LAMP), note(RADIO)
    drain(strict=False)
    head, behind = Parked.objects.order_by("id")
    return head, behind


def test_the_page_shows_what_is_parked_with_its_error(admin: Client, broken: Callable[[], None]) -> None:
    park_two()
    page = admin.get("/operations/").content.decode()
    assert "test.lamps" in page
    assert "the lamp &lt;is&gt; out" in page
    assert "1 entry waits behind it." in page


def test_the_page_of_a_quiet_house_says_so(admin: Client) -> None:
    assert "Nothing is parked" in admin.get("/operations/").content.decode()


def test_the_page_costs_the_same_however_much_is_parked(
    admin: Client, broken: Callable[[], None], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    park_two()
    for _ in range(5):
        note(LAMP)
    drain(strict=False)
    with django_assert_max_num_queries(14):
        admin.get("/operations/")


def test_retry_from_the_page(admin: Client, broken: Callable[[], None]) -> None:
    head, _behind = park_two()
    broken()
    answer = admin.post(f"/operations/parked/{head.pk}/retry/", follow=True)
    assert f"Entry {head.entry_id} is tried again now." in answer.content.decode()
    drain()
    assert not Parked.objects.exists()


def test_dismiss_from_the_page(admin: Client, broken: Callable[[], None], cast: Cast) -> None:
    head, behind = park_two()
    broken()
    assert admin.post(f"/operations/parked/{head.pk}/dismiss/", {"reason": ""}).status_code == 422
    answer = admin.post(f"/operations/parked/{head.pk}/dismiss/", {"reason": "Done by hand"}, follow=True)
    assert f"Entry {head.entry_id} is dismissed." in answer.content.decode()
    told = Entry.objects.get(kind="consumer.entry_dismissed")
    assert told.payload == ConsumerEntryDismissed(
        entry_id=head.entry_id, entry_kind="thing.noted", about_type="thing", about_id=LAMP.pk, reason="Done by hand"
    )
    assert (told.subject, told.actor_id) == (("consumer", Cursor.objects.get(consumer="test.lamps").pk), cast.arne.pk)
    drain()
    assert not Parked.objects.filter(pk=behind.pk).exists(), "what waited behind it went on"


def test_a_retry_gives_all_attempts_again_and_is_told(broken: Callable[[], None], cast: Cast) -> None:
    head, _behind = park_two()
    Parked.objects.filter(pk=head.pk).update(attempts=7, retry_at=None)
    retry_parked(actor=cast.actor("arne"), parked_id=head.pk)
    drain(strict=False)
    head.refresh_from_db()
    assert head.attempts == 1
    assert Entry.objects.get(kind="consumer.retried").payload == ConsumerRetried(entry_id=head.entry_id)


def test_only_the_head_can_be_decided_about(broken: Callable[[], None], cast: Cast) -> None:
    _head, behind = park_two()
    with pytest.raises(Conflict, match="Decide about that one first"):
        retry_parked(actor=cast.actor("arne"), parked_id=behind.pk)
    with pytest.raises(NotFound):
        dismiss_parked(actor=cast.actor("arne"), parked_id=behind.pk + 1000, reason="Gone")


def test_nobody_but_an_administrator_decides(broken: Callable[[], None], cast: Cast) -> None:
    head, _behind = park_two()
    for name in ("olena", "magnus", "solveig"):
        with pytest.raises(Forbidden):
            retry_parked(actor=cast.actor(name), parked_id=head.pk)
        with pytest.raises(Forbidden):
            dismiss_parked(actor=cast.actor(name), parked_id=head.pk, reason="I say so")
        with pytest.raises(Forbidden):
            retry_halted(actor=cast.actor(name), consumer="test.lamps")
    with pytest.raises(Invalid):
        dismiss_parked(actor=cast.actor("arne"), parked_id=head.pk, reason="  ")


def test_a_halted_consumer_goes_on_when_told_to(listen: Listen, cast: Cast, admin: Client) -> None:
    fail = [True]

    def handle(entry: Entry) -> None:
        if fail[0]:
            raise RuntimeError("cannot seal")

    listen("test.halts", on_failure="halt", kinds=["thing.noted"])(handle)
    note()
    drain(strict=False)
    assert "test.halts has stopped" in admin.get("/operations/").content.decode()
    fail[0] = False
    admin.post("/operations/consumers/test.halts/retry/")
    drain()
    assert Cursor.objects.get(consumer="test.halts").handled == 1
    with pytest.raises(Conflict):
        retry_halted(actor=cast.actor("arne"), consumer="test.halts")
    with pytest.raises(NotFound):
        retry_halted(actor=cast.actor("arne"), consumer="test.nobody")


def test_the_lag_counts_what_a_consumer_has_still_to_read(listen: Listen) -> None:
    listen("test.all")(lambda entry: None)
    listen("test.moves", kinds=["thing.moved"])(lambda entry: None)
    for _ in range(3):
        note()
    assert (queries.lags()["test.all"], queries.lags()["test.moves"]) == (3, 0)
    drain()
    assert queries.lags()["test.all"] == 0
    note()
    assert queries.lags()["test.all"] == 1


def test_a_cursor_whose_consumer_is_gone_is_shown_as_such() -> None:
    Cursor.objects.create(consumer="test.former")
    assert {state.name: state.condition for state in queries.consumers()}["test.former"] == "removed"
