"""The registry of what may be said in the journal: one pydantic class for each kind of entry.

A room declares its kinds in its own `kinds.py`, which is imported at start-up:

    class TicketAccepted(Payload, kind="ticket.accepted"):
        severity: str
"""

import re
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_payloads: Final[dict[str, type["Payload"]]] = {}


class UnknownKind(LookupError):
    """Nobody declared this kind: a typing error, or an entry of a room that is no longer installed."""


class WrongPayload(TypeError):
    """What was given is not a payload, or does not fit the class that declares its kind."""


class Payload(BaseModel):
    """What an entry of one kind says beside who, when and about what.

    Frozen, strict about types, without unknown fields. What is written once is read for ever: add fields
    only with a default, never rename or remove one, and declare a new kind where the meaning changes.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True)

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, *, kind: str = "", **config: Any) -> None:
        super().__init_subclass__(**config)
        cls.kind = kind
        if not kind:
            return  # a common base of several kinds; record() refuses it
        if _KIND.fullmatch(kind) is None:
            raise ValueError(f'{cls.__qualname__}: the kind {kind!r} is not "<subject>.<what happened>" in lower case.')
        known = _payloads.setdefault(kind, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(
                f"The kind {kind!r} is declared twice: by {known.__module__}.{known.__qualname__} "
                f"and by {cls.__module__}.{cls.__qualname__}. Each kind has one class."
            )
        _payloads[kind] = cls

    def sentence(self) -> str:
        """Say what happened as the rest of a sentence that begins with who did it, in the reader's language."""
        return self.kind

    @classmethod
    def __pydantic_init_subclass__(cls, *, kind: str = "", **config: Any) -> None:
        super().__pydantic_init_subclass__(**config)


def known_kinds() -> frozenset[str]:
    """Give every declared kind."""
    return frozenset(_payloads)


def payload_class(kind: str) -> type[Payload]:
    """Give the class that declares `kind`; raises UnknownKind."""
    try:
        return _payloads[kind]
    except KeyError:
        raise UnknownKind(
            f"No room declares the kind {kind!r}. Declare it in the room's kinds.py: "
            f'class SomeName(Payload, kind="{kind}").'
        ) from None


def dump(payload: Payload) -> dict[str, Any]:
    """Give the JSON object to be stored for `payload`, after proving that it can be read back.

    Raises UnknownKind for a class without a kind, WrongPayload for anything that does not fit its class.
    """
    if not isinstance(payload, Payload):
        raise WrongPayload(f"record() takes a Payload, not {type(payload).__qualname__}: {payload!r}.")
    if payload_class(payload.kind) is not type(payload):
        raise WrongPayload(f"{type(payload).__qualname__} is not the class that declares {payload.kind!r}.")
    try:
        data = payload.model_dump(mode="json", warnings="error")
    except ValueError as error:
        raise WrongPayload(f"{payload!r} does not fit {type(payload).__qualname__}: {error}") from error
    load(payload.kind, data)
    return data


def load(kind: str, data: dict[str, Any]) -> Payload:
    """Give the typed payload of a stored entry; raises UnknownKind or WrongPayload."""
    try:
        # JSON has no dates, tuples or UUIDs: what strictness refuses from callers must be read from strings here.
        return payload_class(kind).model_validate(data, strict=False)
    except ValidationError as error:
        raise WrongPayload(f"The data of kind {kind!r} does not fit its class: {error}") from error


class ConsumerRetried(Payload, kind="consumer.retried"):
    """A person had it tried again: one parked entry, or (null) the entry that a halted consumer stopped at."""

    entry_id: int | None

    def sentence(self) -> str:
        if self.entry_id is None:
            return _("let the consumer go on")
        return _("had entry %(entry)d tried again") % {"entry": self.entry_id}


class ConsumerEntryDismissed(Payload, kind="consumer.entry_dismissed"):
    """A person decided that this consumer shall never handle this entry."""

    entry_id: int
    entry_kind: str
    about_type: str
    about_id: int
    reason: str

    def sentence(self) -> str:
        return _("dismissed entry %(entry)d: %(reason)s") % {"entry": self.entry_id, "reason": self.reason}
