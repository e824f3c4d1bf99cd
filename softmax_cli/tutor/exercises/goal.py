"""What is to be worked out: one derivative, its names, and the lines that the tutor derives it by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from softmax_cli.core.formula.exact.residues import RandomPoint
from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import (
    Binary,
    Call,
    Derivative,
    Node,
    Number,
    Over,
    Symbol,
    walk,
    with_parts,
)
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.exercises.lines import ProvedLine, rows
from softmax_cli.tutor.narratives.formulas import Case
from softmax_cli.tutor.narratives.narrator import meant

_POINTS = 2
_SIZES = ((3, 1, 2), (3, 1, 1), (2, 2, 1), (2, 2, 2), (5, 2, 4), (5, 3, 3))
"""The k, i and j at which a line for any number of classes has to hold."""
_FORMULA = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Line:
    """A line of the derivation, with the classes of the goal.

    Parameters
    ----------
    row
        Which line it is, its rule and its reason.
    left, right
        The two sides.
    """

    row: ProvedLine
    left: Node
    right: Node


@dataclass(frozen=True)
class Goal:
    """A derivative that is asked for.

    Parameters
    ----------
    function
        The function's name.
    of, wrt
        The classes, counted from 1; of a loss, `of` is its target.
    classes
        The names of the classes; none if it is about classes i and j of any number K.
    temperature
        Whether the logits are divided by a temperature T.
    """

    function: str
    of: int
    wrt: int
    classes: tuple[str, ...] = ("1", "2", "3")
    temperature: bool = False

    @property
    def general(self) -> bool:
        """True where it is about any number of classes, i = j and i != j in one line."""
        return not self.classes

    @property
    def same(self) -> bool:
        """True where i = j."""
        return self.of == self.wrt and not self.general

    @property
    def topic(self) -> str:
        """The name of the derivation in the tables: the function, with /T for a temperature."""
        return f"{self.function}/T" if self.temperature else self.function

    @property
    def case(self) -> str:
        """The name of the case in the tables: same, other, or general."""
        return "general" if self.general else "same" if self.same else "other"

    @property
    def setting(self) -> IndexNames:
        """What a line of this derivation is read with."""
        return IndexNames((), None, None) if self.general else IndexNames(self.classes, self.of, self.wrt)

    @property
    def indices(self) -> tuple[Node, ...]:
        """The classes as indices: those of i and j first."""
        if self.general:
            return Symbol("i"), Symbol("j")
        first = dict.fromkeys((self.of, self.wrt))
        return tuple(map(Number, {**first, **dict.fromkeys(range(1, len(self.classes) + 1))}))

    @property
    def logit(self) -> Symbol:
        """The logit that moves."""
        return Symbol("z", (Symbol("j") if self.general else Number(self.wrt),))

    @cached_property
    def claim(self) -> Derivative:
        """The derivative itself: dp_i/dz_j."""
        i = Symbol("i") if self.general else Number(self.of)
        p, wrt = Symbol("p", (i,)), self.logit
        of: Mapping[str, Node] = {"log-softmax": Call("log", (p,)), "cross-entropy": Symbol("L")}
        return Derivative(of.get(self.function, p), wrt)

    @cached_property
    def total(self) -> Node | frozenset[Node]:
        """The sum S written out: its terms, or a sum over k."""

        def term(index: Node) -> Node:
            z: Node = Symbol("z", (index,))
            return Call("exp", (Binary("/", z, Symbol("T")) if self.temperature else z,))

        if self.general:
            return Over("sum", "k", term(Symbol("k")))
        return frozenset(map(term, self.indices))

    @cached_property
    def points(self) -> tuple[RandomPoint, ...]:
        """The random points that decide whether two lines are equal."""
        if self.general:
            cases = (Case(k, i - 1, j - 1, self.temperature) for k, i, j in _SIZES)
            return tuple(RandomPoint(meant(self.function, case), case.k, case.letters) for case in cases)
        names = meant(self.function, Case(len(self.classes), self.of - 1, 0, self.temperature))
        return tuple(RandomPoint(names, seed) for seed in range(_POINTS))

    def values(self, node: Node) -> tuple[int, ...]:
        """Return the exact values of a line: equal for equal lines, and only for them.

        Raises
        ------
        FormulaError
            Where it has none.
        """
        return tuple(point.value(node) for point in self.points)

    def first(self, tree: Node) -> int | None:
        """Return the value of a tree at the first point, which is remembered; None if it has none."""
        try:
            return self.points[0].remembered(tree)
        except FormulaError:
            return None

    @cached_property
    def answer(self) -> tuple[int, ...]:
        """The values of the derivative."""
        return self.values(self.claim)

    def equal(self, node: Node, values: tuple[int, ...]) -> bool:
        """Return whether a tree has these values; False if it has none."""
        try:
            return self.points[0].value(node) == values[0] and self.values(node) == values
        except FormulaError:
            return False

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the tutor's derivation that can be written for these classes."""
        return tuple(
            Line(row, self.placed(row.left), self.placed(row.right))
            for row in rows(self.function, self.case, self.temperature)
            if len(self.classes) in (0, 3) or not _names_a_third(row.left, row.right)
        )

    def placings(self, formula: str) -> list[Node]:
        """Return a formula about the classes 1, 2 and 3 for the classes of the goal.

        The classes that are neither `of` nor `wrt` may be any: there is a tree for each.
        """
        node = _read(formula, self.case)
        if self.general:
            return [node]
        free = 2 if self.same else 3
        numbers = [one.indices for one, _ in walk(node) if isinstance(one, Symbol)]
        if not any(Number(free) in indices for indices in numbers):
            return [self.placed(node)]
        others = [m for m in range(1, len(self.classes) + 1) if m not in (self.of, self.wrt)]
        return [self.placed(node, others[i:] + others[:i]) for i in range(len(others))]

    def placed(self, node: Node, others: Sequence[int] = ()) -> Node:
        """Return a tree about the classes 1, 2 (and 3) for the classes of the goal."""
        if self.general:
            return node
        first = [self.of] if self.same else [self.of, self.wrt]
        order = [*first, *(others or [m for m in range(1, len(self.classes) + 1) if m not in first])]

        if order == sorted(order):
            return node

        def place(one: Node) -> Node:
            if not isinstance(one, Symbol):
                return with_parts(one, place)
            moved = (Number(order[m.numerator - 1]) if isinstance(m, Number) else m for m in one.indices)
            return Symbol(one.name, tuple(moved))

        return place(node)

    def written(self, node: Node) -> str:
        """Return a tree as text, with the names of the classes."""
        return text(node, self.classes)

    def p(self, m: int) -> str:
        """Return the probability of class m as it is written."""
        return f"p_{self.classes[m - 1]}"

    def z(self, m: int) -> str:
        """Return the logit of class m as it is written."""
        return f"z_{self.classes[m - 1]}"

    def sentence(self, template: str) -> str:
        """Return a sentence whose formulas, in braces, are about classes 1 and 2, for the goal's."""

        def fill(match: re.Match[str]) -> str:
            formula = match.group(1)
            if formula.startswith("class "):
                if self.general:
                    return formula
                order = [self.of, self.wrt]
                name = self.classes[order[int(formula.split()[1]) - 1] - 1]
                return f"class {name}" if name.isdecimal() else name
            return self.written(self.placed(_read(formula, self.case)))

        return _FORMULA.sub(fill, template)


@lru_cache(maxsize=1024)
def _read(formula: str, case: str) -> Node:
    """Return a formula of the tables: about the classes 1, 2 and 3, or about i and j."""
    if case == "general":
        return read_line(formula, IndexNames(()))
    return read_line(formula, IndexNames(of=1, wrt=1 if case == "same" else 2))


def _names_a_third(*sides: Node) -> bool:
    return any(node == Number(3) for side in sides for node, _ in walk(side))
