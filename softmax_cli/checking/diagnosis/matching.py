"""Answers compared with formulas: all mistakes at once, each free to be multiplied by a factor."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.factors import Factor, factors
from softmax_cli.checking.catalogue.mistake import Formula, Mistake, right, right_formula
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.inputs import Array, Inputs, Quantities, Sought

_CLOSE = 0.02
_SAME = 1e-11
_WIDE = 4.0
"""The factor of least squares is not the exact one: rounded values may be out by more with it."""


class Fit(NamedTuple):
    """A mistake whose numbers are the answer's.

    Parameters
    ----------
    mistake
        The formula.
    factor
        What it is multiplied by; None for 1, or for a number that has no name.
    scale
        That number, one a row.
    """

    mistake: Mistake
    factor: Factor | None
    scale: Array

    @property
    def rank(self) -> int:
        """0 for the formula itself, 1 with a named factor, 2 with a number common to all rows, else 3."""
        if self.factor is not None:
            return 1
        if np.allclose(self.scale, 1.0, rtol=1e-12, atol=0.0):
            return 0
        return 2 if np.ptp(self.scale) <= 1e-6 * abs(self.scale[0]) else 3

    @property
    def is_right(self) -> bool:
        """Whether it is the right formula itself, which explains nothing that is wrong."""
        return self.rank == 0 and self.mistake.id == "right"

    def cause(self, right: str) -> Cause:
        """Return the mistake as a cause, whatever it is multiplied by; `right` is the right formula."""
        name, title, theirs, why, fix, *_ = self.mistake
        return Cause(name, title, why, fix, theirs, right)

    @property
    def times(self) -> str:
        """What the formula is multiplied by, in words; "" for 1."""
        if self.factor is not None:
            return self.factor.name
        number = float(self.scale[0])
        said = f"{number:.6g}"
        return "" if self.rank == 0 else f"{number:.15g}" if said == "1" else said

    def answer(self, q: Quantities) -> Array:
        """Return the wrong answer at other inputs."""
        plain = self.mistake.answer(q)
        if self.factor is None:
            return plain * (1.0 if self.rank == 0 else float(self.scale[0]))
        factor = self.factor.value(q)
        return plain * factor.reshape(-1, *[1] * (plain.ndim - 1))


class Candidates(NamedTuple):
    """Mistakes, and what each would answer: shape (count, n, ...). The right formula comes first."""

    mistakes: tuple[Mistake, ...]
    answers: Array

    @classmethod
    def of(cls, sought: Sought, mistakes: Sequence[Mistake], q: Quantities) -> "Candidates":
        """Evaluate the right formula and every mistake whose quantities are there."""
        formula = right(sought)
        own = [Mistake("right", "", right_formula(sought), "", "", formula)]
        built: list[Mistake] = []
        probabilities: list[Array] = []
        with np.errstate(all="ignore"):
            answers = [formula(q)]
            for mistake in mistakes:
                if mistake.probabilities is not None:
                    built.append(mistake)
                    probabilities.append(mistake.probabilities(q))
                    continue
                try:
                    answers.append(mistake.answer(q))
                except LookupError:
                    continue  # a formula of what was not given
                own.append(mistake)
            stacked = np.array(answers)
            if built:
                stacked = np.concatenate([stacked, on_each(formula, q, probabilities)])
        return cls((*own, *built), stacked)

    @classmethod
    def known(cls, sought: Sought, mistakes: tuple[Mistake, ...], q: Quantities) -> "Candidates":
        """Return the same of mistakes of the catalogue, which are evaluated once for q."""
        return q.kept(("candidates", sought, mistakes), lambda: cls.of(sought, mistakes, q))

    def joined(self, more: "Candidates") -> "Candidates":
        """Return these and others, which the right formula leads as well."""
        answers = np.concatenate([self.answers, more.answers[1:]])
        return Candidates((*self.mistakes, *more.mistakes[1:]), answers)

    def part(self, mask: NDArray[np.bool_]) -> "Candidates":
        """Return the entries of the mask, as many in each row."""
        count, n = self.answers.shape[:2]
        return Candidates(self.mistakes, self.answers[:, mask].reshape(count, n, -1))

    def exact(self, evidence: Evidence) -> list[Fit]:
        """Return the mistakes that fit without a factor; none where the right formula fits with one."""
        scale, fitting = self._scales(evidence)
        if fitting[0]:
            return []
        one = np.ones(len(evidence.got))
        at = np.flatnonzero(fitting)
        return [Fit(self.mistakes[i], None, one) for i in at[self._hold(evidence, one, scale, at)]]

    def fits(self, evidence: Evidence) -> list[Fit]:
        """Return the mistakes that the evidence fits, without or with a factor, in their order.

        One that equals the right formula at these inputs explains nothing, and is left out.
        """
        scale, fitting = self._scales(evidence)
        one = np.ones(len(evidence.got))
        at = np.flatnonzero(fitting)
        plain = self._hold(evidence, one, scale, at)
        if plain.all():
            return [Fit(self.mistakes[i], None, one) for i in at]
        named = self._named(evidence, scale, at[~plain])
        found = []
        for i, is_plain in zip(at.tolist(), plain, strict=True):
            if is_plain:
                found.append(Fit(self.mistakes[i], None, one))
            else:
                found.extend(_likeliest(self.mistakes[i], named.get(i, []), scale[i]))
        return found

    def _hold(self, evidence: Evidence, c: Array, scale: Array, at: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which candidates, each row times its c, are what was answered; least squares say `scale`."""
        got, slack, answers = self._flat(evidence)
        near = np.all(np.abs(got - c[:, None] * answers[at]) <= slack, axis=(1, 2))
        return np.asarray(near & _close(scale[at], c))

    def _named(self, evidence: Evidence, scale: Array, at: NDArray[np.intp]) -> dict[int, list[Fit]]:
        """Return the fits of each candidate with a factor that has a name."""
        found: dict[int, list[Fit]] = {}
        for factor, value in factor_values(evidence.q):
            close = at[_close(scale[at], value)]
            for i in close[self._hold(evidence, value, scale, close)].tolist() if close.size else ():
                found.setdefault(i, []).append(Fit(self.mistakes[i], factor, value))
        return found

    def _flat(self, evidence: Evidence) -> tuple[Array, Array, Array]:
        """Return what was answered, its slack and all candidates, the entries of a row in one line."""
        count, n = self.answers.shape[:2]
        got, slack = evidence.got.reshape(n, -1), evidence.slack.reshape(n, -1)
        return got, slack, self.answers.reshape(count, n, -1)

    def _scales(self, evidence: Evidence) -> tuple[Array, NDArray[np.bool_]]:
        """Return by how much each candidate is to be multiplied in each row, and which of them fit so."""
        got, slack, answers = self._flat(evidence)
        with np.errstate(all="ignore"):
            # Least squares, entries weighted by how exactly they are known; scaled: no square overflows.
            known = slack / slack.max(axis=1, keepdims=True)
            size = np.abs(answers).max(axis=2, keepdims=True)
            ours = answers / known
            ours /= np.abs(ours).max(axis=2, keepdims=True)
            scale = (ours * (got / known)).sum(axis=2) / (ours * (answers / known)).sum(axis=2)
            near = np.abs(got - np.where(np.isnan(scale), 1.0, scale)[:, :, None] * answers) <= _WIDE * slack
            fitting = np.all(near, axis=(1, 2))
            # Nothing but zeros on both sides fits whatever the factor is.
            nothing = np.asarray(~np.any(answers, axis=2) & ~np.any(got, axis=1))
            fitting &= np.all((np.isfinite(scale) & (scale != 0.0)) | nothing, axis=1) & ~np.all(
                nothing, axis=1
            )
            idle = np.all(np.abs(answers - answers[0]) <= np.maximum(_SAME * size[0], slack), axis=(1, 2))
        idle[0] = False
        return scale, fitting & ~idle


