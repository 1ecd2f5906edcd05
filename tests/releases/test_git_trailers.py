"""What a commit message says: trailers are strong, lines are medium, bare keys are mentions."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.git.trailers import MAX_LINKS, Strength, keys_in, read_message
from tests.releases.gitbox import _ENVIRONMENT


def links(message: str) -> dict[str, tuple[str, str]]:
    return {link.key: (link.strength.word, link.verb) for link in read_message(message).links}


@pytest.mark.parametrize("verb", ["Fixes", "Closes", "Resolves", "Refs", "Part-of", "Reverts", "Backport-of"])
def test_a_verb_in_the_trailer_block_is_strong(verb: str) -> None:
    assert links(f"Subject\n\nBody.\n\n{verb}: FB-12\nSigned-off-by: A <a@b>") == {"FB-12": ("strong", verb.lower())}


def test_a_verb_in_the_middle_is_medium() -> None:
    assert links("Squash of two (#12)\n\n* One\n\n  Fixes: FB-12\n\n* Two\n\nmore words") == {
        "FB-12": ("medium", "fixes")
    }


def test_a_line_of_nothing_but_keys_needs_no_colon() -> None:
    assert links("S\n\nCloses FB-1, FB-2 and ENG-3.\n\nEnd of it") == {
        "FB-1": ("medium", "closes"), "FB-2": ("medium", "closes"), "ENG-3": ("medium", "closes"),
    }  # fmt: skip


def test_prose_that_begins_with_a_verb_only_mentions() -> None:
    assert links("Fixes the crash of FB-7 when it rains") == {"FB-7": ("mention", "")}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ENG-34: tune the PID", ["ENG-34"]),
        ("eng-34 and Fb-12", ["ENG-34", "FB-12"]),
        ("see https://fieldloop.example/FB-12?x", ["FB-12"]),
        ("eng-34-antenna-timeout", ["ENG-34"]),
        ("XFB-12 AFB-1 FB-0 FB-012 FB-12a FB- FB12 A-FB-3 FB-99999999999999999999", []),
    ],
)
def test_keys_are_found_in_any_letter_case_and_never_inside_words(text: str, keys: list[str]) -> None:
    assert list(keys_in(text)) == keys
    assert list(links(text)) == keys


def test_the_strongest_word_about_a_key_counts() -> None:
    message = "ENG-3: do it\n\nRefs: ENG-3\n\nmore\n\nPart-of: ENG-3\n"
    assert links(message) == {"ENG-3": ("strong", "part-of")}


def test_a_key_in_a_trailer_of_another_kind_is_a_mention() -> None:
    assert links("S\n\nReviewed-by: FB-12") == {"FB-12": ("mention", "")}


def test_reverts_and_picks_are_recognised() -> None:
    a, b = "a" * 40, "b" * 40
    reading = read_message(f'Revert "Fix FB-12"\n\nThis reverts commit {a}.\n\n(cherry picked from commit {b})')
    assert reading.is_revert
    assert reading.reverts == (a,)
    assert reading.picked_from == (b,)
    assert links(f'Revert "Fix FB-12"\n\nThis reverts commit {a}.') == {"FB-12": ("mention", "")}


def test_a_message_of_keys_only_is_bounded() -> None:
    found = read_message("\n".join(f"FB-{n}" for n in range(1, 5000)))
    assert len(found.links) == MAX_LINKS


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for link in read_message(text).links:
        assert link.key in keys_in(text)


LINES = st.sampled_from(
    [
        "Fixes: FB-1",
        "Signed-off-by: A <a@b>",
        "plain words",
        "",
        "Reviewed-by: X",
        " continued",
        "Subject: x",
        "(cherry picked from commit abcdefabcdef)",
    ]
)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_the_trailer_block_is_the_one_git_sees(lines: list[str]) -> None:
    message = "Subject\n\n" + "\n".join(lines) + "\n"
    seen = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        input=message, env=_ENVIRONMENT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    strong = any(link.strength is Strength.STRONG for link in read_message(message).links)
    assert strong == any(line.startswith("Fixes: FB-1") for line in seen.splitlines())
