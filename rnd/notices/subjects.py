"""What entries are about, as far as this room tells others of them: which programme it belongs to, and its page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from foundation.journal.kinds import known_kinds
from foundation.journal.models import Entry
from frontline_feedback.models import Ticket
from releases.models import Release, Repository
from releases.rollouts.models import Rollout
from rnd.engineering.models import Task
from rnd.notices.models import Webhook


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that entries are about."""

    programme_id: int
    name: str
    url: str


_THROUGH: Final = {"release": "component", "repository": "component", "rollout": "release__component"}
# What has a programme, by the type its entries name it with. What stands in no programme is told to nobody.
_SOURCES: Final[dict[str, Any]] = {
    "release": Release,
    "repository": Repository,
    "rollout": Rollout,
    "task": Task,
    "ticket": Ticket,
    "webhook": Webhook,
}


def told_kinds() -> list[str]:
    """Give every kind that a webhook can be told, sorted."""
    about = {*_SOURCES, "installation"} - {"webhook"}  # an installation's entry is about its release
    return sorted(kind for kind in known_kinds() if kind.partition(".")[0] in about)


def subjects_of(entries: Iterable[Entry]) -> dict[tuple[str, int], Subject]:
    """Give what the entries are about, by (type, id); one query for each type among them."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.subject_type in _SOURCES:
            wanted[entry.subject_type].add(entry.subject_id)
    found = {}
    for subject_type, ids in wanted.items():
        model = _SOURCES[subject_type]
        through = _THROUGH.get(subject_type, "")
        for row in model.objects.filter(pk__in=ids).select_related(through or "programme"):
            owner = reduce(getattr, through.split("__"), row) if through else row
            found[subject_type, row.pk] = Subject(owner.programme_id, str(row), row.get_absolute_url())
    return found
