"""``softmax check --sweep``: error against step size, as a plot, a picture or numbers."""

import math
from typing import TYPE_CHECKING

from softmax_cli.commands.check.question import CheckQuestion
from softmax_cli.commands.running.pipeline import show
from softmax_cli.errors import InputError
from softmax_cli.io.write import open_output, write_document

if TYPE_CHECKING:
    from softmax_cli.checking.sweep import Sweep


def show_sweep(question: CheckQuestion) -> None:
    """Draw the sweep, or write it as JSON, or as a picture to a file that ends in .png or .svg."""
    from softmax_cli.checking.sweep import sweep

    if not question.words:
        raise InputError("a sweep needs logits", where="--sweep", hint="softmax check 1.43 -0.4 0.23 --sweep")
    found = sweep(question.function, question.inputs(question.batch()), question.options.method or "central")
    ending = (question.options.output or "").rpartition(".")[2].lower()
    if ending in ("png", "svg"):
        from softmax_cli.render.results.check_sweep import picture

        with open_output(question.options.output, binary_format=ending == "png") as sink:
            picture(found, sink.stream, ending)
    elif question.options.json:
        write_document(_document(found), question.options.output)
    else:
        from softmax_cli.render.results.check_sweep import sweep as draw

        show(lambda screen: draw(found, screen), question.options.output)


def _document(found: "Sweep") -> dict[str, object]:
    return {
        "method": found.method,
        "steps": found.steps,
        "errors": [None if math.isnan(e) else e for e in found.errors.tolist()],
        "best": float(found.steps[found.best]),
    }
