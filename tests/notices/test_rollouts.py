"""A rollout that pauses tells those whom it names, in the app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from releases.rollouts.actions.pause_rollout import pause_rollout
from rnd.notices.models import Notice
from tests.cast import Cast
from tests.rollouts.world import make_world


@pytest.mark.django_db(transaction=True)
def test_those_named_find_a_notice_that_leads_to_the_rollout(cast: Cast, drain: Callable[[], object]) -> None:
    rollout = make_world(cast).start(tell=[cast.henrik, cast.kari])
    pause_rollout(actor=cast.actor("kari"), rollout=rollout, reason="A report comes in")
    drain()
    (notice,) = Notice.objects.filter(kind="rollout.paused")
    assert (notice.user, notice.url) == (cast.henrik, rollout.get_absolute_url())
    page = cast.client_of("henrik").get("/notices/").content.decode()
    assert str(rollout) in page
