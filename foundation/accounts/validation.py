"""What a language, a time zone and a set of scopes may be."""

from collections.abc import Iterable
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.accounts import rights
from foundation.kit.errors import Invalid


def check_language(language: str) -> str:
    """Give the language code back, or raise Invalid; "" means: what the browser asks for."""
    known = [code for code, _name in settings.LANGUAGES]
    if language and language not in known:
        raise Invalid(
            "accounts.language_unknown",
            _("There is no language “%(language)s”. There are: %(known)s.")
            % {"language": language, "known": ", ".join(known)},
            field="language",
        )
    return language


def check_time_zone(time_zone: str) -> str:
    """Give the time zone's name back, or raise Invalid; "" means: UTC."""
    if time_zone and time_zone not in available_timezones():
        raise Invalid(
            "accounts.time_zone_unknown",
            _("There is no time zone “%(time_zone)s”. Write one like Europe/Kyiv or Europe/Oslo.")
            % {"time_zone": time_zone},
            field="time_zone",
        )
    return time_zone


def check_scopes(scopes: Iterable[str]) -> list[str]:
    """Give the scopes sorted and without repetition, or raise Invalid for none and for unknown ones."""
    asked, known = set(scopes), rights.scopes()
    if not asked:
        raise Invalid(
            "accounts.scopes_missing",
            _("A token needs at least one scope. There are: %(known)s.") % {"known": ", ".join(known)},
            field="scopes",
        )
    if unknown := sorted(asked.difference(known)):
        raise Invalid(
            "accounts.scope_unknown",
            _("There is no scope “%(unknown)s”. There are: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(known)},
            field="scopes",
        )
    return sorted(asked)
