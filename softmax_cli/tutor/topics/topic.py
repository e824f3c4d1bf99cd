"""A derivation of a topic: a claim, the names in it, and its lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import Exp, Frac, Log, Neg, Plus, Times
from softmax_cli.tutor.notation import Notation, notation
from softmax_cli.tutor.proof import prove
from softmax_cli.tutor.topics import TOPICS

ONE = Integer(1)
M = Symbol("m")
"""The number of noise classes that a step draws."""


@dataclass(frozen=True)
class TopicNames:
    """The names on the board of a topic about many classes: those of softmax, and the noise's.

    Parameters
    ----------
    n
        The names of softmax.
    q, d
        How often each class is drawn as noise, and how often it is the label.
    """

    n: Notation
    q: tuple[Symbol, ...]
    d: tuple[Symbol, ...]

    @classmethod
    def of(cls, k: int) -> "TopicNames":
        """Return the names for k classes."""
        q, d = (tuple(Symbol(f"{letter}_{i}") for i in range(1, k + 1)) for letter in "qd")
        return cls(notation(k, False), q, d)

    def expected(self, i: int) -> Expr:
        """Return m q_i, how often class i comes among m draws on average."""
        return Times(M, self.q[i])

    def corrected(self, i: int) -> Expr:
        """Return the corrected logit z_i - log(m q_i)."""
        return Plus(self.n.z[i], Neg(Log(self.expected(i))))

    def weight(self, i: int) -> Expr:
        """Return e^(z_i - log(m q_i))."""
        return Exp(self.corrected(i))

    def share(self, i: int) -> Expr:
        """Return e_i / (m q_i)."""
        return Frac(self.n.e[i], self.expected(i))


def proved(
    name: str,
    topic: str,
    title: str,
    claim: Expr,
    n: Notation,
    definitions: Mapping[Symbol, Expr],
    steps: Iterable[Step],
    **parts: Expr,
) -> Derivation:
    """Return one derivation of a topic, every line of it proved; the title's `parts` are put into it."""
    return prove(
        Derivation(
            id=name,
            title=sentence(title, **parts),
            function=topic,
            claim=claim,
            definitions={**n.softmax, **definitions},
            steps=tuple(steps),
            k=n.k,
            temperature=n.temperature,
        )
    )


def derivations(topic: str, k: int) -> Iterator[Derivation]:
    """Yield the derivations of a topic by its name, for k classes."""
    yield from import_module(f"softmax_cli.tutor.topics.{TOPICS[topic]}").derivations(k)
