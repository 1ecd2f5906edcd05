"""`lean.clock.wind` for many tickets at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnd.cycles.facts.columnar.reading import Numbers
from rnd.cycles.facts.vector.course import courses, stories
from rnd.cycles.facts.vector.entries import Entries
from rnd.cycles.facts.vector.flat import found_in
from rnd.cycles.facts.vector.loops import Loops, summed
from rnd.cycles.facts.vector.own import own_ways
from rnd.cycles.facts.vector.work import task_ways


class Tickets(NamedTuple):
    """What there is to know of tickets besides their entries; they are in order."""

    facets: Numbers  # by column: the first of `rows.NUMBERS`, up to the release
    severity: Numbers  # places in `rows.WORDS`


def wind(own: Entries, work: Entries, pairs: tuple[Numbers, Numbers], tickets: Tickets) -> tuple[Loops, Numbers]:
    """Give the loop of each of the tickets that was received, and the odd ones, of which the result says nothing.

    Odd are those that were ever merged, or say what nobody knows, or a task of theirs does. The entries are sorted, and
    perhaps of other tickets too. `pairs` are all tickets and their tasks, each task at its ticket's place.
    """
    told = task_ways(work)
    ticket, task = pairs[0], found_in(told.task, pairs[1])
    ticket, task = ticket[task >= 0], task[task >= 0]
    doubtful = np.intersect1d(ticket[told.odd[task]], tickets.facets[0])
    keep = np.isin(own.subject, np.setdiff1d(tickets.facets[0], doubtful))
    ways, strange = own_ways(own if keep.all() else own.taken(keep))
    place = ways.place_of(ticket)
    read = stories(ways, told, place[place >= 0], task[place >= 0])
    at = found_in(tickets.facets[0], ways.ticket)
    loops = summed(read, courses(read), tickets.facets[:, at], tickets.severity[at])
    return loops, np.concatenate([doubtful, strange])
