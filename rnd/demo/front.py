"""The front's part of the demo's year: faults are seen and reported, releases installed, verdicts given."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from foundation.accounts.actors import Actor
from frontline_feedback.actions import comment_ticket, give_verdict, report_ticket
from frontline_feedback.models import Offer, Ticket, Verdict
from releases.actions.report_installation import report_installation
from releases.models import Channel, Publication, Subscription
from rnd.demo.faults import CONDITIONS, FAULTS, FIXED, NOT_FIXED, Fault
from rnd.demo.people import PEOPLE, TEAMS

if TYPE_CHECKING:
    from rnd.demo.year import Year

FIELD_TEAMS: Final = tuple(team for team in TEAMS if team.kind == "field")
REPORTER_OF: Final = {person.team: person.username for person in PEOPLE}
REPORTS_A_DAY: Final = 0.34
OUTCOMES: Final = {"fixed": 84, "not_fixed": 9, "worse": 2, "could_not_test": 5}


class Front:
    """What the field teams do."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.rng = year.rng

    def plan_reports(self) -> None:
        """Spread the year's reports: a few a week, more in the cold months."""
        day = self.year.calendar.start + timedelta(days=2)
        while day < self.year.calendar.end:
            cold = 1.2 if day.month in (11, 12, 1, 2) else 0.9
            if self.rng.random() < REPORTS_A_DAY * cold:
                seen = day + timedelta(seconds=self.rng.randrange(86_400))
                self._plan_report(seen)
            day += timedelta(days=1)

    def _plan_report(self, seen: datetime) -> None:
        team = self.rng.choice(FIELD_TEAMS)
        faults = [f for f in FAULTS if self.year.world.products[f.component].plan.programme in team.programmes]
        fault = self.rng.choice(faults)

        def seen_in_the_field() -> None:
            # Transit: most reports come in within hours, some only when the team is back.
            self.year.calendar.after(timedelta(hours=2), lambda: self._report(team.slug, fault, seen), spread=1.3)

        self.year.calendar.plan(seen, seen_in_the_field)

    def _report(self, team_slug: str, fault: Fault, seen: datetime) -> None:
        world = self.year.world
        product = world.products[fault.component]
        platforms = [p for p in world.platforms.values() if p.programme_id == product.component.programme_id]
        platform = self.rng.choice(platforms)
        hardware = self.rng.choice(world.hardware[platform.slug])
        ticket = report_ticket(
            actor=world.actors[REPORTER_OF[team_slug]],
            team=world.teams[team_slug],
            platform=platform,
            component=product.component,
            hardware=hardware,
            title=fault.title,
            body=fault.body,
            conditions=self.rng.choice(CONDITIONS),
            severity=fault.severity,
            seen_at=seen,
            version_text=".".join(map(str, product.version)),
            language="uk",
            client_uuid=self.uuid(),
        )
        self.year.triage.plan(ticket, fault)

    def released(self, publication: Publication) -> None:
        """Let every team that receives the publication install it, each in its own time."""
        further = {Channel.LAB: ["lab"], Channel.PILOT: ["lab", "pilot"], Channel.FLEET: ["lab", "pilot", "fleet"]}
        subscriptions = Subscription.objects.filter(
            component=publication.release.component_id, channel__in=further[Channel(publication.channel)]
        )
        for subscription in subscriptions.select_related("team").order_by("team_id"):
            self.offered(subscription.team.slug, publication)

    def offered(self, team_slug: str, publication: Publication) -> None:
        """Let one team install what it is offered, in its own time."""
        install = partial(self._install, team_slug, publication)
        self.year.calendar.after(timedelta(days=2), install, spread=0.7)

    def _install(self, team_slug: str, publication: Publication) -> None:
        world = self.year.world
        release = publication.release
        release.refresh_from_db()
        if release.state != release.State.PUBLISHED:
            return
        platforms = [p for p in world.platforms.values() if p.programme_id == release.component.programme_id]
        hardware = world.hardware[platforms[hash_of(team_slug) % len(platforms)].slug][0]
        report_installation(
            actor=self.actor(team_slug),
            team=world.teams[team_slug],
            release=release,
            hardware=hardware,
            client_uuid=self.uuid(),
        )
        self.year.listen()
        for offer in Offer.objects.filter(
            ticket__team=world.teams[team_slug], release__component=release.component_id, installed_at__isnull=False
        ).select_related("ticket"):
            if not offer.ticket.verdicts.filter(release=offer.release_id, pass_number=offer.pass_number).exists():
                self.plan_verdict(offer)

    def plan_verdict(self, offer: Offer) -> None:
        """Let the team try the fix and say whether it works."""
        self.year.calendar.after(timedelta(days=1.5), lambda: self._judge(offer), spread=0.8)

    def _judge(self, offer: Offer) -> None:
        ticket = Ticket.objects.get(pk=offer.ticket_id)
        current = ticket.state == Ticket.State.ACCEPTED or ticket.canonical_id is not None
        if not current or ticket.pass_number != offer.pass_number or self._judged(ticket, offer):
            return
        outcome = self.rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        note = {"fixed": FIXED, "not_fixed": NOT_FIXED, "worse": NOT_FIXED}.get(outcome, ("Не було нагоди.",))
        give_verdict(
            actor=self.actor(ticket.team.slug),
            ticket=ticket,
            release=offer.release,
            outcome=outcome,
            note=self.rng.choice(note),
            client_uuid=self.uuid(),
        )
        if outcome == Verdict.Outcome.COULD_NOT_TEST:
            self.year.calendar.after(timedelta(days=4), lambda: self._judge(offer))
        elif outcome != Verdict.Outcome.FIXED and ticket.canonical_id is None:
            self.year.triage.plan_again(ticket)

    def _judged(self, ticket: Ticket, offer: Offer) -> bool:
        verdicts = ticket.verdicts.filter(pass_number=offer.pass_number)
        return verdicts.exclude(outcome=Verdict.Outcome.COULD_NOT_TEST).exists()

    def answer(self, ticket: Ticket, words: str) -> None:
        """Let the team answer a question below its ticket."""
        comment_ticket(actor=self.actor(ticket.team.slug), ticket=ticket, body=words, client_uuid=self.uuid())

    def uuid(self) -> UUID:
        """Give the next of the demo's own UUIDs: the same in every demo of the same day."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def actor(self, team_slug: str) -> Actor:
        """Give the reporter of a team."""
        return self.year.world.actors[REPORTER_OF[team_slug]]


def hash_of(text: str) -> int:
    """Give a small number for a name, the same in every process."""
    return sum(text.encode())
