"""Which tasks a commit belongs to by where it came from: the branch it came by, the pull request it is part of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from releases.effects import History
from releases.git.trailers import Link, Strength, keys_in, read_message
from releases.models import Commit, Fetch, RefEvent, Repository

_MERGED: Final = re.compile(
    r"^Merge (?:remote-tracking )?branch(?:es)? '([^']{1,200})'|^Merge pull request #\d+ from (\S{1,200})"
)
_HEADS: Final = "refs/heads/"
_MOST_COMMITS: Final = 2000


@dataclass(frozen=True, slots=True)
class Source:
    """How a commit came: the keys in the names of its branches, and the numbers of its pull requests."""

    keys: frozenset[str]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Told:
    """What one commit tells of tasks: the branch that it merged, the keys and the pull requests that it names."""

    pk: int
    sha: str
    parents: Sequence[str]
    merged: str
    links: tuple[Link, ...]
    numbers: frozenset[int]


def merged_branch(subject: str) -> str:
    """Give the branch that a merge's subject names, without its owner; empty for any other subject."""
    match = _MERGED.match(subject)
    return (match[1] or match[2]) if match else ""


def keys_of_branch(name: str, pattern: str) -> frozenset[str]:
    """Give the keys in a branch's name: those that stand there, or the number that the repository's pattern finds."""
    if not pattern:
        return frozenset(keys_in(name))
    match = re.search(pattern, name)
    found = next((group for group in match.groups() if group), "") if match else ""
    return frozenset({f"ENG-{int(found)}"} if found.isascii() and found.isdigit() else keys_in(found))


def numbers_in(message: str, pattern: str) -> frozenset[int]:
    """Give the numbers of pull requests that a message tells, by the repository's pattern."""
    if not pattern:
        return frozenset()
    found = (group for match in re.finditer(pattern, message, re.MULTILINE) for group in match.groups())
    return frozenset(int(number) for number in found if number and number.isascii() and number.isdigit())


def as_links(source: Source) -> list[Link]:
    """Give the keys of branches in the form in which messages name keys."""
    parts = [key.rpartition("-") for key in sorted(source.keys)]
    return [Link(prefix, int(number), Strength.MENTION) for prefix, _dash, number in parts if len(number) < 19]


def read_commits(fetch: Fetch) -> list[Told]:
    """Give what the commits of a fetch tell, without their messages: a long history would fill the memory."""
    pattern = fetch.repository.pull_request_pattern
    rows = Commit.objects.filter(fetch=fetch).values_list("pk", "sha", "parents", "subject", "body")
    return [
        Told(
            pk,
            sha,
            parents,
            merged_branch(subject) if len(parents) > 1 else "",
            read_message(f"{subject}\n\n{body}").links,
            numbers_in(f"{subject}\n{body}", pattern),
        )
        for pk, sha, parents, subject, body in rows.iterator(chunk_size=2000)
    ]


def sources_of(fetch: Fetch, commits: Sequence[Told]) -> dict[int, Source]:
    """Give, by commit id, how the commits of a fetch came, and for merges also what they brought, old or new.

    The repository's whole graph is read only where a merge names a key or tells a number.
    """
    repository = fetch.repository
    keys: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, set[int]] = defaultdict(set)
    telling: dict[str, tuple[frozenset[str], frozenset[int]]] = {}
    for commit in commits:
        if commit.numbers:
            numbers[commit.sha] |= commit.numbers
        if len(commit.parents) > 1:
            named = keys_of_branch(commit.merged, repository.branch_pattern)
            if commit.numbers or named:
                telling[commit.sha] = (named, commit.numbers)
    for sha, found in _on_branches(fetch, commits).items():
        keys[sha] |= found
    for merge, brought in _brought(repository, telling).items():
        for sha in brought:
            keys[sha] |= telling[merge][0]
            numbers[sha] |= telling[merge][1]
    wanted = {sha for sha in keys.keys() | numbers.keys() if keys[sha] or numbers[sha]}
    ids = {commit.sha: commit.pk for commit in commits}
    ids |= dict(Commit.objects.filter(repository=repository, sha__in=wanted - ids.keys()).values_list("sha", "pk"))
    return {ids[sha]: Source(frozenset(keys[sha]), frozenset(numbers[sha])) for sha in wanted if sha in ids}


def _brought(repository: Repository, merges: Mapping[str, object]) -> dict[str, Sequence[str]]:
    """Give what each merge brought to its first parent, the merge itself among it."""
    if not merges:
        return {}
    graph = dict(Commit.objects.filter(repository=repository).values_list("sha", "parents"))
    history = History(graph)
    return {merge: history.brought(merge)[:_MOST_COMMITS] for merge in merges}


def _on_branches(fetch: Fetch, commits: Sequence[Told]) -> dict[str, frozenset[str]]:
    """Give, for the fetch's commits on branches whose names hold keys, those keys; not for what the default has."""
    repository = fetch.repository
    moved = RefEvent.objects.filter(fetch=fetch, ref__startswith=_HEADS).exclude(new="")
    tips = {event.ref.removeprefix(_HEADS): event.new for event in moved}
    named = {
        name: keys_of_branch(name, repository.branch_pattern) for name in tips if name != repository.default_branch
    }
    graph = {commit.sha: commit.parents for commit in commits}
    default = _reachable(graph, [tips.get(repository.default_branch, "")])
    found: dict[str, frozenset[str]] = {}
    for name, keys in named.items():
        for sha in _reachable(graph, [tips[name]]) - default if keys else ():
            found[sha] = found.get(sha, frozenset()) | keys
    return found


def _reachable(graph: Mapping[str, Sequence[str]], tips: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    stack = [tip for tip in tips if tip in graph]
    while stack:
        sha = stack.pop()
        if sha not in seen:
            seen.add(sha)
            stack += [parent for parent in graph[sha] if parent in graph and parent not in seen]
    return seen


def commits_of_pull_request(repository: Repository, number: int) -> list[Commit]:
    """Give the commits of the repository that tell this number, and what came with the merges among them."""
    near = Commit.objects.filter(
        Q(subject__contains=number) | Q(body__contains=number), repository=repository
    ).select_related("repository")
    telling = [
        commit
        for commit in near.order_by("pk")[:_MOST_COMMITS]
        if number in numbers_in(f"{commit.subject}\n{commit.body}", repository.pull_request_pattern)
    ]
    brought = _brought(repository, {commit.sha: () for commit in telling if len(commit.parents) > 1})
    more = {sha for found in brought.values() for sha in found} - {commit.sha for commit in telling}
    others = Commit.objects.filter(repository=repository, sha__in=more).select_related("repository")
    return [*telling, *others]
