"""The clock: one source of time that the demo and the tests can move."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from foundation.kit import clock

MARCH = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_moved_clock_stands_still_and_is_put_back() -> None:
    with clock.at(MARCH) as moment:
        assert clock.now() == moment == MARCH
        with clock.at(MARCH + timedelta(days=1)):
            assert clock.now() == MARCH + timedelta(days=1)
        assert clock.now() == MARCH
    assert clock.now() != MARCH


def test_another_zone_is_turned_into_utc() -> None:
    kyiv = timezone(timedelta(hours=2))
    with clock.at(datetime(2026, 3, 4, 7, 6, 7, tzinfo=kyiv)):
        assert clock.now() == MARCH
        assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"), clock.at(datetime(2026, 3, 4)):
        pass


def test_an_error_inside_puts_the_clock_back() -> None:
    with pytest.raises(RuntimeError), clock.at(MARCH):
        raise RuntimeError
    assert clock.now() != MARCH
