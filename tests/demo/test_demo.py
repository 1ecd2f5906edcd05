"""The demo is played by the product itself: the same year each time, adding up like any other year."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from foundation.accounts.models import User
from foundation.catalogue.models import Programme
from foundation.journal.consumers import drain
from foundation.journal.models import Entry, Parked
from frontline_feedback.models import Offer, Ticket, Verdict
from releases.models import Commit, Release
from releases.rollouts.models import Rollout
from rnd.cycles.models import Baseline, LevelWatcher, Loop, SavedReport, ServiceLevel, TaskPart
from rnd.cycles.models.work import HANDED
from rnd.demo import sign_ins
from rnd.demo.people import PASSWORD
from rnd.demo.year import Year

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)
END = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = 3_600_000_000  # in microseconds


def play(folder: Path, *, weeks: int = 10) -> str:
    """Play some weeks; gives a digest of everything that the journal says, and of git's own hashes."""
    Year(end=END, folder=folder, length=timedelta(weeks=weeks)).play(lambda _now: None)
    drain()
    told = [
        (e.kind, e.subject_type, e.subject_id, str(e.occurred_at), str(e.recorded_at), e.actor_name, e.data)
        for e in Entry.objects.order_by("id")
        if e.subject_type != "repository"  # its address is the folder's
    ]
    hashes = sorted(Commit.objects.values_list("sha", flat=True))
    return hashlib.sha256(json.dumps([told, hashes], sort_keys=True).encode()).hexdigest()


def test_ten_weeks_add_up(tmp_path: Path) -> None:
    play(tmp_path)
    assert not Parked.objects.exists()
    assert Ticket.objects.count() > 20
    assert Release.objects.filter(state="published").count() >= 5
    assert Offer.objects.filter(installed_at__isnull=False).exists()
    assert Verdict.objects.filter(outcome="fixed").exists()
    assert Loop.objects.count() == Ticket.objects.count()
    assert Rollout.objects.filter(teams__answer="installed").exists()
    assert Baseline.objects.count() == Programme.objects.count()
    promised = ServiceLevel.objects.filter(severity="S1", programme__slug="nordlys").order_by("id")
    assert [level.days for level in promised] == [75, 60]
    assert set(LevelWatcher.objects.values_list("user__username", flat=True)) == {"ingrid", "kari"}
    assert SavedReport.objects.get().shared
    parts = TaskPart.objects.all()
    assert parts.filter(kind=HANDED, us__gt=HOUR).exists()
    assert not parts.filter(kind__in=["design", "build", "test"], team_id=0).exists()


def test_the_same_weeks_are_played_the_same_each_time(tmp_path: Path) -> None:
    first = play(tmp_path / "first", weeks=3)
    call_command("flush", interactive=False, reset_sequences=True, verbosity=0)
    assert play(tmp_path / "second", weeks=3) == first


def test_the_demo_is_for_an_empty_house(settings: Settings) -> None:
    settings.DEBUG = True
    User.objects.create_user("somebody")
    said = io.StringIO()
    call_command("load_demo", stdout=said)
    assert "Nothing was changed" in said.getvalue()
    assert not Ticket.objects.exists()


def test_a_date_that_is_none_is_refused(settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="2026-11-22"):
        call_command("load_demo", until="tomorrow")


def test_everybody_who_can_sign_in_is_named_with_their_role() -> None:
    rows = sign_ins()
    assert {row[0] for row in rows} >= {"olena", "ingrid", "magnus", "kari", "henrik", "solveig", "arne"}
    assert {row[1] for row in rows} == {PASSWORD}
