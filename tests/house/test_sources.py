"""House rules of the Python files: each says what it is for, actions are shaped alike, and one clock tells the time."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.sources import FLOORS, modules, name, tree

ACTIONS = [path for path in modules(*FLOORS) if path.parent.name == "actions" and path.name != "__init__.py"]
# A file above this is several files; what exceeds it says why here.
LONGEST = 300


def test_every_module_says_what_it_is_for() -> None:
    mute = [name(path) for path in modules() if path.read_text().strip() and not ast.get_docstring(tree(path))]
    assert not mute, f"No docstring at the top of: {mute}"


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in modules(*FLOORS)}
    long = {file: lines for file, lines in lengths.items() if lines > LONGEST}
    assert not long, f"Longer than {LONGEST} lines: {long}"


@pytest.mark.parametrize("path", ACTIONS, ids=name)
def test_an_action_is_one_function_with_its_files_name_and_keyword_only_arguments(path: Path) -> None:
    functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    assert path.stem in functions, f"{name(path)} defines no {path.stem}()."
    arguments = functions[path.stem].args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    assert not positional, f"{path.stem}() takes {positional} by position; put a * before them."
    verbs = [other for other, node in functions.items() if "atomic" in ast.unparse(node) and other[0] != "_"]
    assert verbs in ([path.stem], []), f"{name(path)} defines {verbs}: one verb a file."
    assert functions[path.stem].returns is not None, f"{path.stem}() does not say what it returns."
    assert ast.get_docstring(functions[path.stem]), f"{path.stem}() has no docstring."


def test_one_clock_tells_the_time() -> None:
    others = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.localdate"}
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in modules(*FLOORS)
        # The clock itself, and the supervisor, whose log lines tell of processes.
        if name(path) not in {"foundation/kit/clock.py", "foundation/embedded/log.py"}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in others
    ]
    assert not wrong, f"Use foundation.kit.clock.now(), which tests and the demo can move, in: {wrong}"


def test_views_do_not_catch_refusals() -> None:
    """One place renders them; a form may, to put them on its field."""
    wrong = []
    for path in modules(*FLOORS):
        if path.name.startswith("views") or path.name == "api.py":
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ExceptHandler) and node.type is not None:
                    caught = ast.unparse(node.type)
                    if "DomainError" in caught and "form" not in ast.unparse(node).lower():
                        wrong.append(f"{name(path)}:{node.lineno}")
    assert not wrong, f"These catch a DomainError that error_pages would render: {wrong}"


def test_nothing_tells_of_the_journal_by_signal() -> None:
    signal = re.compile(r"\b(?:pre|post)_(?:save|delete)\b|\bm2m_changed\b")
    wrong = [name(path) for path in modules(*FLOORS) if signal.search(path.read_text())]
    assert not wrong, f"A signal is silent where there is no request; let the action do it: {wrong}"
