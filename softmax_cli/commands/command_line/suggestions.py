"""What an unknown command or option may mean: a prefix, a near name, or the word of another tool."""

import re
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperOption

from softmax_cli.commands.table import COMMANDS
from softmax_cli.errors import InputError

_OTHER_COMMANDS = {
    "softmax": "probs",
    "logits": "probs",
    "predict": "probs",
    "convert": "probs",
    "grad": "jacobian",
    "gradient": "jacobian",
    "derivative": "derive",
    "explain": "derive",
    "gradcheck": "check",
    "verify": "check",
    "test": "check",
    "nll": "loss",
    "cross-entropy": "loss",
    "ece": "reliability",
    "draw": "sample",
    "fit": "train",
    "quiz": "practice",
    "exercise": "practice",
}
_OTHER_OPTIONS = {
    "--json": "--format json",
    "--csv": "--format csv",
    "--markdown": "--format markdown",
    "--latex": "--format latex",
    "--out": "--output",
    "--file": "--output",
    "--sep": "--delimiter",
    "--labels": "--target-column",
    "--label": "--target-column",
    "--names": "--classes",
    "--class-names": "--classes",
    "--logprobs": "--log",
    "--log-softmax": "--log",
    "--digits": "--precision",
    "--topk": "--top-k",
    "--k": "--top",
    "--fn": "--function",
    "--t": "--temperature",
    "--usage": "--help",
}
"""The words of other tools; a word that the command knows itself is never looked up."""


def as_input_error(error: typer.TyperException, known: Sequence[str]) -> InputError:
    """Turn an error of Typer's into ours, with what was meant; `known` is the command, if one is named."""
    option = getattr(error, "option_name", None)
    context = getattr(error, "ctx", None)
    if option is not None and hasattr(error, "possibilities") and context is not None:
        return _unknown(f"no such option: {option}", option, _options(context), _OTHER_OPTIONS, known)
    message = error.format_message()
    sentence = f"{message[:1].lower()}{message[1:].rstrip('.')}"
    command = re.match("no such command '(.*?)'", sentence)
    if command is not None:
        return _unknown(command[0], command[1], list(COMMANDS), _OTHER_COMMANDS, known)
    return InputError(sentence, hint=_help(known))


def _unknown(
    sentence: str, word: str, names: Sequence[str], others: dict[str, str], known: Sequence[str]
) -> InputError:
    import difflib

    lower = word.lower()
    found = [name for name in names if len(lower.lstrip("-")) > 1 and name.startswith(lower)]
    if not found and others.get(lower, "").partition(" ")[0] in names:
        found = [others[lower]]
    if not found:
        found = difflib.get_close_matches(lower, names, n=2, cutoff=0.65)
    meant = " or ".join(map(repr, found[:3]))
    return InputError(sentence, hint=f"did you mean {meant}?" if found else _help(known))


def _options(context: Any) -> list[str]:
    return [
        name
        for parameter in context.command.get_params(context)
        if isinstance(parameter, TyperOption)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    ]


def _help(known: Sequence[str]) -> str:
    return " ".join(["softmax", *known, "--help"])
