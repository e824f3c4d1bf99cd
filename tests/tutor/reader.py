"""An independent reader of the JSON: it knows SymPy, and what CLI.md says, and nothing of the tutor."""

import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import sympy

Z = [sympy.Float(str(x), 40) for x in ("0.73", "-1.21", "1.94", "0.11", "-0.58", "1.37", "-1.83", "0.46")]


def lines(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield every step with its substeps."""
    for step in steps:
        yield from lines(step["substeps"])
        yield step


class Reader:
    """Reads the strings of one document and evaluates them at a point, to 30 digits."""

    def __init__(self, document: dict[str, Any], seed: int = 0) -> None:
        draw = random.Random(seed)
        self.names = {sympy.Symbol(k): sympy.sympify(v) for k, v in document["symbols"].items()}
        free = set().union(*(value.free_symbols for value in self.names.values())) if self.names else set()
        assert all(str(name).startswith("z_") or str(name) in ("T", "c") for name in free)
        self.temperature = sympy.nsimplify(document["temperature"])
        self.draw = draw

    def read(self, text: str) -> Any:
        """Parse a string, put in what its names stand for, and work out its derivatives."""
        return sympy.sympify(text).subs(self.names).doit()

    def difference(self, lhs: str, rhs: str) -> Any:
        """Return lhs - rhs at a random point, relative to their size."""
        a, b = self.read(lhs), self.read(rhs)
        free = sorted(a.free_symbols | b.free_symbols, key=str)
        point = {s: sympy.Rational(self.draw.randrange(-300, 300), 151) for s in free}
        point[sympy.Symbol("T")] = self.temperature
        a, b = a.subs(point).evalf(40), b.subs(point).evalf(40)
        return abs(a - b) / (1 + abs(a))
