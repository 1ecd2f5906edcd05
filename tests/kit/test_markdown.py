"""Markdown: readable, safe, and with the house's keys as links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.kit import markdown


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_links", {})
    markdown.register_link("feedback", r"FB-(\d+)", lambda found: f"/FB-{found[1]}")
    markdown.register_link("task", r"ENG-(\d+)", lambda found: None if found[1] == "0" else f"/ENG-{found[1]}")


def test_the_usual_marks_become_html() -> None:
    html = markdown.render("# Radio\n\n**Lost** at `400 m`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two")
    for part in ("<h3>Radio</h3>", "<strong>Lost</strong>", "<code>400 m</code>", "<td>1</td>", "<li>one</li>"):
        assert part in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='vbscript:x'>x</a>",
        '<p onclick="x()">x</p>',
        '<p style="color:red">x</p>',
        "<iframe src='/'></iframe>",
        "<svg><script>1</script></svg>",
        "<form action='/'><input></form>",
    ],
)
def test_nothing_that_runs_or_styles_gets_through(text: str) -> None:
    html = markdown.render(text).lower()
    for danger in ("<script", "javascript:", "vbscript:", "data:", "onclick", "style=", "<iframe", "<svg", "<form"):
        assert danger not in html


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    html = markdown.render(text)
    assert "<script" not in html.lower()


def test_links_tell_no_one_where_they_were_found() -> None:
    assert 'rel="nofollow noopener noreferrer"' in markdown.render("[x](https://example.org/)")


@pytest.mark.parametrize("source", ["https://elsewhere.example/a.png", "//elsewhere/a.png", "/\\elsewhere/a.png"])
def test_images_from_elsewhere_are_left_out(source: str) -> None:
    assert "elsewhere" not in markdown.render(f"![a]({source})")


def test_images_of_this_house_are_shown() -> None:
    assert 'src="/attachments/5/"' in markdown.render("![a](/attachments/5/)")


@pytest.mark.usefixtures("keys")
def test_keys_become_links_in_any_letter_case() -> None:
    assert markdown.render("See fb-12.") == '<p>See <a class="key" href="/FB-12">fb-12</a>.</p>'
    assert markdown.render("FB-1 and ENG-2").count("<a ") == 2


@pytest.mark.usefixtures("keys")
@pytest.mark.parametrize(
    "text", ["`FB-12`", "[FB-12](https://example.org)", "XFB-12", "FB-12a", "a/FB-12", "    FB-12", "ENG-0"]
)
def test_keys_inside_code_links_and_words_stay_as_they_are(text: str) -> None:
    assert 'class="key"' not in markdown.render(text)


@pytest.mark.usefixtures("keys")
def test_plain_text_is_escaped_before_its_keys_are_linked() -> None:
    assert markdown.linked("<b> FB-7") == '&lt;b&gt; <a class="key" href="/FB-7">FB-7</a>'


def test_the_words_alone_are_for_lists() -> None:
    assert markdown.plain("# A\n\n**b** < c & `d`") == "A b < c & d"
    assert markdown.plain("word " * 100, length=22) == "word word word word…"
