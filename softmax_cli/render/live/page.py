"""One page for a browser: sliders, bars, Jacobian, simplex, and the derivation beside them.

The file needs no network and no library. Class names reach it as JSON and are shown as text, never as
markup.
"""

import json
import math
from collections.abc import Sequence
from importlib.resources import files

from softmax_cli.errors import InputError
from softmax_cli.learning.exploration import Point
from softmax_cli.render.derivation.html import articles
from softmax_cli.tutor.answer import lessons
from softmax_cli.tutor.question import Question

MOST = 60
"""The most classes that fit on a page."""


def page(point: Point, names: Sequence[str]) -> str:
    """Return the page that starts at a point.

    Raises
    ------
    InputError
        For more than 60 classes.
    """
    if len(names) > MOST:
        raise InputError(f"{len(names):,} classes have no room on a page", hint=f"pick up to {MOST} with -c")
    logits = [z if math.isfinite(z) else str(z) for z in point.logits]
    start = json.dumps({"classes": names, "logits": logits, "temperature": point.temperature})
    template = files("softmax_cli.render.live").joinpath("page.html").read_text("utf-8")
    before, _, rest = template.partition("__DERIVATION__")
    middle, _, after = rest.partition("__START__")
    derivation = "".join(articles(list(lessons(Question("softmax", ("1", "2", "3"))))))
    return before + derivation + middle + start.replace("<", "\\u003c") + after
