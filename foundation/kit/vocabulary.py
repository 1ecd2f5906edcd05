"""The register of words that pages show as badges: value → label, tone and icon, under one name each.

A room registers the words of its own states in `AppConfig.ready`, so a state is called the same on every page:

    vocabulary.register("ticket", [Word("open", _("Open"), tone="info", icon="circle-dot"), …])
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise

from foundation.kit.memory import forget

Tone = Literal["neutral", "info", "good", "warn", "bad", "muted"]


@dataclass(frozen=True, slots=True)
class Word:
    """One value with how it is shown. `mark` is a short sign (a number, S1) that stands in for the colour."""

    value: str
    label: str | Promise
    tone: Tone = "neutral"
    icon: str = ""
    mark: str = ""
    hint: str | Promise = ""


_vocabularies: Final[dict[str, dict[str, Word]]] = {}


def register(name: str, words: Iterable[Word]) -> None:
    """Add words to the vocabulary `name`, in the order in which pages should list them."""
    _vocabularies.setdefault(name, {}).update({word.value: word for word in words})
    forget()


def words(name: str) -> Mapping[str, Word]:
    """Give every word of a vocabulary by its value, in order; empty when nobody registered it."""
    return _vocabularies.get(name, {})


def word(name: str, value: object) -> Word:
    """Give the word for a value; an unknown value is shown as it is, so that a page never fails over a label."""
    text = str(value)
    return words(name).get(text) or Word(text, text.replace("_", " ").capitalize())
