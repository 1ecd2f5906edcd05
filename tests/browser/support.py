"""What a browser test asks of every page: no console error, nothing refused by the CSP, axe content, no sideways
scrolling on a phone; and screenshots where FIELDLOOP_SCREENSHOTS names a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from django.conf import settings
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import CDPSession, ConsoleMessage, Page, Request, Response

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP: Final = {"width": 1440, "height": 900}
PHONE: Final = {"width": 390, "height": 844}

# The console repeats, without the reason, what the responses and failed requests tell.
REPEATED: Final = ("Failed to load resource", "Response Status Error Code", "htmx:afterRequest", "htmx:sendError")
# Runs before the page's own scripts; the browser tells violations of the CSP as events.
LISTEN: Final = """
window.cspViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.cspViolations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# The innermost elements that reach beyond the window, without those that scroll inside their own box.
OVERFLOW: Final = """
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (node) => node && node !== document.documentElement &&
    (/auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((node) => node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement))
    .slice(-5).map((node) => node.outerHTML.slice(0, 160));
"""
# At one go: each question to the browser passes through four processes.
SHAPES: Final = f"() => [(() => {{ {OVERFLOW} }})(), window.cspViolations ?? [], document.documentElement.lang]"
# What the bar covers at the moment is no fault of what lies below it.
IS_AXE_THERE: Final = "() => { window.scrollTo(0, 0); return Boolean(window.axe); }"
# What passed is not sent: to write it down takes the browser, Playwright and Python a good while.
RUN_AXE: Final = """async (tags) => {
  const options = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
  return (await axe.run(document, options)).violations;
}"""


@dataclass
class Watch:
    """Collects what goes wrong on a page while a test drives it. `expect_errors` lets the named statuses pass."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    may_lose_connection: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._lost)
        self.page.add_init_script(LISTEN)

    def expect_errors(self, *statuses: int) -> None:
        """Allow answers with these statuses from now on (a test of a refusal provokes them)."""
        self.expected.update(statuses)

    def expect_lost_connection(self) -> None:
        """Allow requests that reach nobody from now on (a test that goes offline)."""
        self.may_lose_connection = True

    def check(self) -> None:
        """Fail with everything that went wrong."""
        assert not self.wrong, "The browser complained:\n" + "\n".join(self.wrong)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REPEATED):
            self.wrong.append(f"console {message.type}: {message.text}")

    def _lost(self, request: Request) -> None:
        # Leaving a page aborts what it still loads.
        if not self.may_lose_connection and request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.failure} for {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.wrong.append(f"{response.status} for {response.request.method} {response.url}")


# Each page's own line to the browser's settings, and what the browser calls itself there.
_agents: Final = WeakKeyDictionary["Page", tuple["CDPSession", str]]()


def sign_in(page: Page, user: Any, url: str) -> None:
    """Give the browser a session of `user`, without the sign-in page."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}])


def speak(page: Page, language: str) -> None:
    """Let the browser ask for pages in this language from now on."""
    # A header of the context's would be overruled by the context's own locale.
    session, agent = _agents.get(page) or (page.context.new_cdp_session(page), page.evaluate("navigator.userAgent"))
    _agents[page] = session, agent
    session.send("Network.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": language})


def check_page(page: Page, url: str, name: str, *, languages: Sequence[str] = ("en", "uk")) -> None:
    """Open the page at both widths, in both themes and in every language; check it each time.

    `url` may be a path. It ends on a phone in the last of `languages`, so that a test can go on from there.
    Screenshots are named <name>-<width>-<theme>-<language>.png.
    """
    *before, last = languages
    # Languages differ in the length of their words, which shows on a phone: one that the test does not name is seen
    # there. Every language with every width and theme would take three times as long and find the same.
    other, another = [*(language for language, _name in settings.LANGUAGES if language not in languages), *before][:2]
    wrong: dict[str, str] = {}
    for language, scheme, sizes in (
        (other, "dark", (PHONE,)),
        (another, "dark", (DESKTOP,)),
        (last, "light", (DESKTOP, PHONE)),
    ):
        speak(page, language)
        page.set_viewport_size(sizes[0])  # type: ignore[arg-type]  # a TypedDict of playwright's own
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of the two schemes
        answer = page.goto(url, wait_until="load")
        assert answer is not None, f"{url} gave no answer."
        assert answer.status < 400, f"{url} answered {answer.status}."
        for size in sizes:
            if size is not sizes[0]:
                page.set_viewport_size(size)  # type: ignore[arg-type]  # as above
            found, shown = _look(page)
            assert shown == language, f"{url} is shown in {shown}, not in {language}."
            # axe takes longer than all else: it sees each theme and each width once.
            if (size, scheme) in ((DESKTOP, "dark"), (PHONE, "light")):
                found += axe(page)
            for line in found:
                wrong.setdefault(line, f"{name} at {size['width']} px, {scheme}, {language}: {line}")
            screenshot(page, f"{name}-{size['width']}-{scheme}-{language}")
    assert not wrong, "\n".join(wrong.values())


def problems(page: Page) -> list[str]:
    """Give what is wrong with the page as it stands: axe, sideways scrolling, the CSP."""
    return shapes(page) + axe(page)


def shapes(page: Page) -> list[str]:
    """Give what is wrong with the page's shape, and what the CSP refused."""
    found, _language = _look(page)
    return found


def _look(page: Page) -> tuple[list[str], str]:
    """Give the same, and the language that the page is in."""
    beyond, refused, language = page.evaluate(SHAPES)
    found = [f"reaches beyond the window: {html}" for html in beyond]
    return found + [f"CSP: {line}" for line in refused], language


def axe(page: Page) -> list[str]:
    """Give axe's violations of WCAG 2.2 AA and of its best practices, one line each."""
    if not page.evaluate(IS_AXE_THERE):
        page.evaluate(_axe_source())
    violations = page.evaluate(RUN_AXE, TAGS)
    return [
        f"axe {violation['id']}: {violation['help']}: {node['html'][:160]} ({_why(node)})"
        for violation in violations
        for node in violation["nodes"][:4]
    ]


def _why(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return str(checks[0]["message"]) if checks else ""


@cache
def _axe_source() -> str:
    return AXE.read_text()


def screenshot(page: Page, name: str) -> None:
    """Save the whole page as a picture, if FIELDLOOP_SCREENSHOTS names a folder."""
    folder = os.environ.get("FIELDLOOP_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.evaluate("() => window.scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def path_of(page: Page) -> str:
    """Give the path at which the browser stands."""
    return urlsplit(page.url).path
