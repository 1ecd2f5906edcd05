"""The examples of docs/api.md are run, one after the other, and answer what the document says."""

import json
import re
import shlex
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.house.sources import ROOT

BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
BLOCKS: list[tuple[str, str]] = BLOCK.findall((ROOT / "docs" / "api.md").read_text())


def test_every_example_answers_as_the_document_says(cast: Cast) -> None:
    token = cast.token(cast.ingrid, scopes=["feedback:read", "feedback:write", "accounts:read"])
    known = {"TOKEN": token, "FIELDLOOP": "", "KEY": ""}
    answer: Any = None
    ran = 0
    for kind, text in BLOCKS:
        if kind == "json":
            assert covers(answer, json.loads(text)), f"answered {answer}, and the document says {text}"
        elif text.startswith("curl"):
            command, _hash, status = text.replace("\\\n", " ").rpartition("#")
            response = ask(command, known)
            assert response.status_code == int(status), f"{command}: {response.status_code} {response.content!r}"
            answer = response.json()
            known["KEY"] = answer.get("key", known["KEY"])
            ran += 1
    assert ran >= 7


def ask(command: str, known: dict[str, str]) -> Any:
    """Do what the curl command would do."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command)[1:]
    headers: dict[str, str] = {}
    method, body, url = "GET", "", ""
    while words:
        match words.pop(0):
            case "-H":
                header, _colon, value = words.pop(0).partition(": ")
                headers[header] = value
            case "-X":
                method = words.pop(0)
            case "-d":
                body, method = words.pop(0), "POST"
            case word:
                assert word.startswith("/api/"), word
                url = word
    content_type = headers.pop("Content-Type", "application/json")
    return Client().generic(method, url, body, content_type=content_type, headers=headers)


def covers(answer: Any, said: Any) -> bool:
    """Tell whether the answer has all that the document says; "…" stands for anything."""
    match said:
        case "…":
            return True
        case dict():
            return isinstance(answer, dict) and all(
                name in answer and covers(answer[name], value) for name, value in said.items()
            )
        case list():
            return isinstance(answer, list) and all(any(covers(one, value) for one in answer) for value in said)
        case _:
            return bool(answer == said)


def test_a_document_that_says_something_else_would_be_found() -> None:
    assert covers({"a": 1, "b": [{"c": 2}]}, {"b": [{"c": "…"}]})
    for said in ({"a": 2}, {"d": "…"}, {"b": [{"c": 3}]}):
        with pytest.raises(AssertionError):
            assert covers({"a": 1, "b": [{"c": 2}]}, said)
