"""Finding tickets by what they say: inflected words first, and words that merely resemble where there are none.

Reports are Ukrainian, English and Norwegian, often mixed, so words are kept as written and looked for by their
beginnings: "супутниками" finds "супутник". PostgreSQL ships no dictionary for Ukrainian.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db.models import Q, QuerySet

from frontline_feedback.keys import pk_of
from frontline_feedback.models import Ticket
from frontline_feedback.querysets import TicketQuerySet

# A LIMIT keeps PostgreSQL from walking all tickets in the order of the list and reading each for the words.
FENCE: Final = 10**9
# Of many that have the words, the newest are compared by how much they resemble.
COMPARED: Final = 300
_WORD: Final = re.compile(r"\w+")
# Shorter beginnings mean too many words.
_SHORTEST: Final = 4


def stem(word: str) -> str:
    """Give the beginning that inflected forms of the word share: seven tenths of it, at least four letters."""
    if any(letter.isdigit() for letter in word):
        return word
    return word[: max(_SHORTEST, math.ceil(len(word) * 0.7))]


def matching(tickets: TicketQuerySet[Ticket], text: str) -> TicketQuerySet[Ticket]:
    """Keep the tickets that a searcher means by `text`: a key, words that begin alike, else a similar title.

    Asks the database once whether the words are there at all.
    """
    text = tidy(text)
    if not text:
        return tickets
    found = tickets.filter(pk__in=_with_words(text))
    if found.exists():
        return found
    return tickets.filter(pk__in=Ticket.objects.filter(title__trigram_word_similar=text).values("pk")[:FENCE])


def resembling(tickets: TicketQuerySet[Ticket], title: str) -> TicketQuerySet[Ticket]:
    """Give the tickets whose title resembles `title`, the likeliest first. Asks the database for those to compare."""
    # Short words (in, the, på, не) are in every other title.
    text = " ".join(word for word in _WORD.findall(tidy(title)) if len(word) >= _SHORTEST) or tidy(title)
    # No fence: most have one of the words, and the newest of them are found at once by walking from the end.
    return newest_by_likeness(tickets.filter(_has_words(text, every=False)), title)


def newest_by_likeness(tickets: TicketQuerySet[Ticket], title: str) -> TicketQuerySet[Ticket]:
    """Give the newest of the tickets, ordered by how much their title resembles `title`; asks the database for them."""
    newest = list(tickets.order_by("-pk").values_list("pk", flat=True)[:COMPARED])
    return Ticket.objects.filter(pk__in=newest).order_by(TrigramSimilarity("title", title).desc(), "-pk")


def tidy(text: str) -> str:
    """Give the text on one line, without what PostgreSQL cannot hold."""
    return " ".join(text.replace("\0", " ").split())


def _with_words(text: str) -> QuerySet[Any, Any]:
    """Give the ids of the tickets that have every word of the text, or its key."""
    return Ticket.objects.filter(_has_words(text, every=True)).values("pk")[:FENCE]


def _has_words(text: str, *, every: bool) -> Q:
    """Give the condition that a ticket has every word of the text (or one of them), or its key."""
    found = Q(words=SearchQuery(text, config="simple", search_type="websearch"))
    beginnings = [f"'{stem(word)}':*" for word in _WORD.findall(text)]
    if beginnings:
        joined = (" & " if every else " | ").join(beginnings)
        found |= Q(words=SearchQuery(joined, config="simple", search_type="raw"))
    pk = int(text) if text.isascii() and text.isdigit() else pk_of(text)
    if pk is not None and pk < 2**63:
        found |= Q(pk=pk)
    return found
