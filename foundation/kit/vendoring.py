"""Copies the pinned front-end files out of node_modules into the tree: `python -m foundation.kit.vendoring`.

Only a developer who raises a pin in package.json runs this, after `npm ci --ignore-scripts`. The copies and
`static/vendor/VERSIONS` are committed, so that setting Fieldloop up never needs node.
"""

import json
import re
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
VERSIONS: Final = ROOT / "static/vendor/VERSIONS"
NAMES: Final = ROOT / "static/icons/names.txt"
SPRITE: Final = ROOT / "static/icons/sprite.svg"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of an npm package and where its copy lies."""

    package: str
    file: str
    copy: str
    licence: str


SOURCES: Final = (
    Source("chart.js", "dist/chart.umd.min.js", "static/vendor/chart.umd.min.js", "MIT"),
    Source("chart.js", "LICENSE.md", "static/vendor/chart.LICENSE.txt", "MIT"),
    Source("sortablejs", "Sortable.min.js", "static/vendor/sortable.min.js", "MIT"),
    Source("sortablejs", "LICENSE", "static/vendor/sortable.LICENSE.txt", "MIT"),
    Source("tus-js-client", "dist/tus.min.js", "static/vendor/tus.min.js", "MIT"),
    Source("tus-js-client", "LICENSE", "static/vendor/tus.LICENSE.txt", "MIT"),
    Source("lucide-static", "LICENSE", "static/icons/lucide.LICENSE.txt", "ISC AND MIT"),
    Source("axe-core", "axe.min.js", "tests/browser/vendor/axe.min.js", "MPL-2.0"),
    Source("axe-core", "LICENSE", "tests/browser/vendor/axe.LICENSE.txt", "MPL-2.0"),
)


@dataclass(frozen=True, slots=True)
class Vendored:
    """One line of VERSIONS."""

    path: str
    package: str
    version: str
    licence: str
    digest: str


def vendored() -> list[Vendored]:
    """Read VERSIONS."""
    lines = VERSIONS.read_text().splitlines()
    return [Vendored(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def digest(path: Path) -> str:
    """Give the sha512 of a file, in hex."""
    return sha512(path.read_bytes()).hexdigest()


def copy_all(modules: Path = ROOT / "node_modules") -> list[Vendored]:
    """Copy every source, build the sprite, write VERSIONS and give its lines."""
    result = []
    for source in SOURCES:
        text = (modules / source.package / source.file).read_text()
        # The maps are not vendored, and the hashed static storage refuses a link to a missing file.
        text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
        target = ROOT / source.copy
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        result.append(_line(modules, source.package, source.copy, source.licence))
    SPRITE.write_text(sprite(modules / "lucide-static/icons", NAMES.read_text().split()))
    result.append(_line(modules, "lucide-static", str(SPRITE.relative_to(ROOT)), "ISC AND MIT"))
    head = "# Written by `python -m foundation.kit.vendoring`: path, package, version, licence, sha512 of the copy.\n"
    rows = [f"{v.path}\t{v.package}\t{v.version}\t{v.licence}\t{v.digest}" for v in result]
    VERSIONS.write_text(head + "\n".join(rows) + "\n")
    return result


def _line(modules: Path, package: str, path: str, licence: str) -> Vendored:
    version = json.loads((modules / package / "package.json").read_text())["version"]
    return Vendored(path, package, version, licence, digest(ROOT / path))


def sprite(icons: Path, names: list[str]) -> str:
    """Build one SVG of symbols from the named line icons."""
    symbols = []
    for name in sorted(set(names)):
        svg = (icons / f"{name}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if inner is None:
            raise ValueError(f"{name}.svg holds no <svg> element.")
        shapes = re.sub(r"\s*\n\s*", "", inner[1]).replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    notice = "<!-- Lucide icons, ISC licence (some from Feather, MIT): see lucide.LICENSE.txt -->"
    return '<svg xmlns="http://www.w3.org/2000/svg">' + notice + "\n" + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    for line in copy_all():
        print(line.path, line.package, line.version)
