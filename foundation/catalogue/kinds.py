"""What the journal says about the catalogue."""

from foundation.journal.kinds import Payload


class ProgrammeAdded(Payload, kind="programme.added"):
    """A programme was set up."""

    name: str
    time_zone: str


class ProgrammeChanged(Payload, kind="programme.changed"):
    """A programme has another name or time zone."""

    name: str
    time_zone: str


class TeamJoinedProgramme(Payload, kind="programme.team_joined"):
    """A team works in the programme, and sees it, from now on."""

    team_id: int


class TeamLeftProgramme(Payload, kind="programme.team_left"):
    """A team no longer works in the programme, and no longer sees it."""

    team_id: int


class PlatformAdded(Payload, kind="platform.added"):
    """A platform was added to a programme."""

    programme_id: int
    name: str


class PlatformChanged(Payload, kind="platform.changed"):
    """A platform has another name."""

    name: str


class ComponentAdded(Payload, kind="component.added"):
    """A component, that is a firmware product, was added to a programme."""

    programme_id: int
    name: str


class ComponentChanged(Payload, kind="component.changed"):
    """A component has another name."""

    name: str


class HardwareAdded(Payload, kind="hardware.added"):
    """A hardware revision was added to a platform."""

    platform_id: int
    name: str


class HardwareChanged(Payload, kind="hardware.changed"):
    """A hardware revision has another name."""

    name: str
