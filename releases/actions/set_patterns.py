"""Say how a repository's commits tell their pull requests, and its branches their tasks."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit.errors import Invalid
from releases.kinds import RepositoryPatternsSet
from releases.locking import locked_repository
from releases.models import Repository

LONGEST = 200


@transaction.atomic
def set_patterns(*, actor: Actor, repository: Repository, pull_request_pattern: str, branch_pattern: str) -> Repository:
    """Set both regular expressions; empty: no pull requests are read, and any key in a branch's name.

    What came before is not read again. Raises Invalid `repository.pattern_invalid`.
    """
    repository = locked_repository(repository)
    actor.require("repository.add", programme_id=repository.component.programme_id)
    values = {"pull_request_pattern": pull_request_pattern.strip(), "branch_pattern": branch_pattern.strip()}
    for name, pattern in values.items():
        _check(name, pattern)
    if all(getattr(repository, name) == value for name, value in values.items()):
        return repository
    for name, value in values.items():
        setattr(repository, name, value)
    repository.save(update_fields=list(values))
    record(RepositoryPatternsSet(**values), subject=repository, actor=actor)
    return repository


def _check(name: str, pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError):
        groups = 0
    if pattern and (not groups or len(pattern) > LONGEST):
        raise Invalid(
            "repository.pattern_invalid",
            _("“%(pattern)s” is no regular expression with a group for the number, as in ^feature/(\\d+)_.")
            % {"pattern": pattern[:80]},
            field=name,
        )