def on_each(formula: Formula, q: Quantities, probabilities: Sequence[Array]) -> Array:
    """Return a formula on each of many wrong probabilities, (count, n, ...), all evaluated at once."""
    count, n = len(probabilities), q.inputs.n
    rows = (np.arange(count)[:, None] * n + np.arange(n)[q.rows]).ravel()
    answer = formula(Quantities(q.inputs.repeated(count), rows, q.classes, np.concatenate(probabilities)))
    return answer.reshape(count, -1, *answer.shape[1:])


def factor_values(q: Quantities) -> list[tuple[Factor, Array]]:
    """Return every factor with its number in each row, computed once for q."""
    return q.kept("factors", lambda: [(factor, factor.value(q)) for factor in factors(q.inputs)])


def _likeliest(mistake: Mistake, named: list[Fit], scale: Array) -> list[Fit]:
    """Return a mistake's fits with factors that are told, or with a number that has no name."""
    common = [fit for fit in named if fit.factor is not None and not fit.factor.rare]
    known = np.where(np.isnan(scale), scale[np.isfinite(scale)][0], scale)
    likely = common or named or [Fit(mistake, None, known)]
    return likely if mistake.id == "right" else likely[:1]


def _close(scale: Array, c: Array) -> NDArray[np.bool_]:
    """Return which candidates may be times c in each row, by what least squares say."""
    return np.asarray((np.isnan(scale) | (np.abs(scale - c) <= _CLOSE * np.abs(c))).all(axis=1))


def untempered(evidence: Evidence) -> list[Fit]:
    """Return the mistakes that fit when the temperature is ignored as well."""
    sought, q, *_ = evidence
    if np.all(q.inputs.temperature == 1.0):
        return []
    chosen = tuple(m for m in mistakes(sought) if m.probabilities is None)
    found = Candidates.of(sought, chosen, q.untempered()).fits(evidence)
    return [
        fit._replace(mistake=_ignoring_temperature(fit.mistake)) for fit in found if fit.mistake.id != "right"
    ]


def _ignoring_temperature(mistake: Mistake) -> Mistake:
    def answer(q: Quantities) -> Array:
        return mistake.answer(q.untempered())

    return mistake._replace(
        title=f"{mistake.title}; and the temperature is ignored",
        why=f"{mistake.why} And the logits must be divided by T.",
        answer=answer,
    )


def block(inputs: Inputs, most: int, also: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return about `most` classes that tell formulas apart: the largest, the last, others, and `also`."""
    k = inputs.k
    if k <= most:
        return np.arange(k)
    by_size = np.argsort(-inputs.z[0])
    spread = by_size[np.linspace(0, k - 1, most - 4).astype(int)]
    return np.array(sorted({*by_size[:2].tolist(), 0, k - 1, *spread.tolist(), *also.tolist()}))
