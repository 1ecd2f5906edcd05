"""Who may do what at which address: every route has its rows here, and test_rights.py walks them all.

A room's rows stand in `tests/house/rights/<app_label>.py`, in a list named ROWS:

    from tests.house.rights import EVERYONE, Cast, Role, Row

    def ticket(cast: Cast) -> dict[str, object]:      # kwargs of the address, made through the actions
        return {"key": cast.ticket().key}

    ROWS = [
        # A page that everyone signed in may open; a foreign programme's user sees an (empty) list: 200.
        Row("feedback:ticket_list"),
        # A thing: partners may not see it (404), nor a foreign programme's user (404 by default with kwargs).
        Row("feedback:ticket_page", kwargs=ticket, hidden_from={Role.PARTNER}),
        # A verb: two roles may, the other roles get 403, and the hidden ones 404.
        Row("feedback:ticket_reject", "POST", kwargs=ticket, may={Role.TRIAGER, Role.ADMIN},
            hidden_from={Role.PARTNER}, data=lambda cast: {"reason": "Not ours"}),
        # The API: the route's name as its router gives it. Without a token it answers 401 by itself.
        Row("api-ticket-accept", "POST", kwargs=ticket, may={Role.TRIAGER}, hidden_from={Role.PARTNER}),
    ]

Each row is walked as one user of each role in the cast's own programme, as a device of the team North (which gets
what a reporter gets, unless the row says otherwise), as a user who has *every* role in a foreign programme, and as a
visitor. "May" means that the answer is no refusal: 2xx, a redirect that does not lead to
the sign-in, 409 or 422 all count, so `data` needs to be well formed (400 fails) but the state need not fit.
Each request is rolled back. A method without a row must answer 405: guard views with `require_safe`,
`require_POST` or `require_http_methods`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from foundation.accounts.models import Role
from tests.cast import Cast

__all__ = ["EVERYONE", "NOBODY", "Cast", "Role", "Row", "public", "rows_by_room"]

EVERYONE: Final = frozenset(Role)
NOBODY: Final[frozenset[Role]] = frozenset()
PASSES: Final = 0


def _nothing(cast: Cast) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Row:
    """One method of one route, and what each kind of caller gets."""

    route: str
    method: str = "GET"
    may: Collection[Role] = EVERYONE
    others: int = 403
    hidden_from: Collection[Role] = NOBODY
    # None: 404 where the address names a thing, and otherwise what the roles of the own programme get.
    foreign: int | None = None
    # None: to the sign-in page; 401 from the API. PASSES (0): a visitor may.
    anonymous: int | None = None
    kwargs: Callable[[Cast], Mapping[str, object]] = _nothing
    data: Callable[[Cast], Mapping[str, object]] = _nothing
    # A device of the team North. None: what its reporters get.
    device: int | None = None
    # For forms with files, and for callbacks that are not JSON.
    headers: Mapping[str, str] = field(default_factory=dict)
    # Files are sent, so that the API is asked with a multipart form instead of JSON.
    multipart: bool = False
    # Of what the API is sent, where that is neither JSON nor a form.
    content_type: str = ""
    # Functions that make the body once the view has decided who may pass, and what each gives where nobody reads it.
    bodies: Mapping[str, object] = field(default_factory=dict)

    @property
    def names_a_thing(self) -> bool:
        """Tell whether the address has parts that name one thing."""
        return self.kwargs is not _nothing


def public(route: str, method: str = "GET", **more: object) -> Row:
    """Give a row of an address that visitors may use as well."""
    return Row(route, method, foreign=PASSES, anonymous=PASSES, **more)  # type: ignore[arg-type]  # passed on as given


def rows_by_room() -> dict[str, list[Row]]:
    """Give the ROWS of every module beside this one, by the module's name."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: list(importlib.import_module(f"{__name__}.{name}").ROWS) for name in modules}
