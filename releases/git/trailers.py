"""What a commit message says about tickets, tasks and other commits. Pure: text in, links out.

Keys are text here: the floors above know what "FB-12" and "ENG-34" are.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

PREFIXES: Final = ("FB", "ENG")
VERBS: Final = ("fixes", "closes", "resolves", "refs", "part-of", "reverts", "backport-of")
MAX_LINKS: Final = 100

_KEY: Final = re.compile(rf"(?<![\w-])({'|'.join(PREFIXES)})-([1-9][0-9]{{0,17}})(?!\w)", re.IGNORECASE | re.ASCII)
_LINE: Final = re.compile(rf"[ \t>*-]{{0,8}}({'|'.join(VERBS)})\b[ \t]{{0,8}}(:?)(.*)", re.IGNORECASE)
_ONLY_KEYS: Final = re.compile(rf"(?:[\s,;&.]|and|(?:{'|'.join(PREFIXES)})-[0-9]{{1,18}})*", re.IGNORECASE)
_TRAILER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*[ \t]{0,8}:")
_GIT_MADE: Final = ("Signed-off-by: ", "(cherry picked from commit ")
_REVERTED: Final = re.compile(r"This reverts commit ([0-9a-f]{7,40})\b")
_PICKED: Final = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,40})\)")
_REVERT_SUBJECT: Final = re.compile(r'(?:Revert|Reapply) "')


class Strength(IntEnum):
    """How sure a link is; the higher wins where a message names a key more than once."""

    MENTION = 1
    MEDIUM = 2
    STRONG = 3

    @property
    def word(self) -> str:
        """The name on the wire: "mention", "medium" or "strong"."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Link:
    """A key named by a message. `verb` is one of VERBS, or empty for a bare mention."""

    prefix: str
    number: int
    strength: Strength
    verb: str = ""

    @property
    def key(self) -> str:
        """The key as it is written everywhere: "FB-12"."""
        return f"{self.prefix}-{self.number}"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a message says: links by key, commits it takes back, commits it was picked from."""

    links: tuple[Link, ...] = ()
    reverts: tuple[str, ...] = ()
    picked_from: tuple[str, ...] = ()
    is_revert: bool = False


def read_message(message: str) -> Reading:
    """Read a whole message (subject and body).

    *Strong*: a verb in the trailer block, git's own place for it. *Medium*: a line that begins with a verb,
    anywhere else (squash merges bury trailers). *Mention*: a key anywhere. One link a key, the strongest;
    of equals the first.
    """
    # Most messages name nothing, and a search is much quicker than reading them line by line.
    return Reading(
        links=_links(message) if "-" in message and _KEY.search(message) else (),
        reverts=tuple(dict.fromkeys(_REVERTED.findall(message))) if "This reverts" in message else (),
        picked_from=tuple(dict.fromkeys(_PICKED.findall(message))) if "cherry picked" in message else (),
        is_revert=bool(_REVERT_SUBJECT.match(message)),
    )


def _links(message: str) -> tuple[Link, ...]:
    lines = message.replace("\r\n", "\n").split("\n")
    trailers = _trailer_block(lines)
    found: dict[str, Link] = {}
    for number, line in enumerate(lines):
        if len(found) >= MAX_LINKS:
            break
        for link in _links_of(line, strong=number in trailers):
            if link.key not in found or found[link.key].strength < link.strength:
                found[link.key] = link
    return tuple(found.values())


def keys_in(text: str) -> tuple[str, ...]:
    """Give the keys in any text (a branch name, a search), upper case, each once, in order."""
    return tuple(dict.fromkeys(f"{prefix.upper()}-{number}" for prefix, number in _KEY.findall(text)))


def _links_of(line: str, *, strong: bool) -> list[Link]:
    """Give the links of one line."""
    keys = [(prefix.upper(), int(number)) for prefix, number in _KEY.findall(line)]
    if not keys:
        return []
    matched = _LINE.match(line)
    # Without a colon, prose may begin with such a word: then nothing but keys may follow.
    if matched and (matched[2] or _ONLY_KEYS.fullmatch(matched[3])):
        strength = Strength.STRONG if strong else Strength.MEDIUM
        return [Link(prefix, number, strength, matched[1].lower()) for prefix, number in keys]
    return [Link(prefix, number, Strength.MENTION) for prefix, number in keys]


def _trailer_block(lines: list[str]) -> frozenset[int]:
    """Give the numbers of the lines in git's trailer block.

    As `git interpret-trailers` has it: the last paragraph, not the subject's, in which every line is a
    trailer, or one is of git's own making and at least a quarter are trailers.
    """
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    first = last
    while first and lines[first - 1].strip():
        first -= 1
    if first == 0:
        return frozenset()
    trailers = others = 0
    git_made = False
    for line in lines[first:last]:
        if line.startswith(_GIT_MADE):
            git_made, trailers = True, trailers + 1
        elif _TRAILER.match(line):
            trailers += 1
        elif not (line[0].isspace() and trailers):
            others += 1
    if trailers and (not others or (git_made and trailers * 3 >= others)):
        return frozenset(range(first, last))
    return frozenset()
