"""What a computation leaves behind in its numbers: a normalised row, a wide step, rounding noise, counts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.catalogue.table import mistakes
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence
from softmax_cli.checking.inputs import Array, Kind, Quantities, softmax

_STEPS = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
_NEAR = 3e-5
_PARTS = 12
_MOST = 3000
_COUNTS = 5000
_BLUR = 1e-3


@dataclass(frozen=True, slots=True)
class Traces:
    """The ways of reading them, each a cause or None."""

    function: str
    kind: Kind
    evidence: Evidence

    @property
    def blur(self) -> float:
        """How inexactly the numbers can be read, relative to the largest: rounded ones show no traces."""
        return float(self.evidence.slack.max()) / max(float(np.abs(self.evidence.got).max()), 1e-300)

    def by_row(self) -> Cause | None:
        """Return the cause where every input's answer is the right one times a number of its own."""
        got = self.evidence.got.reshape(len(self.evidence.got), -1)
        expected = right(self.function, self.kind)(self.evidence.q).reshape(got.shape)
        if got.shape[1] < 3 or self.blur > _BLUR:
            return None
        c = (got * expected).sum(axis=1) / (expected * expected).sum(axis=1)
        loose = _NEAR * (np.abs(got) + 0.1 * np.abs(got).max(axis=1, keepdims=True))
        slack = np.maximum(self.evidence.slack.reshape(got.shape), loose)
        if not np.all(np.abs(got - c[:, None] * expected) <= slack) or np.ptp(c) <= 1e-4 * abs(c[0]):
            return None
        for name, title, fix, value in _of_lengths(got, self.evidence.q):
            if np.allclose(value, 1.0, rtol=_NEAR):
                return self._cause(name, title, "The formula is right; its length is not.", fix)
        said = ", ".join(f"{x:.4g}" for x in c[:3])
        return self._cause(
            "scaled-by-input",
            f"every input's answer is the right one times a number of its own: {said}, ...",
            "The formula is right, but for a factor that depends on the input.",
            "look for a norm, a sum or a mean that everything is multiplied or divided by",
        )

    def wide_step(self) -> Cause | None:
        """Recognise finite differences whose step is so wide that their error is large."""
        if (self.function, self.kind) != ("softmax", "jacobian") or self.evidence.q.classes != slice(None):
            return None
        if self.blur > _BLUR:
            return None
        q = self.evidence.q
        for h in _STEPS:
            up, middle, down = _perturbed(q, h), q.p[:, :, None], _perturbed(q, -h)
            for name, value in (
                ("one-sided", (up - middle) / h),
                ("one-sided", (middle - down) / h),
                ("central", (up - down) / (2.0 * h)),
            ):
                if np.all(
                    np.abs(self.evidence.got - value) <= np.minimum(self.evidence.slack / h, 1e-3 * q.p.max())
                ):
                    return self._cause(
                        "step-too-large",
                        f"these are {name} finite differences whose step h={h:g} is too large: "
                        "what is off is their truncation error",
                        "The error of a difference grows with its step.",
                        "use the formula, or the complex step Im f(z + ih) / h, which has no such error",
                    )
        return None

    def nearly(self) -> Cause | None:
        """Return a mistake of the catalogue that fits to a few digits, as differences and float32 do."""
        got = self.evidence.got
        if self.blur > _BLUR:
            return None
        size = np.abs(got).reshape(len(got), -1).max(axis=1).reshape(-1, *[1] * (got.ndim - 1))
        slack = np.maximum(self.evidence.slack, _NEAR * (np.abs(got) + 0.1 * size))
        loose = replace(self.evidence, slack=slack)
        candidates = Candidates.of(
            self.function, self.kind, mistakes(self.function, self.kind), self.evidence.q
        )
        fits = [fit for fit in candidates.fits(loose) if fit.rank <= 1 and fit.mistake.id != "right"]
        if not fits:
            return None
        fit = min(fits, key=lambda fit: fit.rank)
        times = "" if fit.factor is None else f"; and all of it is multiplied by {fit.factor.name}"
        mistake = fit.mistake
        return Cause(
            mistake.id,
            f"{mistake.title}{times} (to a few digits: finite differences or single precision inside)",
            mistake.why,
            mistake.fix,
            mistake.formula,
            right_formula(self.function, self.kind),
            None if fit.factor is None else fit.factor.name,
        )

    def quantum(self) -> Cause | None:
        """Recognise values that are all whole multiples of one number: rounding noise, or counts."""
        size = np.unique(np.abs(self.evidence.got[self.evidence.got != 0.0]))
        if size.size < 4 or self.blur > _BLUR:
            return None
        unit = next(
            (size[0] / part for part in range(1, _PARTS + 1) if _whole(size * (part / size[0]))), None
        )
        if unit is None:
            return None
        each = round(1.0 / unit)
        if abs(np.log10(unit) - np.rint(np.log10(unit))) < 1e-9:
            return None  # rounded decimals
        if 1 < each <= _COUNTS and abs(1.0 / unit - each) < 1e-6 * each:
            return self._cause(
                "counts",
                f"every value is a whole multiple of 1/{each}: it is made of counts (random draws) or of "
                "rounded numbers, not by the formula",
                "A sample has noise that the exact derivative has not.",
                "use the formula",
            )
        return self._cause(
            "rounding-noise",
            f"every value is a whole multiple of {unit:.3g}: differences so small that only round-off noise "
            "is left (a step too small for the precision, such as float32)",
            "f(z + h) - f(z) is a few units of the last place, divided by h.",
            "use the formula, or the complex step Im f(z + ih) / h, which has no such error",
        )

    def _cause(self, name: str, title: str, why: str, fix: str) -> Cause:
        return Cause(name, title, why, fix, "", right_formula(self.function, self.kind))


def _whole(ratios: Array) -> bool:
    return bool(ratios[-1] <= _MOST and np.all(np.abs(ratios - np.rint(ratios)) <= 1e-6 * ratios))


def _perturbed(q: Quantities, h: float) -> Array:
    """Return p(z + h e_j), shape (n, k, k): class i, perturbed logit j."""
    z = q.z[:, None, :] + h * np.eye(q.inputs.k)
    return softmax(z / q.t3).transpose(0, 2, 1)


def _of_lengths(got: Array, q: Quantities) -> Iterator[tuple[str, str, str, Array]]:
    """Yield (id, title, fix, what is 1 in every row where that is the cause)."""
    euclid = np.sqrt((got * got).sum(axis=1))
    name, fix = "normalised", "do not normalise the result"
    yield name, "the answer is normalised to unit length: divided by its own Euclidean norm", fix, euclid
    yield name, "the answer is normalised: its absolute values sum to 1", fix, np.abs(got).sum(axis=1)
    yield (
        name,
        "the answer is normalised: divided by its largest absolute value",
        fix,
        np.abs(got).max(axis=1),
    )
    if q.inputs.vector is None:
        return
    v = q.g
    expected = (got * got).sum(axis=1)
    formula = q.p * (v - q.total(v * q.p)) / q.t
    c = np.sqrt(expected / (formula * formula).sum(axis=1))
    norm = np.sqrt((v * v).sum(axis=1))
    fix = "do not divide by the length of the vector: J v is linear in v"
    yield (
        "over-norm",
        "divided by the length of the vector, |v|: the derivative along its unit direction",
        fix,
        (c * norm),
    )
    yield "over-norm", "divided by the square of the vector's length, |v|^2", fix, c * norm**2
    yield "times-norm", "multiplied by the length of the vector, |v|", fix, c / norm
