"""An independent reader of the JSON: it knows SymPy, and what CLI.md says, and nothing of the tutor."""

import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import sympy

from softmax_cli.render.derivation.json import document
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.evaluated_derivation import Lesson

TEMPERATURE = sympy.Rational(5, 2)


def written(derivation: Derivation, **more: Any) -> dict[str, Any]:
    """Return what a user gets: the JSON of a derivation, read back."""
    classes = tuple("abcdefgh"[: derivation.k])
    lesson = Lesson(
        derivation, classes, named=True, temperature=2.5 if derivation.temperature else 1.0, **more
    )
    read: dict[str, Any] = json.loads(json.dumps(document(lesson)))
    return read


def lines(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every step after its substeps."""
    for step in steps:
        yield from lines(step["substeps"])
        yield step


class Reader:
    """Reads the strings of one document and compares them at a random point, to 40 digits."""

    def __init__(self, symbols: dict[str, str], seed: int = 0) -> None:
        self.names = {sympy.Symbol(name): _parsed(text) for name, text in symbols.items()}
        self._random = random.Random(seed)
        self._point = {sympy.Symbol("T"): TEMPERATURE}
        self._values: dict[str, Any] = {}

    def free(self) -> set[str]:
        """Return the names that the definitions are made of."""
        return {str(name) for text in self.names.values() for name in text.free_symbols}

    def value(self, text: str) -> Any:
        """Return the value of a string: parsed, its names put in, its derivatives worked out."""
        if text not in self._values:
            whole = _parsed(text).xreplace(self.names).doit()
            for name in sorted(whole.free_symbols - self._point.keys(), key=str):
                self._point[name] = sympy.Rational(self._random.randrange(-300, 300), 151)
            self._values[text] = whole.xreplace(self._point).evalf(40)
        return self._values[text]

    def equal(self, lhs: str, rhs: str) -> bool:
        """Whether two strings have the same value."""
        a, b = self.value(lhs), self.value(rhs)
        return bool(abs(a - b) <= sympy.Float("1e-30", 40) * (1 + abs(a)))


@cache
def _parsed(text: str) -> Any:
    return sympy.sympify(text)
