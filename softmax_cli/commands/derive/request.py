"""What ``softmax derive`` is asked: from its options and logits to a question for the tutor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.running.pipeline import note, one_row
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import InputError
from softmax_cli.io.options import first_given
from softmax_cli.tutor.functions import NUMBERS, check_told

if TYPE_CHECKING:
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.tutor.question import Question


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks."""

    function: str
    temperature: float
    of: str | None
    wrt: str | None
    labels: LabelOptions
    row: int | None
    route: str | None
    quiet: bool

    def check(self, *, has_logits: bool) -> None:
        """Refuse what is wrong whatever the logits are."""
        known = FUNCTIONS.get(self.function)
        # Without logits the target is arbitrary: the first class will do.
        free = known is not None and known.scalar and not has_logits
        if known is not None:
            check_told(self.function)
        scalar = val.function(self.function, self.labels.given or ("--target" if free else None)).scalar
        if scalar and self.of is not None:
            raise InputError(f"{self.function} has one output", where="--of", hint="give --wrt alone")
        if self.row is not None and self.row < 1:
            raise InputError(f"there is no row {self.row}", where="--row", hint="rows are counted from 1")
        option = first_given({"--row": self.row, "--target-column": self.labels.target_column})
        if option is not None and not has_logits:
            raise InputError("there are no rows without logits", where=option, hint="name a file")

    def check_general(self, *, has_logits: bool, follow_ups: bool) -> None:
        """Refuse options that mean nothing for any number of classes."""
        if has_logits:
            raise InputError(
                "a general derivation has no numbers", where="--general", hint="leave the logits out"
            )
        if self.route is not None:
            raise InputError(
                "a general derivation has one route", where="--route", hint="leave it or --general out"
            )
        option = first_given({"--of": self.of, "--wrt": self.wrt, "--target": self.labels.target})
        if option is not None and not follow_ups:  # which are about classes in particular
            raise InputError(
                "a general derivation is about all classes", where=option, hint="leave it or --general out"
            )

    def topic_classes(
        self, options: ReadOptions, *, has_logits: bool, general: bool, follow_ups: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Return the classes that a topic is explained for, and whether they are named.

        Options that choose a derivative are refused: a topic is explained as a whole, in symbols.
        """
        chosen = {
            "--of": self.of,
            "--wrt": self.wrt,
            "--target": self.labels.target,
            "--target-column": self.labels.target_column,
            "--row": self.row,
            "--route": self.route,
            "--general": general or None,
            "--follow-ups": follow_ups or None,
            "--temperature": self.temperature if self.temperature != 1 else None,
        }
        option = first_given(chosen)
        if option is not None:
            what = f"{self.function} is told whole: there is nothing to choose"
            raise InputError(what, where=option, hint=f"softmax derive --function {self.function}")
        if has_logits:
            command = NUMBERS.get(self.function)
            raise InputError(
                f"{self.function} is told in symbols, without logits",
                hint=f"softmax derive --function {self.function}"
                + (f"; {command} has the numbers" if command else ""),
            )
        return self._symbolic_classes(options)

    def without_logits(self, options: ReadOptions) -> Question:
        """Return the question in symbols, for three classes or as many as are named."""
        classes, named = self._symbolic_classes(options)
        return self._question(classes, named, None, list(range(len(classes))))

    def _symbolic_classes(self, options: ReadOptions) -> tuple[tuple[str, ...], bool]:
        if options.classes is None:
            return ("1", "2", "3"), False
        from softmax_cli.io.table.class_lookup import name_classes

        return name_classes(options.classes.count(",") + 1, None, options)

    def with_logits(self, logits: list[str], options: ReadOptions) -> Question:
        """Return the question about one row, without the classes that are masked in it."""
        batch = one_row(logits, options, self.row, quiet=self.quiet)
        values = [float(str(value)) for value in batch.values[0]]
        for name, value in zip(batch.classes, values, strict=True):
            if value == float("inf"):
                what = f"class {name} is +inf: a line needs finite numbers"
                raise InputError(what, where=batch.where(0) or None)
        masked = [name for name, value in zip(batch.classes, values, strict=True) if value == -float("inf")]
        if masked and not self.quiet:
            note(f"masked (-inf) and left out: {', '.join(masked)}")
        kept = [m for m, value in enumerate(values) if value != -float("inf")]
        request = self._with_target_of(batch)
        return request._question(batch.classes, batch.named or bool(masked), values, kept)

    def _with_target_of(self, batch: Batch) -> Request:
        if self.labels.target_column is None:
            return self
        from softmax_cli.io.table.labels import labels_of

        target = batch.classes[int(labels_of(batch, self.labels)[0])]
        return replace(self, labels=self.labels._replace(target=target))

    def _question(
        self, classes: tuple[str, ...], named: bool, logits: list[float] | None, kept: list[int]
    ) -> Question:
        """Return the question about the classes that are kept, by their 0-based positions."""
        from softmax_cli.tutor.question import Question

        if len(kept) < 2 and not FUNCTIONS[self.function].elementwise:
            raise InputError(
                "one class alone has probability 1, whatever its logit", hint="give two classes or more"
            )
        scalar = FUNCTIONS[self.function].scalar
        target = "1" if scalar and self.labels.target is None else self.labels.target
        return Question(
            self.function,
            tuple(classes[m] for m in kept),
            named,
            self.temperature,
            None if logits is None else tuple(logits[m] for m in kept),
            of=_place(self.of, classes, kept, "--of"),
            wrt=_place(self.wrt, classes, kept, "--wrt"),
            target=_place(target, classes, kept, "--target"),
            route=self.route,
        )


def _place(word: str | None, classes: Sequence[str], kept: list[int], option: str) -> int | None:
    """Return the position of a class among those that are kept."""
    if word is None:
        return None
    from softmax_cli.io.table.class_lookup import find_class

    place = find_class(word, classes, where=option)
    if place not in kept:
        raise InputError(f"class {classes[place]} is masked (-inf)", where=option)
    return kept.index(place)
