"""The colours keep their promises: readable in both themes, and nine stages that no eye and no printer confuses."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from foundation.kit.words import STAGES
from tests.kit.colour import VISION, contrast, difference, lab

CSS = Path("static/css")
TOKENS = (CSS / "tokens.css").read_text()
ORDER = [stage.value for stage in STAGES]
SURFACES = ("canvas", "surface", "raised", "sunken", "hover", "selected")
Theme = dict[str, str]


def _blocks() -> list[Theme]:
    return [dict(re.findall(r"--([\w-]+):\s*([^;]+);", block)) for block in re.findall(r"\{([^{}]*)\}", TOKENS)]


LIGHT, DARK_BY_SYSTEM, DARK_BY_CHOICE = _blocks()
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK_BY_CHOICE], ids=["light", "dark"])


def _stages(theme: Theme) -> Theme:
    return {stage: theme[f"stage-{stage}"] for stage in ORDER}


def test_the_formula_of_difference_gives_the_published_values() -> None:
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ]
    for one, other, expected in pairs:
        assert difference(one, other) == pytest.approx(expected, abs=0.0001)


def test_dark_is_the_same_by_system_and_by_choice() -> None:
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE


def test_dark_names_every_colour_that_light_names() -> None:
    colours = {name for name, value in LIGHT.items() if value.startswith(("#", "rgb", "0 "))}
    assert colours == set(DARK_BY_CHOICE)


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_any_two_stages_differ_at_a_glance_for_every_vision(theme: Theme, vision: str) -> None:
    for (a, one), (b, other) in combinations(_stages(theme).items(), 2):
        seen = difference(lab(one, vision), lab(other, vision))
        assert seen >= 11.5, f"{a} and {b} differ by {seen:.1f} only, with {vision}."


@THEMES
def test_grey_print_gives_each_stage_a_step_of_its_own(theme: Theme) -> None:
    steps = sorted((lab(colour)[0], stage) for stage, colour in _stages(theme).items())
    for (darker, a), (lighter, b) in pairwise(steps):
        assert lighter - darker >= 5.5, f"{a} and {b} are {lighter - darker:.1f} apart in lightness."


@THEMES
def test_stages_that_follow_each_other_are_far_apart_in_grey(theme: Theme) -> None:
    for a, b in pairwise(ORDER):
        apart = abs(lab(theme[f"stage-{a}"])[0] - lab(theme[f"stage-{b}"])[0])
        assert apart >= 15, f"{a} and {b} are {apart:.1f} apart in lightness."


def _ages(theme: Theme) -> Theme:
    return {part: theme[f"age-{part}"] for part in ("p50", "p85", "p95", "beyond", "unknown")}


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_any_two_ages_differ_at_a_glance_for_every_vision(theme: Theme, vision: str) -> None:
    for (a, one), (b, other) in combinations(_ages(theme).items(), 2):
        seen = difference(lab(one, vision), lab(other, vision))
        assert seen >= 11.5, f"{a} and {b} differ by {seen:.1f} only, with {vision}."


@THEMES
def test_what_is_older_stands_out_more_from_the_surface_in_grey_print_too(theme: Theme) -> None:
    ages = _ages(theme)
    del ages["unknown"]
    away = [abs(lab(colour)[0] - lab(theme["surface"])[0]) for colour in ages.values()]
    for younger, older in pairwise(away):
        assert older - younger >= 14
    assert all(abs(lab(theme["age-unknown"])[0] - lab(colour)[0]) >= 5.5 for colour in ages.values())


@THEMES
def test_the_number_on_each_stage_can_be_read(theme: Theme) -> None:
    for stage, colour in _stages(theme).items():
        assert contrast(colour, theme[f"on-{stage}"]) >= 4.5, stage


@THEMES
def test_a_hatch_shows_on_every_stage_that_can_be_blocked(theme: Theme) -> None:
    for stage in ("design", "build", "test"):
        assert contrast(theme["strip-hatch"], theme[f"stage-{stage}"]) >= 2.5, stage


@THEMES
def test_text_is_readable_on_every_surface(theme: Theme) -> None:
    for ink in ("ink", "ink-2", "ink-3", "link", "bad", "warn", "good", "info"):
        for surface in SURFACES:
            assert contrast(theme[ink], theme[surface]) >= 4.5, f"{ink} on {surface}"


@THEMES
def test_body_text_is_readable_in_sunlight(theme: Theme) -> None:
    for surface in SURFACES:
        assert contrast(theme["ink"], theme[surface]) >= 12, surface
        assert contrast(theme["ink-2"], theme[surface]) >= 7, surface


@THEMES
def test_words_of_meaning_are_readable_on_their_tint(theme: Theme) -> None:
    for tone in ("bad", "warn", "good", "info"):
        assert contrast(theme[tone], theme[f"{tone}-tint"]) >= 4.5, tone
        assert contrast(theme["ink"], theme[f"{tone}-tint"]) >= 7, tone
    for hue in range(6):
        assert contrast(theme[f"av-{hue}"], theme[f"av-{hue}-ink"]) >= 4.5, hue
    assert contrast(theme["primary"], theme["primary-ink"]) >= 7


@THEMES
def test_edges_of_controls_and_the_focus_stand_out(theme: Theme) -> None:
    for surface in SURFACES:
        assert contrast(theme["focus"], theme[surface]) >= 3, surface
    for surface in ("canvas", "surface", "raised", "sunken", "hover"):
        assert contrast(theme["line-control"], theme[surface]) >= 3, surface


def test_colours_are_named_in_the_tokens_and_nowhere_else() -> None:
    for sheet in CSS.glob("*.css"):
        if sheet.name not in {"tokens.css", "print.css"}:
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl|\boklch", sheet.read_text())
            assert not found, f"{sheet.name} has colours of its own: {found}"


def test_every_token_that_is_used_exists() -> None:
    known = set(LIGHT) | {"c", "on", "tone", "tone-tint", "tone-line"}
    for sheet in CSS.glob("*.css"):
        text = sheet.read_text()
        own = set(re.findall(r"(--[\w-]+)\s*:", text))
        unknown = {
            name for name in re.findall(r"var\(--([\w-]+)", text) if name not in known and f"--{name}" not in own
        }
        assert not unknown, f"{sheet.name} uses tokens that nobody names: {sorted(unknown)}"
