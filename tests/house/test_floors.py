"""A floor uses only the floors below it, also where import-linter cannot see it: in strings.

Foreign keys name models, templates name addresses, other templates and tag libraries, and Python names addresses
and templates, all in strings.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.template.backends.django import get_installed_libraries

from tests.house.floors import FLOORS, ROOT, WITH_CORE, may_use, room_of
from tests.house.routes import every_route

URL_TAG = re.compile(r"{%-?\s*url\s+['\"]([^'\"]+)['\"]")
TEMPLATE_TAG = re.compile(r"{%-?\s*(?:include|extends)\s+['\"]([^'\"]+)['\"]")
LOAD_TAG = re.compile(r"{%-?\s*load\s+([^%]*?)\s*-?%}")
# Django's own names: whoever uses them works without an answer, and the composition root says who gives it.
DJANGOS = {"set_language"}
NAMES_ADDRESSES = {"reverse", "reverse_lazy", "redirect", "resolve_url", "url_for"}
NAMES_TEMPLATES = {"render", "render_to_string", "get_template"}


def room_of_path(path: Path) -> str:
    room = room_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert room is not None
    return room


def sources(suffix: str) -> Iterator[tuple[str, Path]]:
    """Give (room, path) of every file of ours with that suffix."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob(f"*{suffix}")):
            yield room_of_path(path), path


def route_rooms() -> dict[str, str]:
    """Give the room that answers each named address; a library's address is in nobody's room."""
    rooms: dict[str, str] = {}
    for route in every_route():
        view = getattr(route.view, "cls", None) or getattr(route.view, "view_class", None) or route.view
        if route.name not in DJANGOS and (room := room_of(view.__module__)):
            rooms[route.name] = room
    return rooms


def template_rooms() -> dict[str, str]:
    """Give the room that holds each template of ours, by its name."""
    return {str(path).rpartition("/templates/")[2]: room for room, path in sources(".html")}


@pytest.fixture(scope="module")
def names() -> "Names":
    return Names()


class Names:
    """What strings can name, and what is wrong with naming it from a room."""

    def __init__(self) -> None:
        self.kinds = {
            "address": route_rooms(),
            "template": template_rooms(),
            "tag library": {
                name: room for name, module in get_installed_libraries().items() if (room := room_of(module))
            },
        }

    def wrong(self, room: str, where: Path, kind: str, name: str) -> Iterator[str]:
        used = self.kinds[kind].get(name)
        if used is not None and not may_use(room, used):
            yield f"{where.relative_to(ROOT)} names the {kind} {name!r}, which belongs to {used}, above {room}"


def test_a_foreign_key_points_to_the_same_room_or_below() -> None:
    wrong = [
        f"{model.__module__}.{model.__name__}.{field.name} points to {related.__module__}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
        for related in [field.related_model]
        if isinstance(related, type)
        for user, used in [(room_of(model.__module__), room_of(related.__module__))]
        if user and used and not may_use(user, used)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_template_names_only_the_same_room_or_below(names: Names) -> None:
    wrong: list[str] = []
    for room, path in sources(".html"):
        text = path.read_text()
        for name in URL_TAG.findall(text):
            wrong += names.wrong(room, path, "address", name)
        for name in TEMPLATE_TAG.findall(text):
            wrong += names.wrong(room, path, "template", name)
        for loaded in LOAD_TAG.findall(text):
            for name in loaded.partition(" from ")[2].split() or loaded.split():
                wrong += names.wrong(room, path, "tag library", name)
    assert not wrong, "\n".join(wrong)


def test_code_names_only_addresses_and_templates_of_the_same_room_or_below(names: Names) -> None:
    wrong: list[str] = []
    for room, path in sources(".py"):
        for call, name in strings_in_calls(ast.parse(path.read_text())):
            if call in NAMES_ADDRESSES:
                wrong += names.wrong(room, path, "address", name)
            if call in NAMES_TEMPLATES:
                wrong += names.wrong(room, path, "template", name)
    assert not wrong, "\n".join(wrong)


def test_the_core_of_a_floor_imports_none_of_the_rooms_that_stand_on_it() -> None:
    # import-linter would have to be told every module of the core by name.
    wrong = [
        f"{path.relative_to(ROOT)} imports {imported}"
        for room, path in sources(".py")
        if room in WITH_CORE
        for imported in imports(ast.parse(path.read_text()))
        if (used := room_of(imported)) and not may_use(room, used)
    ]
    assert not wrong, "\n".join(wrong)


def imports(tree: ast.AST) -> Iterator[str]:
    """Give the full name of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def strings_in_calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give (function's name, argument) for each plain string that a call is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = str(getattr(node.func, "attr", None) or getattr(node.func, "id", ""))
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield name, argument.value


@pytest.mark.parametrize(
    ("user", "used", "allowed"),
    [
        ("rnd.loop", "releases", True),
        ("releases", "rnd.loop", False),
        ("frontline_feedback", "foundation.kit", True),
        ("foundation.kit", "foundation.journal", False),
        ("rnd.loop", "rnd.cycles", True),
        ("rnd.cycles", "rnd.loop", False),
        ("rnd.urls", "rnd.loop", True),
        ("releases", "releases.rollouts", False),
        ("releases.rollouts", "releases.artifacts", True),
        ("releases.artifacts", "releases", True),
        ("foundation.catalogue", "foundation.embedded", False),
    ],
)
def test_the_order_is_that_of_the_contracts(user: str, used: str, allowed: bool) -> None:
    assert may_use(user, used) is allowed


def test_every_app_of_ours_has_its_place() -> None:
    for config in apps.get_app_configs():
        room = room_of(config.name)
        if room:
            assert may_use("rnd.urls", room), config.name
