"""What ``softmax derive`` is asked: from its options and logits to a question for the tutor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Labels
from softmax_cli.commands.running.pipeline import note, one_row
from softmax_cli.core.functions import FUNCTIONS
from softmax_cli.errors import InputError
from softmax_cli.io.options import first_given
from softmax_cli.tutor.functions import NUMBERS, TOPICS, check_told

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.io.options import LabelOptions, ReadOptions
    from softmax_cli.io.table.batch import Batch
    from softmax_cli.tutor.question import Question


class Request(NamedTuple):
    """Which derivative of which function is asked for: a group of options."""

    temperature: opt.Temperature = 1.0
    function: Annotated[str, opt.choice("--function", (*FUNCTIONS, *TOPICS), "NAME", "One of {}.")] = (
        "softmax"
    )
    target: opt.Target = None
    target_column: opt.TargetColumn = None
    of: Annotated[list[str] | None, opt.value("--of", "CLASS", "The output i of dp_i / dz_j.")] = None
    wrt: Annotated[
        list[str] | None,
        opt.value("--wrt", "CLASS", "The logit j (with respect to). Default: both i = j and i != j."),
    ] = None
    row: Annotated[int | None, opt.value("--row", "N", "Which row of a file, counted from 1.")] = None
    route: Annotated[
        str | None,
        opt.choice("--route", ("log-sum-exp",), "NAME", "Another way there: log-sum-exp, for cross-entropy."),
    ] = None
    general: Annotated[bool, opt.flag("--general", "For any number K of classes.")] = False

    @property
    def labels(self) -> LabelOptions:
        """Where the true class is."""
        return Labels(target=self.target, target_column=self.target_column).options()

    def check(self, *, has_logits: bool, follow_ups: bool) -> None:
        """Refuse what is wrong whatever the logits are, unless the function is a topic.

        `follow_ups` says whether any are asked for.
        """
        val.one_of(self.function, "--function", (*FUNCTIONS, *TOPICS))
        check_told(self.function)
        # Without logits the target is arbitrary: the first class will do.
        free = FUNCTIONS[self.function].scalar and not has_logits
        scalar = val.function(self.function, self.labels.given or ("--target" if free else None)).scalar
        if scalar and self.of is not None:
            raise InputError(f"{self.function} has one output", where="--of", hint="give --wrt alone")
        if self.row is not None and self.row < 1:
            raise InputError(f"there is no row {self.row}", where="--row", hint="rows are counted from 1")
        option = first_given({"--row": self.row, "--target-column": self.target_column})
        if option is not None and not has_logits:
            raise InputError("there are no rows without logits", where=option, hint="name a file")
        if self.general:
            self._check_general(has_logits=has_logits, follow_ups=follow_ups)

    def _check_general(self, *, has_logits: bool, follow_ups: bool) -> None:
        """Refuse options that mean nothing for any number of classes."""
        if has_logits:
            raise InputError(
                "a general derivation has no numbers", where="--general", hint="leave the logits out"
            )
        if self.route is not None:
            raise InputError(
                "a general derivation has one route", where="--route", hint="leave it or --general out"
            )
        option = first_given({"--of": self.of, "--wrt": self.wrt, "--target": self.target})
        if option is not None and not follow_ups:  # which are about classes in particular
            raise InputError(
                "a general derivation is about all classes", where=option, hint="leave it or --general out"
            )

    def topic_classes(
        self, options: ReadOptions, *, has_logits: bool, follow_ups: bool
    ) -> tuple[tuple[str, ...], bool]:
        """Return the classes that a topic is explained for, and whether they are named.

        Options that choose a derivative are refused: a topic is explained as a whole, in symbols.
        """
        chosen = {
            "--of": self.of,
            "--wrt": self.wrt,
            "--target": self.target,
            "--target-column": self.target_column,
            "--row": self.row,
            "--route": self.route,
            "--general": self.general or None,
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

    def with_logits(self, logits: list[str], options: ReadOptions, *, quiet: bool) -> Question:
        """Return the question about one row, without the classes that are masked in it."""
        batch = one_row(logits, options, self.row, quiet=quiet)
        values = [float(str(value)) for value in batch.values[0]]
        for name, value in zip(batch.classes, values, strict=True):
            if value == float("inf"):
                what = f"class {name} is +inf: a line needs finite numbers"
                raise InputError(what, where=batch.where(0) or None)
        masked = [name for name, value in zip(batch.classes, values, strict=True) if value == -float("inf")]
        if masked and not quiet:
            note(f"masked (-inf) and left out: {', '.join(masked)}")
        kept = [m for m, value in enumerate(values) if value != -float("inf")]
        request = self._with_target_of(batch)
        return request._question(batch.classes, batch.named or bool(masked), values, kept)

    def _with_target_of(self, batch: Batch) -> Request:
        if self.target_column is None:
            return self
        from softmax_cli.io.table.labels import labels_of

        target = batch.classes[int(labels_of(batch, self.labels)[0])]
        return self._replace(target=target)

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
        target = "1" if scalar and self.target is None else self.target
        return Question(
            self.function,
            tuple(classes[m] for m in kept),
            named,
            self.temperature,
            None if logits is None else tuple(logits[m] for m in kept),
            of=_place(_once(self.of, "--of"), classes, kept, "--of"),
            wrt=_place(_once(self.wrt, "--wrt"), classes, kept, "--wrt"),
            target=_place(target, classes, kept, "--target"),
            route=self.route,
        )


def _once(given: list[str] | None, option: str) -> str | None:
    if given and len(given) > 1:
        raise InputError(f"given {len(given)} times", where=option, hint="give it once, with one class")
    return given[0] if given else None


def _place(word: str | None, classes: Sequence[str], kept: list[int], option: str) -> int | None:
    """Return the position of a class among those that are kept."""
    if word is None:
        return None
    from softmax_cli.io.table.class_lookup import find_class

    place = find_class(word, classes, where=option)
    if place not in kept:
        raise InputError(f"class {classes[place]} is masked (-inf)", where=option)
    return kept.index(place)
