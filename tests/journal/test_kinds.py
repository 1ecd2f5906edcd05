"""What may be said is declared once, and typed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from foundation.journal import kinds
from foundation.journal.kinds import Payload, UnknownKind, WrongPayload
from tests.journal.things import ThingMoved


class ThingMeasured(Payload, kind="thing.measured"):
    when: datetime
    device: UUID
    values: tuple[float, ...] = ()


def test_what_is_written_is_read_back_as_the_same_typed_value() -> None:
    measured = ThingMeasured(when=datetime(2026, 3, 1, 12, tzinfo=UTC), device=UUID(int=7), values=(1.5, 2.0))
    assert kinds.load("thing.measured", kinds.dump(measured)) == measured


def test_a_payload_is_strict_frozen_and_closed() -> None:
    with pytest.raises(ValidationError):
        ThingMoved(to=7)  # type: ignore[arg-type]  # what is refused
    with pytest.raises(ValidationError):
        ThingMoved(to="shelf", colour="red")  # type: ignore[call-arg]  # what is refused
    with pytest.raises(ValidationError):
        ThingMoved(to="shelf").to = "bin"


def test_a_kind_is_declared_by_one_class_only() -> None:
    with pytest.raises(ValueError, match=r"'thing\.moved' is declared twice"):

        class AnotherMove(Payload, kind="thing.moved"):
            pass


@pytest.mark.parametrize("kind", ["moved", "Thing.moved", "thing.Moved", "thing.moved.far", "thing moved"])
def test_a_kind_is_named_after_its_subject_and_what_happened(kind: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        type("Misnamed", (Payload,), {}, kind=kind)


def test_an_undeclared_kind_is_refused_with_a_hint_where_to_declare_it() -> None:
    with pytest.raises(UnknownKind, match=r"kinds\.py"):
        kinds.load("thing.vanished", {})


def test_a_class_without_a_kind_is_refused() -> None:
    class Common(Payload):
        pass

    with pytest.raises(UnknownKind):
        kinds.dump(Common())


def test_a_payload_that_went_around_its_own_checks_is_refused() -> None:
    with pytest.raises(WrongPayload):
        kinds.dump(ThingMoved.model_construct(to=object()))
    with pytest.raises(WrongPayload):
        kinds.dump(ThingMoved.model_construct())
    with pytest.raises(WrongPayload, match="takes a Payload, not dict"):
        kinds.dump({"to": "shelf"})  # type: ignore[arg-type]  # what is refused


def test_data_that_no_longer_fits_its_class_is_refused() -> None:
    with pytest.raises(WrongPayload):
        kinds.load("thing.moved", {"to": "shelf", "colour": "red"})
