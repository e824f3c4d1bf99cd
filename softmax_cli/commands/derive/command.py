"""``softmax derive``: the derivation on the board, each line proved."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import Reading
from softmax_cli.commands.derive.request import Request
from softmax_cli.errors import InputError
from softmax_cli.io.formats import DERIVATIONS
from softmax_cli.tutor.functions import FOLLOW_UPS, TOPICS

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.render.derivation.formats import Telling
    from softmax_cli.tutor.evaluated_derivation import Lesson
    from softmax_cli.tutor.question import Question

FORMATS = tuple(dict.fromkeys(DERIVATIONS.values()))
EPILOG = """\b
Examples:
  softmax derive
  softmax derive 1.43 -0.4 0.23 --classes setosa,versicolor,virginica --of setosa --wrt versicolor
  softmax derive iris_logits.csv -c 3-5 --row 71 --of versicolor --wrt virginica
  softmax derive --step
  softmax derive setosa=1.43 versicolor=-0.4 virginica=0.23 --function cross-entropy --target setosa
  softmax derive --all
  softmax derive --follow-up symmetry
  softmax derive --general
  softmax derive 1.43 -0.4 0.23 -o lesson.html
"""


def derive(
    logits: Annotated[
        list[str] | None,
        opt.argument(
            "[LOGITS]...",
            "Numbers, named numbers or a file, to see the value of every line; - for standard input. "
            "Without them: symbols alone.",
            opt.files_and_folders,
        ),
    ] = None,
    request: Request = Request(),
    every: Annotated[bool, opt.flag("--all", "Every step with its reason, not the board.")] = False,
    follow_up: Annotated[
        list[str] | None, opt.one_of("--follow-up", FOLLOW_UPS, "NAME", "One thing that follows from it: {}.")
    ] = None,
    follow_ups: Annotated[bool, opt.flag("--follow-ups", "And all that follows from it.")] = False,
    step: Annotated[
        bool, opt.flag("--step", "Slides, one a step: Enter next, b back, ? why, q quit.")
    ] = False,
    fragment: Annotated[bool, opt.flag("--fragment", "LaTeX without a preamble, for \\input.")] = False,
    prove: Annotated[
        str | None,
        opt.choice("--prove", ("sympy",), "sympy", "Ask SymPy's simplifier for its verdict too."),
    ] = None,
    format: Annotated[
        str | None, opt.format_among(FORMATS, " Default: by the ending of --output, else text.")
    ] = None,
    output: opt.Output = None,
    quiet: opt.Quiet = False,
    *,
    reading: Reading = Reading(),
) -> None:
    """Derive dp_i / dz_j step by step, as on a board.

    Every line says which rule it uses, and is proved before it is shown; --all says why, too. With logits,
    every line is written with its numbers as well.
    """
    chosen = _format(output, format)
    val.at_most_one(follow_up=follow_up, follow_ups=follow_ups)
    if prove not in (None, "sympy"):
        raise InputError(f"no prover {prove!r}", where="--prove", hint="--prove sympy")
    further, is_topic = follow_ups or bool(follow_up), request.function in TOPICS
    if not is_topic:
        request.check(has_logits=bool(logits), follow_ups=further)
    _refuse_beside(chosen, output, fragment=fragment, step=step)

    read_options = reading.options(request.labels)
    if is_topic:
        topic = request.topic_classes(read_options, has_logits=bool(logits), follow_ups=further)
        telling = _topic(request.function, *topic)
    else:
        telling = _telling(
            request.with_logits(logits, read_options, quiet=quiet)
            if logits
            else request.without_logits(read_options),
            general=request.general,
            follow_ups=FOLLOW_UPS if follow_ups else follow_up or (),
            alone=bool(follow_up),
            board=chosen == "text" and not every,
        )
    telling = replace(telling, every_step=every or telling.every_step, fragment=fragment)
    _deliver(telling if prove is None else _with_verdicts(telling), chosen, output, step=step)


def _refuse_beside(chosen: str, output: str | None, *, fragment: bool, step: bool) -> None:
    """Refuse options that belong to another format than the chosen one."""
    if fragment and chosen != "latex":
        raise InputError("only LaTeX has a preamble", where="--fragment", hint="-f latex --fragment")
    if step and (chosen != "text" or output not in (None, "-")):
        raise InputError(
            "slides are text on a terminal", where="--step", hint="leave out --step, or --format and --output"
        )


def _with_verdicts(telling: Telling) -> Telling:
    """Add SymPy's verdict to every line."""
    from softmax_cli.tutor.answer import with_verdicts

    return replace(
        telling,
        cases=[with_verdicts(lesson) for lesson in telling.cases],
        further=[with_verdicts(lesson) for lesson in telling.further],
    )


def _format(output: str | None, format: str | None) -> str:
    if format is not None:
        if format not in FORMATS:
            raise InputError(
                f"derive writes no format {format!r}", where="--format", hint=f"one of {', '.join(FORMATS)}"
            )
        return format
    ending = "" if output is None else os.path.splitext(output)[1].lower()
    if ending and output != "-" and ending not in DERIVATIONS:
        raise InputError(
            f"no format is known by the ending {ending!r}", where="--output", hint="name one with --format"
        )
    return DERIVATIONS.get(ending, "text")


def _topic(name: str, classes: tuple[str, ...], named: bool) -> Telling:
    from softmax_cli.render.derivation.formats import Telling
    from softmax_cli.tutor.answer import topic_lessons

    return Telling(list(topic_lessons(name, classes, named=named)), every_step=True)


def _telling(
    question: Question, *, general: bool, follow_ups: Sequence[str], alone: bool, board: bool
) -> Telling:
    """Derive what is asked for: the cases, unless only follow-ups are wanted, and the follow-ups."""
    from softmax_cli.render.derivation.formats import Telling
    from softmax_cli.tutor import answer as tutor

    cases: list[Lesson] = []
    if general:
        cases = [tutor.general_lesson(question)]
    elif not alone:
        cases = list(tutor.lessons(question))
    further = list(tutor.further_lessons(question, follow_ups)) if follow_ups else []
    return Telling(cases, further, tutor.summary(question) if board and len(cases) > 1 else ())


def _deliver(telling: Telling, format: str, output: str | None, *, step: bool) -> None:
    from softmax_cli.render.derivation.formats import show, written
    from softmax_cli.render.layout.console import Screen

    if format == "text" and output in (None, "-"):
        screen = Screen.for_output(sys.stdout)
        if screen.interactive:
            if step and sys.stdin.isatty():
                from softmax_cli.render.derivation.slides import walk

                walk(telling.lessons, screen)
            else:
                show(telling, screen)
            return
    from softmax_cli.io.streams.output import open_output

    with open_output(output, binary_format=False) as sink:
        for block in written(telling, format):
            sink.write(block)
