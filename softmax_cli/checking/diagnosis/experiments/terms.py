"""Formulas that are in no list: a sum of a few named terms, each with a coefficient that is found.

Right formulas are sums of two terms or three; most mistakes exchange one, add one, or scale one. The sum is
told only if it gives every number, at other numbers of classes and temperatures too.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.named_terms import RIGHT_TERMS, Term, of_terms
from softmax_cli.checking.diagnosis.experiments.theory import Theory
from softmax_cli.checking.inputs import Array, Quantities

_LOOSE = 64.0
_MOST = 3
_MOST_FOUND = 3
_PLAIN = (1.0, 2.0, 0.5, 3.0)


class LinearCombination(NamedTuple):
    """A sum of terms with coefficients: (text, the coefficient of each row, the term)."""

    parts: tuple[tuple[str, "Coefficient", Term], ...]
    power: int

    def answer(self, q: Quantities) -> Array:
        """Return the sum, divided by T^power."""
        total = sum((c.value(q) * term(q) for _, c, (_, term) in self.parts), start=np.zeros(()))
        return np.asarray(total / q.t.reshape(-1, *[1] * (np.ndim(total) - 1)) ** self.power)

    @property
    def text(self) -> str:
        """The sum as it is written."""
        said = ""
        for name, c, _ in self.parts:
            sign = " - " if c.number < 0 else " + "
            said += (sign if said else sign.strip().replace("+", "")) + c.times(name)
        return f"({said}) / T" if self.power == 1 and len(self.parts) > 1 else said + self._over

    @property
    def _over(self) -> str:
        return {0: "", 1: " / T"}.get(self.power, f" / T^{self.power}")


class Coefficient(NamedTuple):
    """A number times a power of the number of classes."""

    number: float
    power_of_k: float = 0.0

    def value(self, q: Quantities) -> float:
        """Return the coefficient at these inputs."""
        return float(self.number * q.inputs.k**self.power_of_k)

    def times(self, name: str) -> str:
        """Return the product with a term, in words and without its sign."""
        size = abs(self.number)
        over = {0.0: "", -1.0: " / k", -0.5: " / sqrt(k)", 1.0: " k"}[self.power_of_k]
        if name == "1":
            return f"{size:.6g}{over}"
        said = f"{size:.6g}"
        return (f"{said} " if said != "1" else "") + name + over


def sums(
    evidence: Evidence, mask: NDArray[np.bool_] | None = None, most: int = _MOST
) -> Iterator[LinearCombination]:
    """Yield the sums of at most `most` terms that give every number, those of fewer terms first.

    The evidence is of one number of classes; `mask` says which entries count, of an answer in parts.
    """
    terms = of_terms(evidence.sought.kind)
    with np.errstate(all="ignore"):
        columns, names = _columns(terms, evidence, mask)
    where = np.ones(evidence.got.shape, bool) if mask is None else np.broadcast_to(mask, evidence.got.shape)
    slack = _LOOSE * evidence.slack[where]
    t = np.broadcast_to(evidence.q.t.reshape(-1, *[1] * (evidence.got.ndim - 1)), evidence.got.shape)[where]
    for power in (0,) if np.all(t == 1.0) else (1, 0, 2):
        got = evidence.got[where] * t**power
        for picked, coefficients in _solutions(columns, got, slack * t**power, most):
            for chosen in product(*(_readings(c, evidence.q.inputs.k) for c in coefficients)):
                parts = tuple((names[i][0], c, names[i]) for i, c in zip(picked, chosen, strict=True))
                yield LinearCombination(parts, power)


def _columns(
    terms: Sequence[Term], evidence: Evidence, mask: NDArray[np.bool_] | None
) -> tuple[Array, list[Term]]:
    """Return the terms that tell anything here, as columns, shape (entries, terms)."""
    shape = evidence.got.shape
    where = np.ones(shape, bool) if mask is None else np.broadcast_to(mask, shape)
    kept: list[Array] = []
    names: list[Term] = []
    for name, term in terms:
        column = np.broadcast_to(term(evidence.q), shape)[where]
        if np.isfinite(column).all() and np.any(column) and not any(_parallel(column, one) for one in kept):
            kept.append(column)
            names.append((name, term))
    return np.stack(kept, axis=1), names


def _parallel(a: Array, b: Array) -> bool:
    return bool(abs(a @ b) ** 2 > (1.0 - 1e-9) * (a @ a) * (b @ b))


def _solutions(
    columns: Array, got: Array, slack: Array, most: int
) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Yield the terms and coefficients that give every number, of the fewest terms that do."""
    count = columns.shape[1]
    weight = 1.0 / np.maximum(slack, 1e-300)
    weight /= weight.max()
    scaled = columns * weight[:, None]
    length = np.sqrt((scaled**2).sum(axis=0))
    scaled = scaled / length
    target = got * weight
    for size in range(1, most + 1):
        if got.size < size + 3:
            return
        picks = [p for p in combinations(range(count), size) if size < 3 or p[0] < 2]
        found = list(islice(_exact(np.array(picks), scaled, target, slack * weight), _MOST_FOUND))
        if found:
            yield from ((pick, c / length[list(pick)]) for pick, c in found)
            return


