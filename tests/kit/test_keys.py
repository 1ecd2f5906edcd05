"""Keys: `FB-12` and the number it stands for."""

import re

import pytest

from foundation.kit.keys import Keys

KEYS = Keys("ENG")


@pytest.mark.parametrize("text", ["ENG-34", "eng-34", " Eng-034 \n"])
def test_a_key_is_read_in_any_letter_case(text: str) -> None:
    assert KEYS.pk_of(text) == 34
    assert KEYS.key_of(34) == "ENG-34"


@pytest.mark.parametrize("text", ["", "34", "FB-34", "ENG34", "ENG-", "ENG--1", "ENG-1234567890123456789", "ENG-٣"])
def test_what_is_no_key_stands_for_nothing(text: str) -> None:
    assert KEYS.pk_of(text) is None


def test_the_pattern_is_for_addresses() -> None:
    assert re.fullmatch(KEYS.pattern, "eNg-7")
    assert not re.fullmatch(KEYS.pattern, " ENG-7")
