"""The table of who may do what: each room registers its verbs here, and nothing that is not in it is allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise

from foundation.accounts.roles import Role

_table: dict[str, "Right"] = {}


@dataclass(frozen=True, slots=True)
class Right:
    """One row: `verb` ("ticket.accept"), the roles that may do it, and the scope a token needs for it.

    `words` say what it is, for people: after "may" and "may not" ("accept tickets").
    """

    verb: str
    roles: frozenset[Role]
    scope: str
    words: str | Promise = field(compare=False)


def register(rights: Mapping[str, frozenset[Role]], words: Mapping[str, str | Promise], *, scope: str = "") -> None:
    """Add a room's rights, with the words for each verb; called from its AppConfig.ready().

    `scope` names the area of the API that the verbs belong to ("feedback"): a token then needs
    "feedback:write" to do them, or "feedback:read" for verbs that end in ".see". Without it the area is
    the word before the verb's first dot. Raises ImproperlyConfigured where another room has the verb already
    with other roles, and where a verb has no words.
    """
    if unsaid := rights.keys() - words.keys():
        raise ImproperlyConfigured(
            f"There are no words for what {', '.join(sorted(unsaid))} allows. Add them to WORDS."
        )
    for verb, roles in rights.items():
        area = scope or verb.partition(".")[0]
        mode = "read" if verb.endswith(".see") else "write"
        right = Right(verb, frozenset(roles), f"{area}:{mode}", words[verb])
        if _table.setdefault(verb, right) != right:
            raise ImproperlyConfigured(f"The right {verb!r} is registered twice: {_table[verb]} and {right}.")


def table() -> Mapping[str, Right]:
    """Give every registered right by its verb (read-only)."""
    return MappingProxyType(_table)


def scopes() -> tuple[str, ...]:
    """Give every scope that a token can have, in alphabetical order: each area can be read and written.

    An area of which nothing can be written (no verb but ".see") has only ":read".
    """
    areas = {right.scope.partition(":")[0] for right in _table.values()}
    return tuple(sorted({f"{area}:read" for area in areas} | {right.scope for right in _table.values()}))


def scopes_of_use(roles: frozenset[Role]) -> tuple[str, ...]:
    """Give the scopes that mean anything to someone with these roles: what they may change, and all reading."""
    useful = {right.scope for right in _table.values() if right.roles & roles}
    return tuple(scope for scope in scopes() if scope.endswith(":read") or scope in useful)


def right_of(verb: str) -> Right:
    """Give the row of `verb`; raises ImproperlyConfigured for one that no room registered (a typing error)."""
    try:
        return _table[verb]
    except KeyError:
        raise ImproperlyConfigured(
            f"No room has registered the right {verb!r}. Add it to the RIGHTS of its policies.py."
        ) from None