def _exact(
    picks: NDArray[np.intp], columns: Array, target: Array, slack: Array
) -> Iterator[tuple[tuple[int, ...], Array]]:
    gram, moment = columns.T @ columns, columns.T @ target
    matrices = gram[picks[:, :, None], picks[:, None, :]]
    matrices = matrices + 1e-15 * np.eye(picks.shape[1])
    first = np.linalg.solve(matrices, moment[picks][:, :, None])[:, :, 0]
    left = target - (columns[:, picks] * first).sum(axis=2).T
    near = np.abs(left).max(axis=1) <= 1e-5 * np.abs(target).max() + slack.max()
    for pick in picks[near]:
        c: Array = np.asarray(np.linalg.lstsq(columns[:, pick], target, rcond=None)[0], np.float64)
        if (
            np.all(np.abs(target - columns[:, pick] @ c) <= slack)
            and np.abs(c).min() > 1e-9 * np.abs(c).max()
        ):
            yield tuple(pick), c


def _readings(c: float, k: int) -> list[Coefficient]:
    """Return what a coefficient that was found at k classes may be at any number of them."""
    found = [
        Coefficient(float(np.copysign(plain, c)), power)
        for power in (0.0, -1.0, -0.5, 1.0)
        for plain in _PLAIN
        if abs(abs(c) / k**power - plain) <= 1e-8 * plain
    ]
    rounded = float(f"{c:.6g}")
    return found or [Coefficient(rounded if abs(rounded - c) <= 1e-9 * abs(c) else float(c))]


def theories(evidence: Evidence) -> Iterator[Theory]:
    """Yield the sums that give every number, as causes."""
    expected = RIGHT_TERMS.get(evidence.sought, {})
    formula = right_formula(evidence.sought)
    right = {name: Coefficient(c) for name, c in expected.items()}
    found = list(sums(evidence))
    if any({name: c for name, c, _ in one.parts} == right for one in found):
        return  # read to so many digits it is the right formula, which explains nothing
    for one in found:
        name, title = _told(one, expected)
        cause = Cause(
            name,
            title,
            "Their formula was found from their numbers, and gives every one of them.",
            f"compare term by term with {formula}",
            one.text,
            formula,
        )
        yield Theory(cause, one.answer)


def _told(one: LinearCombination, expected: dict[str, float]) -> tuple[str, str]:
    """Return a name and in words how the terms differ from the right ones."""
    theirs = {name: c for name, c, _ in one.parts}
    missing = [_signed(Coefficient(c), name) for name, c in expected.items() if name not in theirs]
    extra = [_signed(c, name) for name, c in theirs.items() if name not in expected]
    scaled = [name for name in expected if name in theirs and theirs[name] != Coefficient(expected[name])]
    if len(missing) == len(expected) or (scaled and extra):
        return "other-terms", f"it computes {one.text}"
    if scaled:
        names = " and of ".join(scaled)
        return "a-term-scaled", f"it computes {one.text}: the coefficient of {names} is wrong"
    if missing and extra:
        return "a-term-replaced", f"{' '.join(extra)} stands where {' '.join(missing)} belongs"
    if extra:
        return "a-term-added", f"extra term{'s' * (len(extra) > 1)}: {' '.join(extra)}"
    return "a-term-missing", f"the term {' '.join(missing)} is missing"


def _signed(c: Coefficient, name: str) -> str:
    return ("-" if c.number < 0 else "+") + " " + c.times(name)
