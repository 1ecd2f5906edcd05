"""What the journal says about people, teams and tokens. No secret and no address is ever among it."""

from datetime import datetime

from foundation.journal.kinds import Payload


class UserAdded(Payload, kind="user.added"):
    """An account was made for a person."""

    username: str


class UserChanged(Payload, kind="user.changed"):
    """A person or an administrator changed the account's name, e-mail address, language or time zone."""

    fields: list[str]


class UserDeactivated(Payload, kind="user.deactivated"):
    """The account can no longer sign in, and its tokens open nothing."""


class UserReactivated(Payload, kind="user.reactivated"):
    """The account can sign in again."""


class PasswordSet(Payload, kind="user.password_set"):
    """A password was set: by its owner, or with a one-time link."""


class PasswordLinkMade(Payload, kind="user.password_link_made"):
    """An administrator made a one-time link by which the person sets a password."""


class MembershipAdded(Payload, kind="membership.added"):
    """A person became something in a team."""

    team_id: int
    role: str


class MembershipRemoved(Payload, kind="membership.removed"):
    """A person is it no longer."""

    team_id: int
    role: str


class TeamAdded(Payload, kind="team.added"):
    """A team was set up."""

    name: str
    team_kind: str


class TeamChanged(Payload, kind="team.changed"):
    """A team was renamed."""

    old_name: str
    name: str


class TokenCreated(Payload, kind="token.created"):
    """A person made a token for programs that act in their name."""

    user_id: int
    name: str
    scopes: list[str]
    expires_at: datetime


class TokenRevoked(Payload, kind="token.revoked"):
    """A token opens nothing any more."""

    user_id: int
    name: str


class EnrolmentCodeAdded(Payload, kind="team.enrolment_code_added"):
    """Somebody made a one-time code by which a device is enrolled for the team."""

    code_id: int
    name: str
    expires_at: datetime


class DeviceEnrolled(Payload, kind="device.enrolled"):
    """A phone or tablet became a device of the team, by a one-time code."""

    team_id: int
    name: str
    code_id: int


class DeviceRevoked(Payload, kind="device.revoked"):
    """A device acts for its team no longer."""

    team_id: int
    name: str
    reason: str
