"""``softmax sampled``: objectives that replace the sum over many classes by a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from softmax_cli.commands.command_line import values as val
from softmax_cli.commands.command_line.groups import LocalDelivery, Reading
from softmax_cli.commands.running.pipeline import batches, deliver_summary, notes
from softmax_cli.errors import InputError
from softmax_cli.io.options import LabelOptions

if TYPE_CHECKING:
    from softmax_cli.commands.command_line import options as opt
    from softmax_cli.core.sampling.comparison import Compared
    from softmax_cli.io.noise import NoiseInput
    from softmax_cli.io.table.results.summary import Summary

EPILOG = """\b
Examples:
  softmax sampled 1 0.5 -0.5 -1 --noise 0.4,0.3,0.2,0.1 --negatives 2 --data 0.1,0.2,0.3,0.4
  softmax sampled cat=2 dog=1 eel=-1 --noise 0.5,0.3,0.2 --negatives 1 --target eel
  softmax sampled words.csv -c logit --noise-column count --negatives 100
  softmax sampled 1 0 -1 --noise 1,1,1 --negatives 2 -f json
"""

HITS = ("keep", "drop")


def sampled(
    logits: opt.Logits = None,
    noise: Annotated[
        str | None, opt.value("--noise", "Q1,Q2,...", "How often each class is drawn as a negative.")
    ] = None,
    noise_column: Annotated[
        str | None,
        opt.value(
            "--noise-column",
            "COLUMN",
            "The column that holds these numbers (counts will do), in a table of one line a class.",
        ),
    ] = None,
    negatives: Annotated[int, opt.whole("--negatives", "M", "How many negatives a step draws.")] = 5,
    target: opt.Target = None,
    data: Annotated[
        str | None, opt.value("--data", "P1,P2,...", "How often a class is the label (default: as q).")
    ] = None,
    method: Annotated[
        str | None,
        opt.value(
            "--method", "A,B,...", "The objectives (default: all).", opt.offered(_objectives, several=True)
        ),
    ] = None,
    hits: Annotated[
        str,
        opt.one_of(
            "--hits",
            HITS,
            "keep|drop",
            "Whether a negative that equals the label stays, or is removed.",
            "way",
        ),
    ] = "keep",
    *,
    reading: Reading = Reading(),
    delivery: LocalDelivery = LocalDelivery(),
) -> None:
    """Set sampled objectives beside the full softmax.

    One label and M negatives, drawn from q, stand in for all k classes. For each objective: its mean loss and
    gradient over all draws, how far that is from the full gradient (bias, cosine), how much one step scatters
    (sd), and which probabilities it learns.
    """
    logits = val.need_logits(logits, "softmax sampled 1 0.5 -0.5 -1 --noise 0.4,0.3,0.2,0.1 --negatives 2")
    val.at_most_one(noise=noise, noise_column=noise_column)
    val.at_most_one(target=target, data=data)
    if noise is None and noise_column is None:
        raise InputError(
            "from which distribution are the negatives drawn?",
            hint="--noise q1,q2,... or --noise-column NAME",
        )
    known = _objectives()
    wanted = (
        known if method is None else [val.one_of(m, "--method", known, "method") for m in method.split(",")]
    )

    from softmax_cli.core.sampling.comparison import compare
    from softmax_cli.io.noise import setting
    from softmax_cli.render.results.sampling.sampled import sampled as draw

    say = notes(quiet=delivery.quiet)
    options = reading.options(LabelOptions(weight_column=noise_column))
    options = options._replace(by_class=noise_column is not None)
    rows = batches(logits, options, quiet=delivery.quiet)
    found = setting(rows, noise, target, data, say)
    compared = compare(found.z, found.noise, found.label, negatives, methods=wanted, drop=hits == "drop")
    deliver_summary(
        _summary(found, negatives, compared),
        delivery,
        lambda screen: draw(found, negatives, compared, screen),
    )


def _objectives() -> list[str]:
    from softmax_cli.core.sampling.objectives import OBJECTIVES

    return list(OBJECTIVES)


def _summary(found: NoiseInput, negatives: int, compared: Sequence[Compared]) -> Summary:
    from softmax_cli.io.table.results.summary import Summary

    document = {"classes": found.classes, "negatives": negatives, "methods": list(map(_object, compared))}
    return Summary(document, [_line(found.classes, one) for one in compared])


def _object(one: Compared) -> Mapping[str, Any]:
    shown: dict[str, Any] = {
        "method": one.method,
        "loss": one.loss,
        "gradient": one.gradient,
        "bias": _number(one.bias),
        "cosine": _number(one.cosine),
        "sd": _number(one.sd),
        "exact": True,
        "learns": one.learns,
    }
    if one.learns_logits is not None:
        shown["learns_logits"] = one.learns_logits
    if one.trained is not None:
        shown["trained"] = one.trained
    return shown


def _line(classes: Sequence[str], one: Compared) -> Mapping[str, Any]:
    learns = [None] * len(classes) if one.learns is None else one.learns.tolist()
    return {
        "method": one.method,
        "loss": one.loss,
        "bias": _number(one.bias),
        "cosine": _number(one.cosine),
        "sd": _number(one.sd),
        **{f"gradient_{name}": float(value) for name, value in zip(classes, one.gradient, strict=True)},
        **{f"learns_{name}": value for name, value in zip(classes, learns, strict=True)},
    }


def _number(value: float) -> float | None:
    """Return the number, or None if the full gradient is 0, so that nothing can be compared with it."""
    return value if abs(value) < float("inf") else None
