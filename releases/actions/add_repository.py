"""Register a git repository for a component."""

import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.saving import save_checked
from foundation.catalogue.models import Component
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict, Invalid
from releases.git.addresses import check_address
from releases.git.errors import GitRefused
from releases.kinds import RepositoryAdded
from releases.models import BUNDLE_ADDRESS, Repository
from releases.patterns import check_tag_pattern

_BY_BUNDLE: Final = re.compile(rf"{BUNDLE_ADDRESS}[\w.+-][\w./+-]{{0,200}}", re.ASCII)


@transaction.atomic
def add_repository(
    *,
    actor: Actor,
    component: Component,
    url: str,
    name: str = "",
    tag_pattern: str = "",
    local_path: Path | None = None,
) -> Repository:
    """Register the repository at `url`; the next poll brings its history in.

    `name` defaults to the last part of the address. `local_path` is a folder that an operator has named on
    the command line; pages and API never pass it. An address such as "bundle:radio" is a repository whose history
    is brought in files. Raises Invalid (`repository.address_refused`,
    `repository.tag_pattern_invalid`, `repository.taken`) and Conflict (`repository.registered`).
    """
    actor.require("repository.add", programme_id=component.programme_id)
    url = url.strip()
    pattern = check_tag_pattern(tag_pattern)
    roots = [*settings.FIELDLOOP_GIT_FILE_ROOTS, *([local_path] if local_path else [])]
    try:
        if not _BY_BUNDLE.fullmatch(url):
            check_address(url, protocols=settings.FIELDLOOP_GIT_PROTOCOLS, file_roots=map(Path, roots))
    except GitRefused as error:
        raise Invalid(error.code, _(error.template) % error.values, field="url") from error
    if Repository.objects.filter(component=component, url=url).exists():
        raise Conflict(
            "repository.registered",
            _("%(url)s is registered for %(component)s already.") % {"url": url, "component": component},
            field="url",
        )
    name = name.strip() or url.rstrip("/").removesuffix("/.git").removesuffix(".git").replace(":", "/").split("/")[-1]
    now = clock.now()
    repository = Repository(
        component=component,
        name=name,
        slug=_slug(name, component),
        url=url,
        local_path=str(local_path or ""),
        tag_pattern=pattern or Repository._meta.get_field("tag_pattern").default,
        added_at=now,
        next_fetch_at=now,
    )
    save_checked(repository, room="repository")
    record(RepositoryAdded(name=repository.name, component_id=component.pk), subject=repository, actor=actor)
    return repository


def _slug(name: str, component: Component) -> str:
    slug = slugify(name)[:60]
    # "add" is the address of the form.
    return slug if slug and slug != "add" else f"{component.slug}-{slug or 'repository'}"[:60]
