"""Every route × every role (and a visitor, and a foreign programme's user): what is not in the table fails here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.template.base import Template
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.urls import reverse

from foundation.accounts.api_access import area_of
from foundation.accounts.models import User
from foundation.accounts.rights import scopes_of_use
from foundation.kit import memory
from tests.asking import one_world, told_of_faults_only
from tests.cast import Cast
from tests.house.rights import PASSES, Role, Row, rows_by_room
from tests.house.routes import METHODS, Route, every_route

ROOMS = rows_by_room()
ROWS = [row for rows in ROOMS.values() for row in rows]
SIGN_IN = reverse("account_login")
ROUTES = {route.name: route for route in every_route()}
Restored = Callable[[], AbstractContextManager[None]]
HANDLER = ClientHandler(enforce_csrf_checks=False)


def test_every_route_has_a_name_of_its_own() -> None:
    named: dict[str, str] = {}
    for route in every_route():
        assert route.name.rpartition(":")[2], f"/{route.address} has no name; the rights table needs one."
        assert named.setdefault(route.name, route.address) == route.address, (
            f"{route.name} is the name of /{named[route.name]} and of /{route.address}."
        )


def test_every_route_has_a_row() -> None:
    rows = {(row.route, row.method) for row in ROWS}
    missing = [
        f"{name} {method} (/{route.address})"
        for name, route in ROUTES.items()
        for method in (route.methods() or ())
        if (name, method) not in rows
    ]
    missing += [
        f"{name} (/{route.address})"
        for name, route in ROUTES.items()
        if route.methods() is None and not any((name, method) in rows for method in METHODS)
    ]
    assert not missing, "No row in tests/house/rights/<app_label>.py for:\n" + "\n".join(missing)


def test_every_row_has_a_route() -> None:
    gone = sorted({row.route for row in ROWS} - ROUTES.keys())
    assert not gone, f"These rows tell of routes that are not there: {gone}"
    twice = {(r.route, r.method) for r in ROWS if sum((r.route, r.method) == (s.route, s.method) for s in ROWS) > 1}
    assert not twice, f"Two rows for the same route and method: {twice}"


@pytest.mark.parametrize("room", ROOMS)
@override_settings(ACCOUNT_RATE_LIMITS=False)  # so many sign-ins look like an attack
def test_every_caller_gets_what_the_table_says(room: str, cast: Cast) -> None:
    wrong: list[str] = []
    doors = Doors(cast)
    groups: dict[Callable[[Cast], Mapping[str, object]], list[Row]] = {}
    for row in ROOMS[room]:
        if row.route in ROUTES:  # else test_every_row_has_a_route tells of it
            groups.setdefault(row.kwargs, []).append(row)
    with told_of_faults_only(), one_world() as rolled_back:
        for named, rows in groups.items():
            # To make what the addresses name takes longer than to ask: it is made once, and found again as it was.
            with rolled_back():
                kwargs = named(cast)
                with one_world() as restored:
                    for row in rows:
                        wrong += walked(doors, row, kwargs, restored)
    assert not wrong, "\n".join(wrong)


def walked(doors: Doors, row: Row, kwargs: Mapping[str, object], restored: Restored) -> list[str]:
    """Ask one route by one method as every caller; give what is not as the row says."""
    route, wrong, rendered = ROUTES[row.route], [], False
    for who, client, expected in callers(doors, row, route):
        # Views decide who may pass. So each body is made for one who may, and the others are only answered.
        with restored(), nullcontext() if expected == PASSES and not rendered else unrendered(row.bodies):
            status = ask(client, row, kwargs, row.data(doors.cast), method=row.method)
        rendered = rendered or expected == PASSES
        if not fits(status, expected):
            wrong.append(f"{row.method} {row.route} as {who}: {status}, and not {expected or 'let through'}")
    return wrong + unguarded(doors, row, route, kwargs, restored)


class Doors:
    """Signs everybody in once: by a session for pages, by a token for the API."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.tokens: dict[int, str] = {}
        self.sessions: dict[int, str] = {}
        self.tablet = cast.device(cast.north)
        for user in {*(cast.user(role) for role in Role), cast.foreigner}:
            self.tokens[user.pk] = cast.token(user)
            # That a token was used is written down here, and then for an hour no more.
            Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {self.tokens[user.pk]}"})
            client = Client()
            client.force_login(user)
            self.sessions[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def client_of(self, user: User, route: Route) -> Client:
        """Give a new client that comes in as the user."""
        if route.is_api:
            return _client(headers={"Authorization": f"Bearer {self.tokens[user.pk]}"})
        client = _client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[user.pk]
        return client

    def device_of_north(self, route: Route) -> Client:
        """Give a new client that comes in as the tablet of the team North."""
        if route.is_api:
            return _client(headers={"Authorization": f"Bearer {self.tablet.secret}"})
        client = _client()
        client.cookies = self.cast.device_client(self.tablet).cookies
        return client


def _client(headers: Mapping[str, str] | None = None) -> Client:
    """Give a new client; none of the thousands loads the middleware for itself."""
    client = Client(headers=headers, raise_request_exception=False)
    client.handler = HANDLER
    return client


def lacks_scope(route: Route) -> bool:
    """Tell whether a device's token cannot write in the area of this route at all."""
    view = getattr(route.view, "cls", None)
    area = getattr(view, "area", "") or area_of(view.__module__) if view else ""
    return f"{area}:write" not in scopes_of_use(frozenset({Role.REPORTER}))


def callers(doors: Doors, row: Row, route: Route) -> Iterator[tuple[str, Client, int]]:
    """Give each kind of caller with what it is to get (PASSES: anything but a refusal)."""
    for role in Role:
        expected = 404 if role in row.hidden_from else PASSES if role in row.may else row.others
        yield f"a {role.label}", doors.client_of(doors.cast.user(role), route), expected
    reporter = 404 if Role.REPORTER in row.hidden_from else PASSES if Role.REPORTER in row.may else row.others
    told = reporter if row.device is None else row.device
    if route.address.startswith("account/"):  # where a device is a visitor: it has no account
        told = row.anonymous if row.anonymous is not None else 302
    elif told == 404 and route.is_api and row.method != "GET" and lacks_scope(route):
        told = 403
    yield "a device", doors.device_of_north(route), told
    at_home = PASSES if row.may else row.others  # the foreigner has every role, though elsewhere
    foreign = row.foreign if row.foreign is not None else 404 if row.names_a_thing else at_home
    yield "a user of a foreign programme", doors.client_of(doors.cast.foreigner, route), foreign
    anonymous = row.anonymous if row.anonymous is not None else 401 if route.is_api else 302
    yield "a visitor", _client(), anonymous


def ask(client: Client, row: Row, kwargs: Mapping[str, object], data: Mapping[str, object], *, method: str) -> int:
    """Give the status of the answer; a redirect that leads to the sign-in is 302, any other is 200."""
    url = reverse(row.route, kwargs=dict(kwargs))
    sent: dict[str, Any] = {"data": dict(data), "headers": dict(row.headers)}
    if method != "GET" and ((ROUTES[row.route].is_api and not row.multipart) or method != "POST"):
        sent["content_type"] = row.content_type or "application/json"
    response = getattr(client, method.lower())(url, **sent)
    if response.status_code in (301, 302, 303, 307):
        return 302 if response.headers["Location"].startswith(SIGN_IN) else 200
    return int(response.status_code)


def fits(status: int, expected: int) -> bool:
    """Tell whether the status is the expected one, or no refusal where the caller may."""
    return status < 300 or status in (304, 409, 422) if expected == PASSES else status == expected


def unguarded(doors: Doors, row: Row, route: Route, kwargs: Mapping[str, object], restored: Restored) -> list[str]:
    """Give the methods that the route answers although no row tells of them."""
    told = {other.method for other in ROWS if other.route == row.route}
    if row.method != min(told) or not route.is_ours:
        return []
    found = []
    for method in METHODS:
        if method not in told and not (method == "PUT" and route.puts_as_it_posts):
            with restored(), unrendered({}):
                status = ask(doors.client_of(doors.cast.user(Role.ADMIN), route), row, kwargs, {}, method=method)
            if status != 405:
                found.append(f"{method} {row.route} answers {status}: give it a row, or guard the view (405).")
    return found


@contextmanager
def unrendered(bodies: Mapping[str, object]) -> Iterator[None]:
    """Let every template, and what else makes the body, come out empty, and let nobody remember that."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(Template, "render", return_value=""))
        for name, empty in bodies.items():
            stack.enter_context(patch(name, return_value=empty))
        yield
    memory.forget()
