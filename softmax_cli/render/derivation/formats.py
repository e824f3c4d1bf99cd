"""Derivations in every format they have."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from softmax_cli.render.layout.console import Screen

if TYPE_CHECKING:
    from softmax_cli.tutor.evaluated_derivation import Lesson

ENDINGS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".tex": "latex",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def written(lessons: "Sequence[Lesson]", format: str) -> Iterator[bytes]:  # noqa: A002
    """Yield derivations as the bytes of a file: UTF-8, and 80 columns where layout matters."""
    match format:
        case "markdown":
            from softmax_cli.render.derivation.markdown import markdown as write
        case "latex":
            from softmax_cli.render.derivation.latex import latex as write
        case "html":
            from softmax_cli.render.derivation.html import html as write
        case "json":
            from softmax_cli.render.derivation.json import json_document as write
        case _:
            yield _text(lessons)
            return
    for block in write(lessons):
        yield block.encode()


def _text(lessons: "Sequence[Lesson]") -> bytes:
    from softmax_cli.render.derivation.text import text

    page = io.BytesIO()
    screen = Screen(page)
    screen.show(text(lessons, screen))
    return page.getvalue()


def show(lessons: "Sequence[Lesson]", screen: Screen) -> None:
    """Show derivations to a person, all at once."""
    from softmax_cli.render.derivation.text import text

    screen.show(text(lessons, screen))


def walk(lessons: "Sequence[Lesson]", screen: Screen) -> None:
    """Show derivations to a person, a line for each key."""
    from softmax_cli.render.derivation.walk import walk as walk_through

    walk_through(lessons, screen)
