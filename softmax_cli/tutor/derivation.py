"""A derivation as data: steps that say what was done, why, and with what result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import TypeAlias

from softmax_cli.core.formula.tree import Node, Symbol
from softmax_cli.tutor.notation import F, G, L, Label, S, T
from softmax_cli.tutor.rules import Rule

Sentence: TypeAlias = tuple[str | Node | Label, ...]
"""Words, expressions and class names (Label); each format writes the latter two in its own way."""


@dataclass(frozen=True)
class Step:
    """One line of the board: lhs = rhs.

    Parameters
    ----------
    id
        A stable name of the step, the same for i = j and for i != j.
    rule
        The rule that gave the line.
    why
        The reason, for this very expression.
    lhs, rhs
        The two sides, equal for all logits and temperatures.
    changed
        The parts of rhs that are new.
    substeps
        The parts of the rule, if it has parts.
    """

    id: str
    rule: Rule
    why: Sentence
    lhs: Node
    rhs: Node
    changed: tuple[Node, ...] = ()
    substeps: tuple["Step", ...] = ()

    def walk(self) -> Iterator["Step"]:
        """Yield this step's substeps, then the step."""
        for substep in self.substeps:
            yield from substep.walk()
        yield self


@dataclass(frozen=True)
class Derivation:
    """A proved chain of lines, from what is asked to the answer.

    Parameters
    ----------
    id
        A stable name: the route of a derivative (``quotient-rule``), or the follow-up (``symmetric``).
    title
        What is derived, in words.
    function
        The function's name, as ``--function`` has it.
    claim
        What is worked out: the left-hand side of the chain.
    definitions
        What each name stands for, in terms of other names, of the logits and of T.
    steps
        The lines.
    k
        The number of classes; 0 for a derivation for any number of classes.
    of, wrt, target
        0-based classes, or None if the derivation has none.
    temperature
        True if T is written.
    members
        The 0-based classes that it is about, in order, if not about all.
    meaning
        What the answer says, in a sentence.
    """

    id: str
    title: Sentence
    function: str
    claim: Node
    definitions: Mapping[Symbol, Node]
    steps: tuple[Step, ...]
    k: int
    of: int | None = None
    wrt: int | None = None
    target: int | None = None
    temperature: bool = False
    members: tuple[int, ...] | None = None
    meaning: Sentence = ()

    @property
    def result(self) -> Node:
        """The answer: the right-hand side of the last line."""
        return self.steps[-1].rhs

    def walk(self) -> Iterator[Step]:
        """Yield every step, each after its substeps: the order in which they are worked out."""
        for step in self.steps:
            yield from step.walk()


@lru_cache
def _template(text: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((words, name) for words, name, _, _ in Formatter().parse(text))


_ALWAYS: Mapping[str, Node | Label | str] = {"f": F, "g": G, "L": L, "S": S, "T": T}
"""What these letters stand for in every sentence that says nothing else of them."""


def sentence(template: str, **parts: Node | Label | str) -> Sentence:
    """Return a sentence with expressions, or more words, put in; the template never comes from a user.

    Examples
    --------
    >>> sentence("The derivative of {x} is 1.", x=Symbol("z"))
    ('The derivative of ', Symbol(name='z', indices=()), ' is 1.')
    """
    words: list[str | Node | Label] = []
    for text, name in _template(template):
        if text:
            words.append(text)
        if name is not None:
            words.append(parts[name] if name in parts else _ALWAYS[name])
    return tuple(words)
