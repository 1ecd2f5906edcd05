"""The databases that Django is told of follow from their addresses and a few switches."""

from __future__ import annotations

from foundation.kit.databases import databases_of

PRIMARY = {"NAME": "fieldloop", "HOST": "a"}


def test_a_web_process_pools_and_a_worker_keeps_one_connection() -> None:
    pooled = databases_of(PRIMARY, None, pool=True, pooler=False, seconds=60)["default"]
    assert pooled["CONN_MAX_AGE"] == 0
    assert pooled["OPTIONS"]["pool"]["max_size"] == 16
    kept = databases_of(PRIMARY, None, pool=False, pooler=False, seconds=60)["default"]
    assert kept["CONN_MAX_AGE"] == 60
    assert "pool" not in kept["OPTIONS"]


def test_behind_a_pooler_no_option_is_passed_on() -> None:
    assert "OPTIONS" not in databases_of(PRIMARY, None, pool=False, pooler=True, seconds=60)["default"]


def test_a_copy_is_reached_as_the_primary_is_but_for_its_address() -> None:
    found = databases_of(PRIMARY, {"HOST": "b"}, pool=False, pooler=False, seconds=5)
    assert found["replica"] == {**found["default"], "HOST": "b", "TEST": {"MIRROR": "default"}}
    assert PRIMARY == {"NAME": "fieldloop", "HOST": "a"}
