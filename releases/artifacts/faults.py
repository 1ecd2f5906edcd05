"""What the pure modules refuse: a stable code and the values of its sentence, without Django."""

from __future__ import annotations


class Fault(ValueError):
    """Something was read that is not what it says it is. `sentences.sentence_of` says it in the reader's language."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code} ({told})" if told else self.code
