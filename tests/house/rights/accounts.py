"""Rows of people, teams and tokens."""

from foundation.accounts.models import ApiToken, Membership
from tests.house.rights import Cast, Role, Row, public

ADMIN = {Role.ADMIN}
KEEPERS = {Role.REPORTER, Role.MANAGER, Role.ADMIN}


def north(cast: Cast) -> dict[str, object]:
    return {"slug": cast.north.slug}


def olena(cast: Cast) -> dict[str, object]:
    return {"username": "olena"}


def membership(cast: Cast) -> dict[str, object]:
    return {"username": "olena", "pk": Membership.objects.get(user=cast.olena).pk}


def device(cast: Cast) -> dict[str, object]:
    return {"pk": cast.device(cast.north).device.pk}


def device_of_north(cast: Cast) -> dict[str, object]:
    return {"slug": "north", **device(cast)}


def token(cast: Cast) -> dict[str, object]:
    cast.token(cast.olena)
    return {"pk": ApiToken.objects.filter(user=cast.olena).latest("created").pk}


ROWS: list[Row] = [
    Row("accounts:settings"),
    Row("accounts:settings", "POST", data=lambda cast: {"name": "Somebody"}),
    Row("accounts:tokens"),
    Row("accounts:tokens", "POST", data=lambda cast: {"name": "x", "days": 7, "scopes": ["accounts:read"]}),
    # A token belongs to one person: nobody else knows it, not even an administrator.
    Row("accounts:token_revoke", "POST", kwargs=token, hidden_from=set(Role) - {Role.REPORTER}),
    Row("accounts:people", may=ADMIN),
    Row("accounts:person_add", may=ADMIN),
    Row("accounts:person_add", "POST", may=ADMIN),
    Row("accounts:person", kwargs=olena, may=ADMIN),
    Row("accounts:person", "POST", kwargs=olena, may=ADMIN, data=lambda cast: {"name": "Olena"}),
    Row("accounts:person_deactivate", "POST", kwargs=olena, may=ADMIN),
    Row("accounts:person_reactivate", "POST", kwargs=olena, may=ADMIN),
    Row("accounts:person_password_link", "POST", kwargs=olena, may=ADMIN),
    Row("accounts:membership_add", "POST", kwargs=olena, may=ADMIN),
    Row("accounts:membership_remove", "POST", kwargs=membership, may=ADMIN),
    Row("accounts:teams", may=ADMIN),
    Row("accounts:team_add", may=ADMIN),
    Row("accounts:team_add", "POST", may=ADMIN),
    Row("accounts:team", kwargs=north, may=ADMIN),
    Row("accounts:team", "POST", kwargs=north, may=ADMIN, data=lambda cast: {"name": "Far north"}),
    Row("accounts:devices", may=KEEPERS, device=403),
    Row("accounts:team_devices", kwargs=north, may=KEEPERS, device=403),
    Row("accounts:team_devices", "POST", kwargs=north, may=KEEPERS, device=403),
    Row("accounts:device_revoke", kwargs=device_of_north, may=KEEPERS, device=403),
    Row("accounts:device_revoke", "POST", kwargs=device_of_north, may=KEEPERS, device=403),
    public("accounts:enrol"),
    public("accounts:enrol", "POST"),
    Row("device-list", may=KEEPERS, foreign=0, device=403),
    Row("device-detail", kwargs=device, may=KEEPERS, device=403),
    Row("device-revoke", "POST", kwargs=device, may=KEEPERS, device=403, data=lambda cast: {"reason": "Lost"}),
    Row("device-codes", "POST", may=KEEPERS, device=403, data=lambda cast: {"team": "north", "name": "x"}),
    public("device-enrol", "POST", data=lambda cast: {"code": "K7QM-2XPD-9TRA"}),
    Row("me-list"),
    Row("team-list"),
    Row("team-detail", kwargs=north, hidden_from={Role.PARTNER}),
]
