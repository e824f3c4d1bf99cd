"""The lines of the tutor's derivations, as rows of a table that can be read without SymPy.

``python -m softmax_cli.tutor.exercises.derived`` rewrites the table; `softmax practice --verify` and a test
compare the shipped one with it.
"""

from collections.abc import Iterator

from softmax_cli.core.formula.exact.names import DEFINITIONS
from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import text
from softmax_cli.core.formula.tree import Node
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.exercises.table import PATH, Row, rows
from softmax_cli.tutor.functions import GENERAL
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.notation import Label
from softmax_cli.tutor.printers.line import LinePrinter
from softmax_cli.tutor.printers.names import Names

_CLASSES = ("1", "2", "3")


def derived() -> Iterator[Row]:
    """Yield a row for each line of each derivation: i = j, i != j, with T, for K classes; all proved."""
    for function in DEFINITIONS:
        for temperature, topic in ((False, function), (True, f"{function}/T")):
            for wrt, case in ((0, "same"), (1, "other")):
                derivation = derive(function, len(_CLASSES), 0, wrt, temperature=temperature)
                yield from _rows(topic, case, derivation, IndexNames(_CLASSES, 1, wrt + 1))
        if function in GENERAL:
            yield from _rows(function, "general", general(function), IndexNames(()))


def _rows(topic: str, case: str, derivation: Derivation, setting: IndexNames) -> Iterator[Row]:
    names = Names(setting.classes, named=False, definitions=derivation.definitions)
    printer = LinePrinter(names, unicode=False)

    def written(x: Node | Label) -> str:
        """Write an expression as practice does: spacing is not part of a line."""
        line = printer.said(x)
        try:
            return text(read_line(line, setting))
        except FormulaError:
            return line  # a class

    for step in derivation.walk():
        yield Row(
            function=topic,
            case=case,
            step=step.id,
            rule=step.rule.name,
            statement=step.rule.statement,
            left=written(step.lhs),
            right=written(step.rhs),
            why="".join(part if isinstance(part, str) else f"{{{written(part)}}}" for part in step.why),
            chain="chain" if step.lhs == derivation.claim else "",
        )


def is_current() -> bool:
    """Return whether the shipped table holds the lines that the tutor derives now."""
    return [row.formulas for row in derived()] == [row.formulas for row in rows()]


def table() -> str:
    """Return the table as text."""
    return "".join("\t".join(row) + "\n" for row in (Row._fields, *derived()))


if __name__ == "__main__":
    PATH.write_text(table(), "utf-8")
