"""The number in a family of mistakes, found from the answers: a scan over all sizes, then ever finer ones."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from softmax_cli.checking.catalogue.mistake import Formula, right, right_formula
from softmax_cli.checking.compare import EPS
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.families import Family, families
from softmax_cli.checking.diagnosis.experiments.theory import Theory
from softmax_cli.checking.inputs import PROBABILITIES, Array, Quantities, Sought, spread
from softmax_cli.checking.test_points import join

_PER_DECADE = 4
_ROUNDS = 11
_BETWEEN = 25
_NEAR = 2
"""After so many rounds more than the first a round number shows."""
_HOPELESS = 0.05
"""A misfit that stays above this, while the number is ever closer, is that of another mistake."""
_STUCK = 0.9
_FEW = 5
_BETTER = 0.7
"""A family that brings the answer no nearer than this, relative to the formula without it, is left."""
_LEAST = 1e-305
_STANDS_OUT = 8.0
_LOOSE = 16.0
"""A number was chosen to fit: what is left is compared less strictly than a formula without one."""


def measured(seen: Sequence[Evidence], mistake: Theory | None = None) -> Iterator[Theory]:
    """Yield the families whose number can be found so that all that was seen is explained.

    They vary the right formula, or a mistake that nearly fits; `seen` are the answers that the number may be
    found from.
    """
    sought = seen[0].sought
    base = right(sought) if mistake is None else mistake.answer
    few = [_few(one) for one in seen]
    first, together = _Rows.of(few[:1]), _Rows.of(few)
    loose = [one._replace(slack=one.slack * _LOOSE) for one in seen]
    for family in families(sought):
        if mistake is not None and not family.in_p:
            continue
        search = _NumberSearch(family, base, first if family.makes == "differences" else together)
        tried: set[float] = set()
        for x in search.numbers():
            if x in tried:
                continue
            tried.add(x)
            theory = _theory(sought, family, base, x)
            if mistake is not None:
                theory = theory._replace(cause=_on_top(mistake.cause, theory.cause))
            if family.makes == "differences" and not _shows(theory, seen[0], base):
                break
            if all(theory.explains(one) for one in loose):
                yield theory
                break


def _shows(theory: Theory, one: Evidence, base: Formula) -> bool:
    """Return whether the error of differences with this step stands out from the rounding that they have."""
    error = np.abs(theory.answer(one.q) - base(one.q)).max()
    return bool(error > _STANDS_OUT * theory.absolute)


class _Rows(NamedTuple):
    """Answers that a number is found from, and the weight of each row: every evidence counts the same."""

    evidence: tuple[Evidence, ...]
    weights: Array

    @classmethod
    def of(cls, few: Sequence[Evidence]) -> "_Rows":
        weights = np.concatenate([np.full(len(one.got), 1.0 / len(one.got)) for one in few])
        if len({one.got.shape[1:] for one in few}) > 1:
            return cls(tuple(few), weights)
        one, *others = few
        inputs, got, slack = one.q.inputs, one.got, one.slack
        for other in others:
            inputs = join(inputs, other.q.inputs)
            got, slack = np.concatenate([got, other.got]), np.concatenate([slack, other.slack])
        return cls((Evidence(one.sought, Quantities.of(inputs), got, slack),), weights)

    def misfits(self, answers: Callable[[Quantities, int], Array], count: int) -> Array:
        """Return how far each of `count` formulas is from the answers, all evaluated at once."""
        apart = []
        with np.errstate(all="ignore"):
            for one in self.evidence:
                answer = answers(_repeated(one.q, count), len(one.got)).reshape(count, *one.got.shape)
                apart.append(_apart(one, answer).reshape(count, len(one.got), -1).mean(axis=2))
        return np.asarray(np.concatenate(apart, axis=1) @ self.weights)


class _NumberSearch(NamedTuple):
    family: Family
    base: Formula
    rows: _Rows

    def numbers(self) -> Iterator[float]:
        """Yield numbers to try: round ones as soon as the search is near, at last what it ends at.

        Nothing is yielded where no number brings the answer well below the misfit without one.
        """
        grid = self._sizes()
        misfit = self._misfits(grid)
        plain = self.rows.misfits(lambda q, _: self.base(q), 1)
        if not misfit.min() < _BETTER * plain[0]:
            return
        for turn in range(_ROUNDS):
            at, before = int(np.argmin(misfit)), misfit.min()
            low, high = grid[max(at - 1, 0)], grid[min(at + 1, grid.size - 1)]
            if low * high <= 0.0 or abs(high / low - 1.0) < 8.0 * EPS:
                break
            grid = np.sign(low) * np.geomspace(abs(low), abs(high), _BETWEEN)
            misfit = self._misfits(grid)
            if turn == _NEAR:
                yield from _nice(float(grid[int(np.argmin(misfit))]))
            if turn >= _NEAR and misfit.min() > max(_HOPELESS, _STUCK * before):
                break
        best = float(grid[int(np.argmin(misfit))])
        yield from (*_nice(best), best)

    def _sizes(self) -> Array:
        """Return numbers of all sizes that the family may have."""
        decades = np.log10(self.family.high / self.family.low)
        grid = np.geomspace(self.family.low, self.family.high, int(decades * _PER_DECADE) + 2)
        return np.concatenate([-grid[::-1], grid]) if self.family.makes == "a term" else grid

    def _misfits(self, numbers: Array) -> Array:
        def answers(q: Quantities, n: int) -> Array:
            return self.family.of(q, np.repeat(numbers, n)[:, None], self.base)

        return self.rows.misfits(answers, numbers.size)


def _few(one: Evidence) -> Evidence:
    """Return some of the rows: enough to find a number by, which the others then confirm."""
    picked = spread(len(one.got), _FEW)
    q = Quantities.of(one.q.inputs.rows(picked))
    return Evidence(one.sought, q, one.got[picked], one.slack[picked])


def _repeated(q: Quantities, count: int) -> Quantities:
    """Return all rows, `count` times over, made once for q: every family is tried on the same."""
    return q.kept(f"{count} times", lambda: Quantities(q.inputs.repeated(count)))


def _apart(one: Evidence, answers: Array) -> Array:
    """Return how far each entry of many answers is from theirs: the difference of signed logarithms."""
    apart = np.abs(_signed_log(one.got) - _signed_log(answers))
    apart[np.abs(one.got - answers) <= one.slack] *= 1e-3  # rounding is not a misfit, but still gives a slope
    return np.asarray(np.where(apart < 2e3, apart, 2e3))


def _signed_log(v: Array) -> Array:
    return np.asarray(np.sign(v) * np.log1p(np.abs(v) / _LEAST))


def _nice(x: float) -> Iterator[float]:
    """Yield round numbers near x, the roundest first."""
    for digits in (1, 2, 3, 4):
        for round_one in (float(f"{x:.{digits - 1}e}"), 1.0 / float(f"{1.0 / x:.{digits - 1}e}")):
            if abs(round_one - x) <= 1e-3 * abs(x):
                yield round_one


def _theory(sought: Sought, family: Family, base: Formula, x: float) -> Theory:
    said = f"{x:.6g}"
    cause = Cause(
        f"{family.id}-{said}" if family.id.startswith("epsilon") else family.id,
        family.title.format(x=said, inverse=f"{1.0 / x:.6g}"),
        family.why,
        f"in p: {family.fix}" if family.in_p and sought.kind not in PROBABILITIES else family.fix,
        family.formula.format(x=said),
        right_formula(sought),
    )

    def answer(q: Quantities) -> Array:
        return family.of(q, np.full((len(q.inputs.z), 1), x), base)

    return Theory(cause, answer, absolute=8.0 * EPS / x if family.makes == "differences" else 0.0)


def _on_top(mistake: Cause, number: Cause) -> Cause:
    """Return the cause of a mistake whose p has a number in it besides."""
    return mistake._replace(
        title=f"{mistake.title}; and {number.title}",
        explanation=f"{mistake.explanation} {number.explanation}",
        fix=f"{mistake.fix}; {number.fix}",
        theirs=f"{mistake.theirs}, with {number.theirs} for p",
    )
