"""The lines of the tutor's derivations, as rows of a table that can be read without SymPy.

``python -m softmax_cli.tutor.exercises.derived`` rewrites the table; `softmax practice --verify` and a test
compare the shipped one with it.
"""

from collections.abc import Iterator, Mapping

from softmax_cli.core.formula.exact.names import DEFINITIONS
from softmax_cli.core.formula.lines.indices import IndexNames
from softmax_cli.core.formula.lines.reading import read_line
from softmax_cli.core.formula.printing import text
from softmax_cli.errors import FormulaError
from softmax_cli.tutor.derivation import Derivation, Sentence, Step
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.exercises.table import COLUMNS, PATH, Row, rows
from softmax_cli.tutor.functions import narrative
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.nodes import Expr
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
        if hasattr(narrative(function), "GENERAL"):
            yield from _rows(function, "general", general(function), IndexNames(()))


def _rows(topic: str, case: str, derivation: Derivation, setting: IndexNames) -> Iterator[Row]:
    write = _RowWriter(derivation, setting)
    for step in derivation.walk():
        yield write.row(topic, case, step)


class _RowWriter:
    """Writes the steps of one derivation."""

    def __init__(self, derivation: Derivation, setting: IndexNames) -> None:
        self.claim = derivation.claim
        names = Names(setting.classes, named=False, definitions=derivation.definitions)
        self.printer = LinePrinter(names, unicode=False)
        self.setting = setting

    def row(self, function: str, case: str, step: Step) -> Row:
        """Return a step as a row."""
        return Row(
            function=function,
            case=case,
            step=step.id,
            rule=step.rule.name,
            statement=step.rule.statement,
            left=self._text(step.lhs),
            right=self._text(step.rhs),
            why="".join(self._words(step.why)),
            chain="chain" if step.lhs == self.claim else "",
        )

    def _text(self, expression: Expr) -> str:
        """Return an expression as practice writes it: spacing is not part of a line."""
        written: str = self.printer.doprint(expression)
        try:
            return text(read_line(written, self.setting))
        except FormulaError:
            return written  # a class

    def _words(self, why: Sentence) -> Iterator[str]:
        for part in why:
            yield part if isinstance(part, str) else f"{{{self._text(part)}}}"


def is_current() -> bool:
    """Return whether the shipped table holds the lines that the tutor derives now."""
    return [row.formulas for row in derived()] == [row.formulas for row in rows()]


def table() -> str:
    """Return the table as text."""
    rows: list[Mapping[str, str]] = [row._asdict() for row in derived()]
    lines = ["\t".join(COLUMNS), *("\t".join(row[name] for name in COLUMNS) for row in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PATH.write_text(table(), "utf-8")
