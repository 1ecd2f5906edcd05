"""House rules of the templates: nothing inline that the strict policy forbids, no words that no catalogue has."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, name, templates

TEMPLATES = list(templates())
# The showcase of components (/kit/) is for developers.
HTML = [path for path in TEMPLATES if path.suffix == ".html" and not path.name.startswith("kit_")]
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.DOTALL)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an htmx expression (hx-on, js:)": re.compile(r"\shx-on|=[\"']js:", re.IGNORECASE),
    "something from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
    ),
}
# JSON is data and not script: the policy lets it be.
SCRIPT = re.compile(r"<script\b(?![^>]*(?:\bsrc=|type=[\"']application/json))", re.IGNORECASE)
# Words between tags that are neither a tag of a template nor marked for translation.
TAGGED = re.compile(r"{%\s*blocktrans.*?endblocktrans(?:late)?\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
# Names (of products and formats too), keys, and what blocks put into class attributes.
NO_WORDS = re.compile(
    r"\x00|Fieldloop|GitHub|GitLab|Gitea|Forgejo|Markdown|CSV|XLSX|&\w+;|API|ENG-|FB-|(?<!\w)[a-z]+(?:-[a-z]+)+(?!\w)"
)
WORDS = re.compile(r">([^<>]*[^\W\d_]{2,}[^<>]*)<")


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_is_inline(path: Path) -> None:
    text = text_of(path)
    found = [what for what, pattern in {**INLINE, "an inline script": SCRIPT}.items() if pattern.search(text)]
    assert not found, f"{name(path)} has {found}; the policy forbids it in the browser."


@pytest.mark.parametrize("path", HTML, ids=name)
def test_every_word_is_marked_for_translation(path: Path) -> None:
    bare = re.sub(r"<(script|svg|code|kbd)\b.*?</\1>", "", TAGGED.sub("\x00", text_of(path)), flags=re.DOTALL)
    found = [words.strip() for words in WORDS.findall(f">{bare}<") if words.replace("\x00", "").strip()]
    found = [words for words in found if NO_WORDS.sub("", words).strip(" \n\t·—–-:/()|,.")]
    assert not found, f"{name(path)} has words without {{% trans %}}: {found}"


def test_front_end_code_makes_no_inline_code() -> None:
    wrong = [
        name(path)
        for path in sorted((ROOT / "static" / "js").rglob("*.js"))
        if re.search(r"\beval\(|new Function\(|setAttribute\([\"'](?:style|on)", path.read_text())
    ]
    assert not wrong, f"The policy forbids what these do: {wrong}"
