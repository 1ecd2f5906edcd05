"""Writes a release's notes from its tickets and tasks: by component and severity, each line with its keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from foundation.accounts.actors import SYSTEM
from frontline_feedback.models import Severity, Ticket
from releases.contents import corrections_in, newest_first
from releases.git.trailers import read_message
from releases.models import Commit, Relation, Release
from releases.news import new_in
from releases.notes import MAX_LINES, escape
from rnd.engineering.models import Task, TaskCommit
from rnd.loop.release_fixes import Fix, bringing

_SEVERITIES: Final = tuple(Severity.values)


def write_notes(release: Release, language: str) -> str:
    """Give the notes of `release` as Markdown, in the active language, which `language` names."""
    found = bringing(SYSTEM, release)
    parts = [f"# {escape(release.component.name)}"]
    by_severity: dict[str, list[Fix]] = defaultdict(list)
    for fix in found.fixes:
        by_severity[fix.ticket.severity].append(fix)
    for severity in _SEVERITIES:
        if by_severity[severity]:
            title = _("Fixed: %(severity)s") % {"severity": f"{severity} {Severity(severity).label}"}
            parts.append(_section(title, (_line(fix.ticket, fix.tasks, language) for fix in by_severity[severity])))
    back = [_line(fix.ticket, fix.tasks, language) for fix in found.not_fixed if fix.why]
    if back:
        parts.append(_section(_("Not fixed yet, though worked on"), back))
    parts += _work(release, {task.pk for fix in (*found.fixes, *found.not_fixed) for task in fix.tasks})
    return "\n\n".join(parts) if len(parts) > 1 else "\n\n".join([*parts, _("Nothing new.")])


def _section(title: str, lines: Iterable[str]) -> str:
    return f"## {title}\n\n" + "\n".join(lines)


def _line(ticket: Ticket, tasks: list[Task], language: str) -> str:
    """Give a line in the words of whoever wrote in this language: the ticket's team, or else the engineers."""
    title = ticket.title if ticket.language == language or not tasks else tasks[0].title
    return f"- {escape(title)} ({', '.join([ticket.key, *(task.key for task in tasks)])})"


def _work(release: Release, told: set[int]) -> list[str]:
    """Give the sections of what stands behind no ticket's fix: further tasks, what was taken back, other commits."""
    commits = list(newest_first(new_in(release)).defer("author", "author_email")[: MAX_LINES * 4])
    tasks: dict[int, list[Task]] = defaultdict(list)
    for link in TaskCommit.objects.filter(commit__in=commits).select_related("task").order_by("task_id"):
        tasks[link.commit_id].append(link.task)
    undone = {pk for pk, found in corrections_in(release, commits).items() if not found.holds}
    # What was brought and taken back since the last release is no news at all.
    within = Relation.objects.counting().filter(commit__in=commits, other__in=commits, kind=Relation.Kind.REVERTS)
    undone |= set(within.values_list("commit", flat=True))
    further = {task.pk: task for linked in tasks.values() for task in linked if task.pk not in told}
    taken, other = [], []
    for commit in commits:
        reading = read_message(f"{commit.subject}\n\n{commit.body}")
        if commit.pk in undone or (len(commit.parents) > 1 and not tasks[commit.pk]):
            continue
        keys = ", ".join(task.key for task in tasks[commit.pk]) or ", ".join(link.key for link in reading.links)
        line = f"- {escape(commit.subject)} ({keys})" if keys else f"- {escape(commit.subject)}"
        if _takes_back(commit):
            taken.append(line)
        elif not tasks[commit.pk]:
            other.append(line)
    work = [f"- {escape(task.title)} ({task.key})" for _pk, task in sorted(further.items())]
    sections = ((_("Worked on"), work), (_("Taken back"), taken), (_("Other changes"), _shortened(other)))
    return [_section(title, lines) for title, lines in sections if lines]


def _takes_back(commit: Commit) -> bool:
    reading = read_message(f"{commit.subject}\n\n{commit.body}")
    return bool(reading.is_revert or reading.reverts)


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= MAX_LINES:
        return lines
    return [*lines[:MAX_LINES], "", _("… and %(count)s further changes.") % {"count": len(lines) - MAX_LINES}]
