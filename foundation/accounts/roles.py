"""What a member of a team may be, and what kinds of team there are."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of a team may be; `policies.py` of each room says what that allows."""

    REPORTER = "reporter", _("reporter")
    TRIAGER = "triager", _("triager")
    ENGINEER = "engineer", _("engineer")
    RELEASE_MANAGER = "release_manager", _("release manager")
    MANAGER = "manager", _("manager")
    ADMIN = "admin", _("administrator")
    PARTNER = "partner", _("academic partner")


class TeamKind(models.TextChoices):
    """What a team does: it reports, it builds, or it studies."""

    FIELD = "field", _("field team")
    ENGINEERING = "engineering", _("engineering team")
    ACADEMIC = "academic", _("academic team")


# Academic partners see only the research API; everyone else sees the catalogue of the own programmes.
INSIDERS: Final = frozenset(Role) - {Role.PARTNER}
# These see all that happens in the programmes of their team, not only what their team reported.
PROGRAMME_WIDE: Final = INSIDERS - {Role.REPORTER}
EVERYONE: Final = frozenset(Role)
