"""What is vendored is what VERSIONS says, at the versions that package.json pins."""

import json
import re

from foundation.kit.components import icon
from foundation.kit.vendoring import NAMES, ROOT, SOURCES, SPRITE, digest, vendored


def test_every_vendored_file_has_the_hash_that_versions_names() -> None:
    for line in vendored():
        assert digest(ROOT / line.path) == line.digest, f"{line.path} was changed since it was copied."


def test_every_file_beside_versions_is_listed_with_its_licence() -> None:
    listed = {line.path for line in vendored()}
    there = [path for folder in ("static/vendor", "tests/browser/vendor") for path in (ROOT / folder).iterdir()]
    assert {str(path.relative_to(ROOT)) for path in there if path.name != "VERSIONS"} <= listed
    assert {source.copy for source in SOURCES} <= listed
    assert all(line.licence for line in vendored())


def test_versions_are_the_exact_pins_of_package_json_and_of_its_lock() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    pins = package["dependencies"] | package["devDependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {line.package: line.version for line in vendored()} == pins
    for name, version in pins.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned exactly."
        assert lock[f"node_modules/{name}"]["version"] == version
        assert lock[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_nothing_vendored_asks_for_a_file_that_is_not_there() -> None:
    for line in vendored():
        assert "sourceMappingURL" not in (ROOT / line.path).read_text()


def test_the_sprite_holds_every_named_icon_once() -> None:
    ids = re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text())
    assert ids == sorted(set(NAMES.read_text().split()))


def test_every_icon_that_a_template_or_a_word_names_is_in_the_sprite() -> None:
    ids = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
    missing = []
    for folder in ("foundation", "frontline_feedback", "releases", "rnd"):
        for path in (ROOT / folder).rglob("*.html"):
            names = re.findall(r'{% icon "([\w-]+)"|sign="([\w-]+)"', path.read_text())
            missing += [f"{path.name}: {a or b}" for a, b in names if (a or b) not in ids]
        for path in (ROOT / folder).rglob("*.py"):
            used = re.findall(r'icon="([\w-]+)"', path.read_text())
            missing += [f"{path}: {name}" for name in used if name not in ids]
    assert not missing, missing


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in icon("hammer")
    assert 'role="img" aria-label="Build"' in icon("hammer", "Build")
    assert icon("") == ""
