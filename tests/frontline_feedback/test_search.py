"""What the search takes for the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontline_feedback.search import stem, tidy


@pytest.mark.parametrize(
    ("forms", "beginning"),
    [
        (["супутник", "супутники", "супутників", "супутниками"], "супутн"),
        (["антена", "антену", "антени"], "антен"),
        (["battery", "batteries"], "batte"),
    ],
)
def test_inflected_forms_begin_with_what_is_looked_for(forms: list[str], beginning: str) -> None:
    assert all(form.startswith(beginning) for form in forms)
    assert {stem(form)[: len(beginning)] for form in forms} == {beginning}


def test_short_words_and_versions_are_looked_for_as_they_are() -> None:
    assert [stem(word) for word in ("GPS", "ESC", "2.3.0-rc1", "v2", "rev12345")] == [
        "GPS", "ESC", "2.3.0-rc1", "v2", "rev12345",
    ]  # fmt: skip


@given(st.text(min_size=1))
def test_a_stem_is_a_beginning_and_never_empty(word: str) -> None:
    assert word.startswith(stem(word))
    assert stem(word)


def test_a_text_is_tidied_of_what_the_database_cannot_hold() -> None:
    assert tidy(" a\0b \n c ") == "a b c"
