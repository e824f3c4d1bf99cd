"""An independent reader of the JSON: it knows SymPy, and what CLI.md says, and nothing of the tutor."""

import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import sympy
from sympy.parsing.sympy_parser import parse_expr

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
    """Reads the strings of one document and compares them to 40 digits, at a given or a random point."""

    def __init__(self, symbols: dict[str, str], seed: int = 0, **point: sympy.Rational) -> None:
        self.names = {sympy.Symbol(name): parsed(text) for name, text in symbols.items()}
        self._seed = seed
        self._parts: dict[Any, Any] = {
            sympy.Symbol(name): z for name, z in ({"T": TEMPERATURE} | point).items()
        }
        self._values: dict[str, Any] = {}

    def free(self) -> set[str]:
        """Return the names that the definitions are made of."""
        return {str(name) for text in self.names.values() for name in text.free_symbols}

    def value(self, text: str) -> Any:
        """Return the value of a string: parsed, numbers put in for its derivatives and its names."""
        if text not in self._values:
            self._values[text] = self._value(parsed(text))
        return self._values[text]

    def _value(self, x: Any) -> Any:
        parts = x.atoms(sympy.Derivative) | x.free_symbols
        return x.xreplace({part: self._part(part) for part in parts}).evalf(40)

    def _part(self, part: Any) -> Any:
        if part not in self._parts:
            if isinstance(part, sympy.Derivative):
                value = self._value(_derived(part.xreplace(self.names)))
            elif part in self.names:
                value = self._value(self.names[part])
            else:
                value = sympy.Rational(random.Random(f"{self._seed} {part}").randrange(-300, 300), 151)
            self._parts[part] = value
        return self._parts[part]

    def equal(self, lhs: str, rhs: str) -> bool:
        """Whether two strings have the same value."""
        a, b = self.value(lhs), self.value(rhs)
        return bool(abs(a - b) <= sympy.Float("1e-30", 40) * (1 + abs(a)))


@cache
def _derived(derivative: Any) -> Any:
    return derivative.doit()


_SYMPY: dict[str, Any] = {}
exec("from sympy import *", _SYMPY)  # once: sympify does so for each string


@cache
def parsed(text: str) -> Any:
    """Return what SymPy reads in a string."""
    return parse_expr(text, global_dict=_SYMPY)
