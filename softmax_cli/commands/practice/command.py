"""``softmax practice``: exercises in which every line is proved, or its mistake is explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

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


def _names(text: str, option: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if len(names) < 2 or not all(names) or len(set(names)) < len(names):
        raise InputError(f"{text!r} does not name two classes or more", where=option, hint=f"{option} a,b,c")
    return names


class PracticeOptions(NamedTuple):
    """What the command line asks for: a group of options."""

    skill: Annotated[
        str | None,
        opt.argument(
            "[SKILL]",
            "One of --list, or a mistake that check has named. Default: what is due.",
            opt.offered(tuple(SKILLS)),
        ),
    ] = None
    seed: Annotated[int | None, opt.count("--seed", "N", "A whole number: the same exercises again.")] = None
    list_: Annotated[bool, opt.flag("--list", "List the skills.")] = False
    read: Annotated[str | None, opt.value("--read", "LINE", "Say how a line is read.")] = None
    mark: Annotated[str | None, opt.value("--mark", "LINE", "Mark one line of a derivative.")] = None
    after: Annotated[str | None, opt.value("--after", "LINE", "The line before it, for --mark.")] = None
    of: Annotated[str | None, opt.value("--of", "CLASS", "The output i; a loss's target.")] = None
    wrt: Annotated[str | None, opt.value("--wrt", "CLASS", "The logit j.")] = None
    function: opt.FunctionName = "softmax"
    classes: Annotated[
        Sequence[str] | None,
        opt.value(
            "--classes", "A,B,C", "Names of the classes, if the input has none or others.", read=_names
        ),
    ] = None
    temperature: opt.Temperature = 1.0
    general: Annotated[bool, opt.flag("--general", "For classes i and j of any number K, in one line.")] = (
        False
    )
    verify: Annotated[bool, opt.flag("--verify", "Solve every exercise, and break every one.")] = False
    format: Annotated[str, opt.one_of("--format -f", EVENTS, "FORMAT", "One of {}.")] = "text"

    @property
    def json(self) -> bool:
        """Whether to answer in objects, for programs."""
        return self.format != "text"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes: 1, 2 and 3 if none are given, none for any number of classes."""
        return () if self.general else tuple(self.classes or ("1", "2", "3"))


def practice(options: PracticeOptions = PracticeOptions()) -> int:
    """Practise the derivative line by line.

    Every line that you type is read, proved or refuted, and if it is wrong you are told which thought went
    wrong. Exit code 0 when every exercise of the run was done, else 1.
    """
    val.at_most_one(list=options.list_, read=options.read, mark=options.mark, verify=options.verify)
    if options.after is not None and options.mark is None:
        raise InputError(
            "there is no line to mark after it", where="--after", hint="--mark LINE --after LINE"
        )
    val.at_most_one(general=options.general, classes=options.classes)
    if options.read is not None:
        from softmax_cli.commands.practice.lines import read_back

        return read_back(options.read, options)
    if options.mark is not None:
        from softmax_cli.commands.practice.lines import marked

        return marked(options.mark, options)
    from softmax_cli.commands.practice import run

    if options.list_:
        return run.listed(options.json)
    if options.verify:
        return run.verified(options.json)
    return run.run(options)
