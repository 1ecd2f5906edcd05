"""Text that people write, as safe HTML: Markdown, cleaned by an allow-list, with the house's keys turned into links."""

import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import markdown as python_markdown
import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_TAGS: Final = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "ul"}
    | {"table", "tbody", "td", "th", "thead", "tr"}
)
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
# Headings of a text stand below those of its page.
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
# Text outside of tags, and outside of links and code, where a key stays what it is.
_SKIPPED: Final = re.compile(r"(<a\b.*?</a>|<code\b.*?</code>|<pre\b.*?</pre>|<[^>]*>)", re.DOTALL)

LinkOf = Callable[[re.Match[str]], str | None]
_links: dict[str, tuple[re.Pattern[str], LinkOf]] = {}
_own = threading.local()


def register_link(name: str, pattern: str, address: LinkOf) -> None:
    """Let every text link what matches `pattern`, in any letter case; called from a room's AppConfig.ready().

    `address` gives the address for a match, or None to leave it as text. It is called while rendering, so it must
    not ask the database.
    """
    render.cache_clear()
    _links[name] = (re.compile(rf"(?<![\w/.-]){pattern}(?![\w-])", re.IGNORECASE), address)


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """Give the HTML of a Markdown text: safe links only, and images from this house only."""
    html = _parser().convert(text.replace("\x00", ""))
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filter,
        url_schemes=set(_SCHEMES),
        link_rel="nofollow noopener noreferrer",
    )
    lowered = _HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + 2)}>", clean)
    return mark_safe(_with_links(lowered))  # noqa: S308  # cleaned by nh3 above; links are escaped


def _parser() -> python_markdown.Markdown:
    """Give this thread's parser: putting one together takes longer than reading most texts."""
    if not hasattr(_own, "parser"):
        _own.parser = python_markdown.Markdown(
            extensions=["fenced_code", "tables", "sane_lists", "nl2br"], output_format="html"
        )
    parser: python_markdown.Markdown = _own.parser.reset()
    return parser


def plain(text: str, *, length: int = 200) -> str:
    """Give the words of a Markdown text on one line, at most `length` characters (for lists and notices)."""
    words = " ".join(nh3.clean(python_markdown.markdown(text), tags=set()).split())
    words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return words if len(words) <= length else words[: length - 1].rsplit(" ", 1)[0] + "…"


def linked(text: str) -> SafeString:
    """Give plain text, escaped, with the keys in it turned into links (for titles and commit subjects)."""
    return mark_safe(_with_links(escape(text)))  # noqa: S308  # escaped in the same line


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.startswith("/") and not value.startswith(("//", "/\\")) else None
    return value


def _with_links(html: str) -> str:
    parts = _SKIPPED.split(html)
    # Even parts are text; odd ones are what the pattern skips.
    return "".join(part if position % 2 else _link_text(part) for position, part in enumerate(parts))


def _link_text(text: str) -> str:
    for pattern, address in _links.values():
        text = "".join(
            part if position % 2 else pattern.sub(lambda found: _anchor(found, address), part)  # noqa: B023  # used at once
            for position, part in enumerate(_SKIPPED.split(text))
        )
    return text


def _anchor(found: re.Match[str], address: LinkOf) -> str:
    where = address(found)
    return found[0] if where is None else f'<a class="key" href="{escape(where)}">{found[0]}</a>'
