"""The regular expressions by which a repository's tags, commits and branches are read."""

import re
from typing import Final

from django.utils.translation import gettext as _

from foundation.kit.errors import Invalid
from releases.versions import pattern_problem

LONGEST: Final = 200


def check_tag_pattern(pattern: str) -> str:
    """Give the pattern, if it can tell versions, or "". Raises Invalid `repository.tag_pattern_invalid`."""
    match pattern_problem(pattern) if pattern else "":
        case "syntax":
            message = _("“%(pattern)s” is not a regular expression. An example: ^v(.+)$")
        case "groups":
            message = _("“%(pattern)s” needs exactly one group, the version. An example: ^v(.+)$")
        case _nothing:
            return pattern
    raise Invalid("repository.tag_pattern_invalid", message % {"pattern": pattern}, field="tag_pattern")


def check_number_pattern(pattern: str, *, field: str) -> str:
    """Give the pattern, if it can tell numbers, or "". Raises Invalid `repository.pattern_invalid`."""
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError):
        groups = 0
    if pattern and (not groups or len(pattern) > LONGEST):
        raise Invalid(
            "repository.pattern_invalid",
            _("“%(pattern)s” is no regular expression with a group for the number, as in ^feature/(\\d+)_.")
            % {"pattern": pattern[:80]},
            field=field,
        )
    return pattern
