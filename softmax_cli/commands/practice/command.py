"""``softmax practice``: exercises in which every line is proved, or its mistake is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from softmax_cli.commands.command_line import values as val
from softmax_cli.errors import InputError
from softmax_cli.io.formats import EVENTS
from softmax_cli.tutor.exercises.skills import SKILLS

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt

EPILOG = """\b
Examples:
  softmax practice
  softmax practice softmax-other --seed 1
  softmax practice --list
  softmax practice --mark 'p1 p2' --of 1 --wrt 2
  softmax practice --read '-p_a (1 - p_b)/S' --classes a,b,c
"""


def practice(
    skill: Annotated[
        str | None,
        opt.argument(
            "[SKILL]",
            "One of --list, or a mistake that check has named. Default: what is due.",
            opt.offered(tuple(SKILLS)),
        ),
    ] = None,
    seed: Annotated[str | None, opt.value("--seed", "N", "A whole number: the same exercises again.")] = None,
    list_: Annotated[bool, opt.flag("--list", "List the skills.")] = False,
    read: Annotated[str | None, opt.value("--read", "LINE", "Say how a line is read.")] = None,
    mark: Annotated[str | None, opt.value("--mark", "LINE", "Mark one line of a derivative.")] = None,
    after: Annotated[str | None, opt.value("--after", "LINE", "The line before it, for --mark.")] = None,
    of: Annotated[str | None, opt.value("--of", "CLASS", "The output i; a loss's target.")] = None,
    wrt: Annotated[str | None, opt.value("--wrt", "CLASS", "The logit j.")] = None,
    function: opt.FunctionName = "softmax",
    classes: opt.Classes = None,
    temperature: opt.Temperature = "1",
    general: Annotated[
        bool, opt.flag("--general", "For classes i and j of any number K, in one line.")
    ] = False,
    verify: Annotated[bool, opt.flag("--verify", "Solve every exercise, and break every one.")] = False,
    format: Annotated[  # noqa: A002  the option's own name
        str, opt.format_among(EVENTS)
    ] = "text",
) -> int:
    """Practise the derivative line by line.

    Every line that you type is read, proved or refuted, and if it is wrong you are told which thought went
    wrong. Exit code 0 when every exercise of the run was done, else 1.
    """
    from softmax_cli.commands.practice.lines import LineOptions, marked, read_back

    val.at_most_one(list=list_, read=read, mark=mark, verify=verify)
    val.one_of(format, EVENTS, "--format")
    if after is not None and mark is None:
        raise InputError(
            "there is no line to mark after it", where="--after", hint="--mark LINE --after LINE"
        )
    val.at_most_one(general=general, classes=classes)
    asked = LineOptions(
        function,
        () if general else _names(classes),
        of,
        wrt,
        temperature=temperature != "1" and val.positive(temperature, "--temperature") != 1.0,
        json=format != "text",
    )
    if read is not None:
        return read_back(read, asked)
    if mark is not None:
        return marked(mark, after, asked)
    from softmax_cli.commands.practice import run

    if list_:
        return run.listed(format != "text")
    if verify:
        return run.verified(format != "text")
    number = None if seed is None else val.count(seed, "--seed")
    return run.run(run.PracticeOptions(skill, number, json=format != "text", function=function))


def _names(classes: str | None) -> tuple[str, ...]:
    """Return the names of the classes; 1, 2 and 3 if none are given."""
    if classes is None:
        return ("1", "2", "3")
    names = tuple(name.strip() for name in classes.split(","))
    if len(names) < 2 or not all(names) or len(set(names)) < len(names):
        raise InputError(
            f"{classes!r} does not name two classes or more", where="--classes", hint="--classes a,b,c"
        )
    return names
