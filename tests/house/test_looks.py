"""Pages are made of what the style sheets know: no class that nobody styles, no inline style or script."""

import re
from pathlib import Path

ROOMS = ("foundation", "frontline_feedback", "releases", "rnd")
TEMPLATES = [path for room in ROOMS for path in Path(room).rglob("*.html")]
# Signs for scripts and tests, without a look of their own.
BARE = {"nav-list", "legend-stages"}


def _known() -> set[str]:
    sheets = " ".join(path.read_text() for path in Path("static/css").glob("*.css"))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", sheets)) | BARE


def _classes(html: str) -> set[str]:
    """Give the classes that are written out; what a tag or variable completes ("tone-{{ tone }}") is made elsewhere."""
    found: set[str] = set()
    for value in re.findall(r'class="((?:{%.*?%}|{{.*?}}|[^"])*)"', html):
        words = re.sub(r"{%.*?%}|{{.*?}}", "\0", value).split()
        found |= {name for word in words if (name := word.strip("\0")) and "\0" not in name and not name.endswith("-")}
    return found


def test_every_class_in_a_template_is_in_a_style_sheet() -> None:
    known = _known()
    unknown = [f"{path}: {name}" for path in TEMPLATES for name in _classes(path.read_text()) - known]
    assert not unknown, "No style sheet knows these classes:\n" + "\n".join(unknown)


def test_no_template_holds_inline_style_or_script() -> None:
    found = [
        f"{path}: {match}"
        for path in TEMPLATES
        for match in re.findall(
            r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>|javascript:", path.read_text()
        )
    ]
    assert not found, "\n".join(found)


def test_no_template_loads_from_elsewhere() -> None:
    found = [
        f"{path}: {match}"
        for path in TEMPLATES
        for match in re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//[^"]*"', path.read_text())
    ]
    assert not found, "\n".join(found)
