"""What the journal needs to know of people: it stands below the accounts, whose Actor fits all of this."""

from typing import Protocol

from django.http import HttpRequest


class ActorLike(Protocol):
    """What an entry keeps of whoever acts."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...


class Operator(ActorLike, Protocol):
    """Whoever asks for something that not everyone may."""

    def may(self, verb: str, /) -> bool: ...
    def require(self, verb: str, /) -> None: ...


class PageRequest(HttpRequest):
    """What a view receives: a request with its actor, put there by the accounts' middleware."""

    actor: Operator
