"""Which links a fetch brings into doubt: their commit was dropped from every branch and tag, or was taken back."""

from __future__ import annotations

from releases.models import Commit, Fetch, RefEvent, Relation
from releases.parts import tips_of
from rnd.engineering.models import TaskCommit

_MOVED = (RefEvent.Kind.FORCED, RefEvent.Kind.DELETED, RefEvent.Kind.MOVED)


def dropped(fetch: Fetch) -> list[int]:
    """Give the ids of links to commits that nothing leads to any more. Releases stay frozen and keep theirs.

    The graph is read only where a branch or tag was forced, moved off or deleted, and something is linked.
    """
    links = TaskCommit.objects.filter(commit__repository=fetch.repository_id, suspect="")
    forced = RefEvent.objects.filter(fetch=fetch, kind__in=_MOVED).exclude(kind="moved", ref__startswith="refs/heads/")
    if not forced.exists() or not links.exists():
        return []
    graph = dict(Commit.objects.filter(repository=fetch.repository_id).values_list("sha", "parents"))
    last = RefEvent.objects.filter(repository=fetch.repository_id).order_by("ref", "-pk").distinct("ref")
    tips = [new for new in last.values_list("new", flat=True) if new]
    # An annotated tag names its tag object; the commits of releases are known.
    tips += [sha for _release, sha in tips_of(fetch.repository)]
    seen: set[str] = set()
    stack = [tip for tip in tips if tip in graph]
    while stack:
        sha = stack.pop()
        if sha not in seen:
            seen.add(sha)
            stack += [parent for parent in graph[sha] if parent in graph]
    return [pk for pk, sha in links.values_list("pk", "commit__sha") if sha not in seen]


def reverted(fetch: Fetch) -> list[int]:
    """Give the ids of links to commits that a commit of this fetch takes back."""
    taken = Relation.objects.counting().filter(commit__fetch=fetch, kind=Relation.Kind.REVERTS).values("other")
    return list(TaskCommit.objects.filter(commit__in=taken, suspect="").values_list("pk", flat=True))
