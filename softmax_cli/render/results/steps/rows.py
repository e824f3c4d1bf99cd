"""The steps of one vector: its numbers, as two tables."""

import math
from collections.abc import Iterator

from softmax_cli.core.steps import unshifted
from softmax_cli.io.table.results.result import Long
from softmax_cli.render.layout.blocks import Block, Heading, Table
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.layout.labels import ClassLabels
from softmax_cli.render.layout.numbers import floats, number
from softmax_cli.render.layout.rows import is_largest, positions_shown, row_name, total
from softmax_cli.render.layout.table import Column, room_beside


class RowSteps:
    """The steps of one row: its numbers, the classes that are shown, and what they are called."""

    def __init__(self, result: Long, i: int, screen: Screen) -> None:
        batch = result.batch
        self.temperature = result.temperature
        self.numbers = {name: floats(result.values[i, :, j]) for j, name in enumerate(result.columns)}
        plain = unshifted(batch.values[i], temperature=result.temperature)
        self.numbers |= {name: floats(values) for name, values in plain.items()}
        self.shown = positions_shown(self.numbers["probability"])
        self._hidden = sorted(set(range(batch.k)) - set(self.shown))
        self._name = row_name(batch, i, screen)
        room = room_beside(self._plain(), screen)
        self.labels = ClassLabels.fit(batch, screen, self.shown, max(8, screen.width // 5, room))

    def tables(self) -> Iterator[Block]:
        """Yield the row's name and both its tables."""
        if self._name:
            yield Heading(self._name)
        yield self.plain_table()
        yield self.shifted_table()

    def plain_table(self) -> Table:
        """Return the steps as the formula has them: e^z, their sum, the quotient."""
        return self._table(list(self._plain()))

    def shifted_table(self) -> Table:
        """Return the steps as programs take them, with the maximum subtracted."""
        over = "over_temperature" in self.numbers
        columns = [self._column("`z - max`", "minus_max")]
        if over:
            columns.append(self._column("`/ T`", "over_temperature"))
        columns.append(
            self._column(
                "`e^(z - max)`" if self.temperature == 1 else "exp", "exponential", self.numbers["sum"][0]
            )
        )
        columns.append(self._column("`/ sum`", "probability", 1.0))
        return self._table(columns)

    def _plain(self) -> Iterator[Column]:
        yield self._column("`z`", "logit")
        if self.temperature != 1:
            yield self._column("`z / T`", "z_over_t")
        power = "e^z" if self.temperature == 1 else "e^(z/T)"
        yield self._column(f"`{power}`", "e", self.numbers["S"][0])
        yield self._column(f"`{power} / S`", "p", total(self.numbers["p"]))

    def _table(self, columns: list[Column]) -> Table:
        marks = is_largest(self.numbers["probability"])
        others = [f"other {len(self._hidden)}"] if self._hidden else []
        texts = [*map(self.labels.__getitem__, self.shown), *others, "sum"]
        front = Column("class", texts, "left")
        return Table([front, *columns], [marks[j] for j in self.shown], len(others) + 1)

    def _column(self, head: str, name: str, sum_of_all: float | None = None) -> Column:
        values, near_one = self.numbers[name], name in ("probability", "p")
        texts = [number(values[j], near_one=near_one) for j in self.shown]
        others = [total(values[j] for j in self._hidden)] if self._hidden else []
        if sum_of_all is None:
            feet = [""] * (len(others) + 1)
        else:
            whole = 1.0 if near_one and math.isclose(sum_of_all, 1.0) else sum_of_all
            feet = [*(number(x, near_one=near_one) for x in others), number(whole)]
        return Column(head, texts + feet)
