"""What a drawing looks like, and the drawings and names that the tests share."""

import io
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from softmax_cli.render.layout.console import Line, Screen

Draw: TypeAlias = Callable[..., list[str]]
"""The fixture `draw`."""

DRAWINGS = ["probs", "log", "jacobian", "gradient", "jvp", "vjp", "top", "steps", "compare"]
IRIS = ["setosa", "versicolor", "virginica"]


def on_screen(
    drawing: Callable[[Screen], Iterable[Line]], *, encoding: str = "utf-8", **screen: Any
) -> list[str]:
    """Return the lines that a drawing shows on a screen of these properties."""
    stream = io.BytesIO()
    shown = Screen(stream, encoding=encoding, **screen)
    shown.show(drawing(shown))
    return stream.getvalue().decode(encoding).split("\n")[:-1]
