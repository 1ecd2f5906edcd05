"""Reports read from a copy of the database where there is one, and nothing else does."""

from __future__ import annotations

import pytest
from django.conf import settings

from foundation.kit.replicas import ReplicaRouter, reading_from_replica
from rnd.cycles.models import Loop


def test_reads_go_to_the_replica_inside_the_block_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    assert Loop.objects.all().db == "default"
    with reading_from_replica():
        assert Loop.objects.all().db == "replica"
        assert ReplicaRouter().db_for_write(Loop) == "default"
    assert Loop.objects.all().db == "default"


def test_without_a_replica_everything_stays_where_it_is() -> None:
    with reading_from_replica():
        assert Loop.objects.all().db == "default"


def test_tables_are_made_in_the_first_database_only() -> None:
    router = ReplicaRouter()
    assert router.allow_migrate("default", "cycles")
    assert not router.allow_migrate("replica", "cycles")
