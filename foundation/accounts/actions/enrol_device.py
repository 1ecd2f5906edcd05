"""Make a phone or tablet a device of its team, by a one-time code."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import enrolment
from foundation.accounts.actors import actor_of_device
from foundation.accounts.kinds import DeviceEnrolled
from foundation.accounts.models import Device, EnrolmentCode
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Invalid, TooMany
from foundation.kit.limits import seconds_left, within

MOST_A_MINUTE: Final = 20


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new device, and the secret by which it is known from now on; nobody can ever read that again."""

    device: Device
    secret: str


def enrol_device(*, code: str, address: str) -> Enrolled:
    """Enrol the device that sends `code`; the code is its right. `address`: where it asks from, for counting tries.

    Raises Invalid `device.code_unknown`, `device.code_used` or `device.code_expired`, TooMany `device.too_many`.
    """
    if not within(f"accounts.enrol.{address}", MOST_A_MINUTE):
        raise TooMany(
            "device.too_many",
            _("Too many codes were tried from here. Wait %(seconds)s seconds.") % {"seconds": seconds_left()},
            retry_after=seconds_left(),
        )
    return _enrol(code)


@transaction.atomic
def _enrol(code: str) -> Enrolled:
    found = EnrolmentCode.objects.select_for_update().filter(digest=enrolment.code_digest(code)).first()
    if found is None:
        raise _refused("unknown", _("No device is waiting for this code. Check each letter, or ask for a new one."))
    now = clock.now()
    if found.device_id is not None:
        raise _refused("used", _("This code was used before. It works once; ask for a new one."))
    if not found.is_open(now):
        raise _refused("expired", _("This code is too old. Ask for a new one."))
    secret = enrolment.new_secret()
    device = Device.objects.create(
        team_id=found.team_id,
        name=found.name,
        language=found.language,
        digest=enrolment.secret_digest(secret),
        enrolled_at=now,
        last_seen_at=now,
    )
    found.device = device
    found.save(update_fields=["device"])
    record(
        DeviceEnrolled(team_id=device.team_id, name=device.name, code_id=found.pk),
        subject=device,
        actor=actor_of_device(device),
        team_id=device.team_id,
    )
    return Enrolled(device, secret)


def _refused(why: str, message: str) -> Invalid:
    return Invalid(f"device.code_{why}", message, field="code")
