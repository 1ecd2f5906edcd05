"""Reports that take long to put together are kept for a while: whoever opens one reads it as of a moment ago.

Only reports that nothing narrows but a programme, only whole ones (a reporter sees but their own tickets), and only
where they are slow: on a small installation every report is put together when it is asked for. How long one is kept
follows from how long it took, so that keeping it fresh costs a worker a hundredth of a core at most.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import QueryDict
from django.utils import translation

from foundation.accounts.actors import Actor, Standing
from foundation.accounts.models import Role
from foundation.kit.replicas import reading_from_replica
from frontline_feedback.policies import STAFF
from rnd.cycles.clock import DEFINITION
from rnd.cycles.documents import Document
from rnd.cycles.filters import Filters
from rnd.cycles.pages import PAGES, Page, document

WORTH: Final = 0.1  # seconds from which on a report is kept
TIMES: Final = 100  # and it stays fresh for so many times as long as it took
# What nobody has read for so long is not kept fresh any more.
READ_WITHIN: Final = 24 * 3600
_ALL: Final = "cycles.kept"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is asked for: a page over whole programmes, in a language."""

    report: str
    programmes: tuple[int, ...]
    query: str
    language: str

    @property
    def key(self) -> str:
        """The name under which the cache has it."""
        programmes = "-".join(map(str, self.programmes))
        return f"{_ALL}.{DEFINITION}.{self.report}.{self.language}.{programmes}.{self.query}"

    @property
    def drawn_key(self) -> str:
        """The name under which the cache has what is drawn of it."""
        return f"{self.key}.drawn"

    @property
    def read_key(self) -> str:
        """The name of the mark that somebody read it lately."""
        return f"{self.key}.read"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is asked and the sections of a report as HTML, whether there are charts, the document without sections."""

    document: Document
    asking: str
    html: str
    charts: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A document, how many seconds it took, and until when it is fresh."""

    document: Document
    took: float
    fresh_until: float


def kept_document(
    page: Page, actor: Actor, filters: Filters, asked: Mapping[str, int], words: list[tuple[str, str]]
) -> Document:
    """Give a page's document, as of now or, where it is kept, as of when it says."""
    recipe = _recipe(page, actor, filters, asked)
    if recipe is None:
        return document(page, actor, filters, asked, words)
    cache.set(recipe.read_key, True, timeout=READ_WITHIN)
    found: Kept | None = cache.get(recipe.key)
    if found is not None:
        return found.document
    return _make(recipe, page, actor, filters, words)


def drawn_report(
    page: Page,
    actor: Actor,
    filters: Filters,
    asked: Mapping[str, int],
    words: list[tuple[str, str]],
    *,
    draw: Callable[[Document], Drawn],
) -> Drawn:
    """Give a page's report as it is shown; what is kept is drawn once."""
    recipe = _recipe(page, actor, filters, asked)
    if recipe is None:
        return draw(document(page, actor, filters, asked, words))
    found: Drawn | None = cache.get(recipe.drawn_key)
    if found is not None:
        cache.set(recipe.read_key, True, timeout=READ_WITHIN)
        return found
    made = draw(kept_document(page, actor, filters, asked, words))
    kept: Kept | None = cache.get(recipe.key)
    if kept is not None and kept.document.as_of == made.document.as_of:
        cache.set(recipe.drawn_key, made, timeout=max(1.0, kept.fresh_until - time.time()))
    return made


def keep_fresh() -> int:
    """Put together anew what is kept and not fresh any more; give how many."""
    made, recipes = 0, {recipe for recipe in cache.get(_ALL, ()) if cache.get(recipe.read_key)}
    for recipe in recipes:
        found: Kept | None = cache.get(recipe.key)
        if found is None or found.fresh_until < time.time():
            made += _again(recipe)
    cache.set(_ALL, frozenset(recipes), timeout=READ_WITHIN)
    return made


def _again(recipe: Recipe) -> bool:
    from rnd.cycles.views import form_of, pairs

    standing = Standing(Role.MANAGER, 0, "", frozenset(recipe.programmes))
    actor, page = Actor("user", 0, "", (standing,)), PAGES[recipe.report]
    with translation.override(recipe.language), reading_from_replica():
        form = form_of(page, QueryDict(recipe.query), actor)
        if not form.is_valid():
            return False
        _make(recipe, page, actor, form.filters(), pairs(form.words()))
    return True


def _make(recipe: Recipe, page: Page, actor: Actor, filters: Filters, words: list[tuple[str, str]]) -> Document:
    began = time.perf_counter()
    made = document(page, actor, filters, {}, words)
    took = time.perf_counter() - began
    if took >= WORTH:
        fresh = TIMES * took
        cache.delete(recipe.drawn_key)
        # Twice as long, so that nobody waits while it is put together anew.
        cache.set(recipe.key, Kept(made, took, time.time() + fresh), timeout=2 * fresh + 120)
        cache.set(_ALL, frozenset({*cache.get(_ALL, ()), recipe}), timeout=READ_WITHIN)
    return made


def _recipe(page: Page, actor: Actor, filters: Filters, asked: Mapping[str, int]) -> Recipe | None:
    """Give the recipe of a report that can be kept."""
    narrowed = filters.but(programme="", by="month").any
    if not settings.REPORTS_KEPT or asked or narrowed or actor.is_system:
        return None
    if not actor.has_scope("cycles:read") or actor.teams(Role.REPORTER):
        return None
    seen = tuple(sorted(actor.programmes(*STAFF)))
    return Recipe(page.slug, seen, filters.query(), translation.get_language() or settings.LANGUAGE_CODE)
