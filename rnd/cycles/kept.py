"""Reports that take long to put together are kept for a while: whoever opens one reads it as of a moment ago.

Only reports that nothing narrows but a programme, only whole ones (a reporter sees but their own tickets), and only
where they are slow: on a small installation every report is put together when it is asked for. How long one is kept
follows from how long it took, so that keeping it fresh costs a worker a hundredth of a core at most.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.utils import translation

from foundation.accounts.actors import Actor, Standing
from foundation.accounts.models import Role
from foundation.kit.replicas import reading_from_replica
from frontline_feedback.policies import STAFF
from rnd.cycles.documents import Document
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES, Page, document
from rnd.cycles.recipes import ALL, Recipe

WORTH: Final = 0.1  # seconds from which on a report is kept, its drawing among them
TIMES: Final = 100  # and it stays fresh for so many times as long as it took
# What nobody has read for so long is not kept fresh any more.
READ_WITHIN: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that a page says of a report, as the bytes of HTML, whether there are charts in it, and as of when it is.

    Where a reader's own token belongs in a form, `mark` stands: nobody can know it, it is another one in each drawing.
    """

    html: bytes
    charts: bool
    mark: bytes
    as_of: datetime

    def told_to(self, token: str) -> bytes:
        """Give the HTML with this reader's token in its forms."""
        return self.html.replace(self.mark, token.encode())


@dataclass(frozen=True, slots=True)
class Kept:
    """A document, how many seconds it took, and until when it is fresh."""

    document: Document
    took: float
    fresh_until: float

    @property
    def timeout(self) -> float:
        """How long it is kept: longer than it is fresh, so that nobody waits while it is put together anew."""
        return 2 * TIMES * self.took + 120


def kept_document(
    page: Page, actor: Actor, filters: Filters, asked: Mapping[str, Any], words: list[tuple[str, str]]
) -> Document:
    """Give a page's document, as of now or, where it is kept, as of when it says."""
    recipe = _recipe(page, actor, filters, asked)
    if recipe is None:
        return document(page, actor, filters, asked, words)
    cache.set(recipe.read_key, True, timeout=READ_WITHIN)
    found: Kept | None = cache.get(recipe.key)
    if found is not None:
        return found.document
    return _make(recipe, page, actor, filters, words, worth=WORTH)


def drawn_before(page: Page, actor: Actor, address: str) -> Drawn | None:
    """Give what is kept of the page at an address (its query string), without reading what it asks for."""
    recipe = _recipe_at(page, actor, address)
    if recipe is None:
        return None
    found = cache.get_many([recipe.drawn_key, recipe.stamp_key])
    drawn: Drawn | None = found.get(recipe.drawn_key)
    if drawn is None or drawn.as_of != found.get(recipe.stamp_key):
        return None
    cache.set(recipe.read_key, True, timeout=READ_WITHIN)
    return drawn


def keep_drawn(
    page: Page,
    actor: Actor,
    filters: Filters,
    asked: Mapping[str, Any],
    *,
    address: str,
    document: Document,
    drawn: Drawn,
    took: float,
) -> None:
    """Keep what is drawn of a document for the next reader of the same address, where both took long together.

    Only where the address says it the way we do, so that nobody can fill the cache with spellings of one report.
    """
    recipe = _recipe(page, actor, filters, asked)
    if recipe is None or recipe.query != address:
        return
    kept: Kept | None = cache.get(recipe.key)
    if kept is None and took >= WORTH:
        kept = _keep(recipe, document, took)
        cache.set(recipe.read_key, True, timeout=READ_WITHIN)
    if kept is not None and kept.document.as_of == document.as_of:
        cache.set(recipe.drawn_key, drawn, timeout=kept.timeout)


def keep_fresh() -> int:
    """Put together anew what is kept and not fresh any more; give how many."""
    made, recipes = 0, {recipe for recipe in cache.get(ALL, ()) if cache.get(recipe.read_key)}
    for recipe in recipes:
        found: Kept | None = cache.get(recipe.key)
        if found is None or found.fresh_until < time.time():
            made += _again(recipe)
    cache.set(ALL, frozenset(recipes), timeout=READ_WITHIN)
    return made


def _again(recipe: Recipe) -> bool:
    from rnd.cycles.views import form_of, pairs

    standing = Standing(Role.MANAGER, 0, "", frozenset(recipe.programmes))
    actor, page = Actor("user", 0, "", (standing,)), PAGES[recipe.report]
    with translation.override(recipe.language), reading_from_replica():
        form = form_of(page, QueryDict(recipe.query), actor)
        if not form.is_valid():
            return False
        # Half of what was worth it may have been the drawing.
        _make(recipe, page, actor, form.filters(), pairs(form.words()), worth=WORTH / 2)
    return True


def _make(
    recipe: Recipe, page: Page, actor: Actor, filters: Filters, words: list[tuple[str, str]], *, worth: float
) -> Document:
    began = time.perf_counter()
    made = document(page, actor, filters, {}, words)
    took = time.perf_counter() - began
    if took >= worth:
        _keep(recipe, made, took)
    return made


def _keep(recipe: Recipe, made: Document, took: float) -> Kept:
    kept = Kept(made, took, time.time() + TIMES * took)
    cache.set_many({recipe.key: kept, recipe.stamp_key: made.as_of}, timeout=kept.timeout)
    cache.set(ALL, frozenset({*cache.get(ALL, ()), recipe}), timeout=READ_WITHIN)
    return kept


def _recipe(page: Page, actor: Actor, filters: Filters, asked: Mapping[str, Any]) -> Recipe | None:
    """Give the recipe of a report that can be kept."""
    if asked or filters.but(programme="").any:
        return None
    return _recipe_at(page, actor, filters.query())


def _recipe_at(page: Page, actor: Actor, query: str) -> Recipe | None:
    """Give the recipe of what is asked for in this way; None for who does not see whole programmes."""
    if not settings.REPORTS_KEPT or actor.is_system:
        return None
    if not actor.has_scope("cycles:read") or actor.teams(Role.REPORTER):
        return None
    seen = actor.programmes(*STAFF)
    if seen != actor.programmes():
        return None
    return Recipe(page.slug, tuple(sorted(seen)), query, translation.get_language() or settings.LANGUAGE_CODE)
