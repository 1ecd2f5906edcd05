"""The engineers' part of the demo's year: tasks are opened, thought through, built, tested, now and then blocked."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from frontline_feedback.models import Ticket
from rnd.demo.faults import BLOCKED, NOISE, Fault
from rnd.demo.people import TEAM_OF
from rnd.engineering.actions import (
    assign_task,
    block_task,
    hand_over_task,
    link_commit,
    move_task,
    open_task,
    unblock_task,
)
from rnd.engineering.models import Task

if TYPE_CHECKING:
    from rnd.demo.year import Year


class Engineering:
    """What the engineers do, each on one thing after another."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.rng = year.rng

    def plan(self, ticket: Ticket, fault: Fault) -> None:
        """Take the ticket on once somebody is free."""
        days = {"S1": 0.7, "S2": 2.5, "S3": 6, "S4": 14}[ticket.severity]
        self.year.calendar.after(timedelta(days=days), lambda: self._open(ticket.pk, fault), office=True)

    def _open(self, ticket_pk: int, fault: Fault) -> None:
        ticket = Ticket.objects.get(pk=ticket_pk)
        if ticket.state != Ticket.State.ACCEPTED:
            return
        again = " (again)" if ticket.pass_number > 1 else ""
        for slug in filter(None, (fault.component, fault.also)):
            engineer = self.rng.choice(self.year.world.products[slug].plan.engineers)
            task = open_task(
                actor=self.year.world.actors[engineer],
                component=self.year.world.products[slug].component,
                title=fault.task + again if slug == fault.component else f"{fault.task}: the {slug} side",
                body=f"Seen by {ticket.team.name}. {fault.body}",
                ticket=ticket,
                client_uuid=self.year.front.uuid(),
            )
            self.year.calendar.after(timedelta(days=1), partial(self._start, task.pk, engineer), office=True)

    def _start(self, pk: int, engineer: str, *, handed: bool = False) -> None:
        actor, user = self.year.world.actors[engineer], self.year.world.users[engineer]
        task = assign_task(actor=actor, task=Task.objects.get(pk=pk), assignee=user)
        others = [] if handed else self._engineers_elsewhere(task, engineer)
        if others and self.rng.random() < 0.15:
            other = self.rng.choice(others)
            move_task(actor=actor, task=task, stage=Task.Stage.DESIGN)
            self.year.calendar.after(timedelta(days=0.8), lambda: self._hand_over(pk, engineer, other), office=True)
        elif self.rng.random() < 0.7:
            move_task(actor=actor, task=task, stage=Task.Stage.DESIGN)
            self._perhaps_block(pk, engineer)
            self.year.calendar.after(timedelta(days=1.6), lambda: self._commit(pk, engineer), office=True)
        else:
            self.year.calendar.after(timedelta(hours=3), lambda: self._commit(pk, engineer), office=True)

    def _engineers_elsewhere(self, task: Task, engineer: str) -> list[str]:
        """Give the engineers of other teams in the task's programme."""
        plans = [one.plan for one in self.year.world.products.values() if one.plan.programme == task.programme.slug]
        known = sorted({other for plan in plans for other in plan.engineers})
        return [other for other in known if TEAM_OF[other] != TEAM_OF[engineer]]

    def _hand_over(self, pk: int, engineer: str, other: str) -> None:
        """It turns out to be another team's: it waits there until somebody takes it."""
        team = self.year.world.teams[TEAM_OF[other]]
        hand_over_task(actor=self.year.world.actors[engineer], task=Task.objects.get(pk=pk), team=team)
        self.year.calendar.after(timedelta(days=1.3), lambda: self._start(pk, other, handed=True), office=True)

    def _perhaps_block(self, pk: int, engineer: str) -> None:
        if self.rng.random() < 0.18:
            actor = self.year.world.actors[engineer]
            block_task(actor=actor, task=Task.objects.get(pk=pk), reason=self.rng.choice(BLOCKED))
            self.year.calendar.after(timedelta(days=3), lambda: self._unblock(pk, engineer), office=True)

    def _unblock(self, pk: int, engineer: str) -> None:
        unblock_task(actor=self.year.world.actors[engineer], task=Task.objects.get(pk=pk))

    def _commit(self, pk: int, engineer: str) -> None:
        """Write one to three commits; the first one moves the task to build by itself, through the mirror."""
        task = Task.objects.select_related("component").get(pk=pk)
        if not task.is_open:
            return
        product = self.year.world.products[task.component.slug]
        who = {"author": self.year.world.users[engineer].display_name, "email": self.year.world.email(engineer)}
        if self.rng.random() < 0.4:
            product.workshop.commit(**who, at=self.year.calendar.now, message=self.rng.choice(NOISE))
        for part in range(self.rng.choice((1, 1, 2, 3))):
            message = self._message(task, part)
            product.workshop.commit(**who, at=self.year.calendar.now + timedelta(seconds=part), message=message)
        self.year.shipping.fetch(product)
        self._link_by_hand(task, product.workshop.head)
        self._perhaps_block(pk, engineer)
        self.year.calendar.after(timedelta(days=2.4), lambda: self._test(pk, engineer), office=True)

    def _message(self, task: Task, part: int) -> str:
        subject = task.title if part == 0 else f"{task.title}, part {part + 1}"
        ticket = task.tickets.order_by("pk").first()
        style = self.rng.random()
        if style < 0.55:
            return f"{subject}\n\nMeasured on the bench and in the chamber.\n\nFixes: {task.key}\n"
        if style < 0.75:
            return f"{subject}\n\nPart-of {task.key}\n\nMore to come.\n"
        if style < 0.9 or ticket is None:
            return f"{task.key.lower()}: {subject}\n"
        if style < 0.97:
            return f"{subject}\n\nRefs: {ticket.key}\n"
        return f"{subject}\n"

    def _link_by_hand(self, task: Task, sha: str) -> None:
        """Nobody named the task in the message: its engineer links the commit on the page."""
        if task.commit_links.exists():
            return
        product = self.year.world.products[task.component.slug]
        actor = self.year.world.actors[product.plan.engineers[0]]
        commit = product.repository.commits.select_related("repository__component").get(sha=sha)
        link_commit(actor=actor, task=task, commit=commit)
        if task.stage in (Task.Stage.QUEUE, Task.Stage.DESIGN):
            move_task(actor=actor, task=task, stage=Task.Stage.BUILD)

    def _test(self, pk: int, engineer: str) -> None:
        task = Task.objects.get(pk=pk)
        if task.stage != Task.Stage.BUILD or task.is_blocked:
            # Blocked, or its commit is not read yet: look again later.
            self.year.calendar.after(timedelta(days=1), lambda: self._test(pk, engineer), office=True)
            return
        move_task(actor=self.year.world.actors[engineer], task=task, stage=Task.Stage.TEST)
        self.year.calendar.after(timedelta(days=1.4), lambda: self._finish(pk, engineer), office=True)

    def _finish(self, pk: int, engineer: str) -> None:
        task, actor = Task.objects.get(pk=pk), self.year.world.actors[engineer]
        if self.rng.random() < 0.12:
            move_task(actor=actor, task=task, stage=Task.Stage.BUILD)
            self.year.calendar.after(timedelta(days=1.2), lambda: self._commit(pk, engineer), office=True)
            return
        move_task(actor=actor, task=task, stage=Task.Stage.DONE)
        self.year.listen()
