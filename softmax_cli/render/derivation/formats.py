"""Derivations in every format they have."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from softmax_cli.render.layout.console import Line, Screen

if TYPE_CHECKING:
    from softmax_cli.tutor.evaluated_derivation import Lesson


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and how fully.

    Parameters
    ----------
    cases
        The derivation, or both cases of one.
    further
        What follows from it.
    summary
        All the derivatives of the function, for the box of the board.
    every_step
        Whether a text has every step with its reason, instead of the board.
    fragment
        Whether LaTeX goes without a preamble.
    """

    cases: "Sequence[Lesson]"
    further: "Sequence[Lesson]" = ()
    summary: "Sequence[Lesson]" = ()
    every_step: bool = False
    fragment: bool = False

    @property
    def lessons(self) -> "Sequence[Lesson]":
        """All that is told, in order."""
        return [*self.cases, *self.further]


def written(telling: Telling, format: str) -> Iterator[bytes]:
    """Yield derivations as the bytes of a file: UTF-8, and 80 columns where layout matters."""
    if format == "text":
        page = io.BytesIO()
        show(telling, Screen(page))
        yield page.getvalue()
        return
    blocks: Iterator[str] = import_module(f"softmax_cli.render.derivation.{format}").write(telling)
    for block in blocks:
        yield block.encode()


def show(telling: Telling, screen: Screen) -> None:
    """Show derivations to a person, all at once."""
    screen.show(_text(telling, screen))


def _text(telling: Telling, screen: Screen) -> Iterator[Line]:
    if telling.every_step:
        from softmax_cli.render.derivation.text import text

        yield from text(telling.lessons, screen)
        return
    from softmax_cli.render.derivation.board import Board

    if telling.cases:
        yield from Board(telling.cases, screen, telling.summary).lines()
    for n, lesson in enumerate(telling.further):
        if n or telling.cases:
            yield ""
        yield from Board([lesson], screen).lines()
