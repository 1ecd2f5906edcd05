"""Say which of a repository's tags are versions, and how its commits and branches tell their work."""

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.journal import record
from foundation.kit import clock
from releases.kinds import RepositoryPatternsSet
from releases.locking import locked_repository
from releases.models import Repository
from releases.patterns import check_number_pattern, check_tag_pattern


@transaction.atomic
def set_patterns(
    *, actor: Actor, repository: Repository, tag_pattern: str, pull_request_pattern: str, branch_pattern: str
) -> Repository:
    """Set the regular expressions; empty: every tag with a number is a version, no pull requests, any key in a branch.

    Tags are read again at once, and those that are versions by now become releases; a release stays what it is,
    whatever is made of its tag. Commits and branches that came before are not read again. Raises Invalid
    `repository.tag_pattern_invalid` and `repository.pattern_invalid`.
    """
    repository = locked_repository(repository)
    actor.require("repository.add", programme_id=repository.component.programme_id)
    values = {
        "tag_pattern": check_tag_pattern(tag_pattern.strip()) or Repository._meta.get_field("tag_pattern").default
    } | {
        name: check_number_pattern(pattern.strip(), field=name)
        for name, pattern in (("pull_request_pattern", pull_request_pattern), ("branch_pattern", branch_pattern))
    }
    if all(getattr(repository, name) == value for name, value in values.items()):
        return repository
    for name, value in values.items():
        setattr(repository, name, value)
    repository.next_fetch_at = clock.now()
    repository.save(update_fields=[*values, "next_fetch_at"])
    record(RepositoryPatternsSet(**values), subject=repository, actor=actor)
    return repository
