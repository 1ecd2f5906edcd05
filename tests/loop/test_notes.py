"""Notes that know tickets: by severity, each line with its keys, in the words of whoever wrote in the language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from frontline_feedback.models import Ticket
from releases.actions.approve_release import approve_release
from releases.actions.generate_notes import generate_notes
from releases.actions.propose_release import propose_release
from releases.actions.publish_release import publish_release
from releases.languages import notes_in
from rnd.engineering.models import Task
from tests.loop.conftest import Way

Drain = Callable[[], None]


@pytest.mark.django_db(transaction=True)
def test_notes_are_written_by_severity_with_ticket_and_task_once_the_links_are_known(
    way: Way,
    done: tuple[Ticket, Task],
    drain: Drain,
) -> None:
    ticket, task = done
    release = way.world.draft("1.1", "Tidy up", "Mistake")
    sha = way.world.box.head()
    drain()
    release.refresh_from_db()
    assert release.notes.splitlines()[:5] == [
        "# Autopilot",
        "",
        "## Fixed: S1 mission stop",
        "",
        f"- Height jumps in fog ({ticket.key}, {task.key})",
    ]
    assert "- Tidy up" in release.notes
    Ticket.objects.filter(pk=ticket.pk).update(language="uk", title="Висота стрибає в тумані")
    way.world.box.commit(f'Revert "Mistake"\n\nThis reverts commit {sha}.')
    for act, by in ((propose_release, "kari"), (approve_release, "henrik")):
        release = act(actor=way.cast.actor(by), release=release)
    publish_release(actor=way.cast.actor("kari"), release=release, channel="fleet")
    later = way.world.draft("1.2")
    release = generate_notes(actor=way.cast.actor("kari"), release=release)
    ukrainian = notes_in(release, "uk")
    assert not ukrainian.falls_back
    assert f"- Висота стрибає в тумані ({ticket.key}, {task.key})" in ukrainian.text
    drain()
    later.refresh_from_db()
    assert "Taken back" in later.notes
    assert "Tidy up" not in later.notes
