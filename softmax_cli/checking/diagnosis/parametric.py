"""Mistakes with a number in them to be found: another temperature, a finite step, a term times a constant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.factors import factors
from softmax_cli.checking.catalogue.mistake import RIGHT, Mistake, right, right_formula
from softmax_cli.checking.diagnosis.artefacts import Traces
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence
from softmax_cli.checking.diagnosis.precision import Precision
from softmax_cli.checking.inputs import Array, Inputs, Kind, Quantities, log, softmax

_MOST_CLASSES = 200
_LOOSE = 64.0
_NEARLY = 1e-3
_SINGLE = 3e-6


def fitted(
    function: str,
    kind: Kind,
    inputs: Inputs,
    got: Array,
    rows: NDArray[np.intp],
    precision: Precision | None,
) -> Cause | None:
    """Return the first mistake whose number can be found so that everything fits, or None."""
    if inputs.k > _MOST_CLASSES:
        return None
    evidence = Evidence.of(Quantities(inputs, rows), got[rows], precision)
    # A number was chosen to fit: what is left is compared less strictly than a formula without one.
    evidence = replace(evidence, slack=evidence.slack * _LOOSE)
    found = _FoundBy(function, kind, evidence)
    left = Traces(function, kind, evidence)
    with np.errstate(all="ignore"):
        return (
            found.a_number()
            or found.terms()
            or found.added()
            or left.by_row()
            or left.wide_step()
            or found.difference()
            or found.approximation()
            or left.nearly()
            or left.quantum()
        )


@dataclass(frozen=True, slots=True)
class _FoundBy:
    """The ways of finding a number, each a cause or None."""

    function: str
    kind: Kind
    evidence: Evidence

    @property
    def expected(self) -> Array:
        """The right answer at the evidence's inputs."""
        return right(self.function, self.kind)(self.evidence.q)

    def a_number(self) -> Cause | None:
        """Another temperature, smoothed labels."""
        if self.function == "sigmoid" or (self.function, self.kind) not in RIGHT:
            return None
        for mistake in _with_numbers(self.function, self.kind, self.evidence):
            candidates = Candidates.of(self.function, self.kind, [mistake], self.evidence.q)
            fits = [f for f in candidates.fits(self.evidence) if f.rank <= 1 and f.mistake is mistake]
            if fits:
                factor = fits[0].factor
                times = "" if factor is None else f"; and all of it times {factor.name}"
                name = None if factor is None else factor.name
                return self._cause(
                    mistake.id, mistake.title + times, mistake.why, mistake.fix, mistake.formula, name
                )
        return None

    def terms(self) -> Cause | None:
        """Return a formula of the right two terms, each with a factor of its own."""
        make = _TERMS.get((self.function, self.kind))
        if make is None:
            return None
        names, parts = make
        first, second = parts(self.evidence.q)
        scales = _two_scales(self.evidence, first, second)
        if scales is None:
            return None
        said = [_times(name, c, self.evidence.q) for name, c in zip(names, scales, strict=True)]
        wrong = [one for one in said if one]
        if not wrong or None in said:
            return None
        return self._cause(
            "a-term-scaled",
            " and ".join(one for one in wrong if one),
            "The right formula has both terms with the factor 1.",
            "take the factor off",
            "",
        )

    def added(self) -> Cause | None:
        """Return a constant that is added to every entry, or to the diagonal."""
        left = self.evidence.got - self.expected
        places = [("every entry", np.ones(left.shape, bool))]
        if self.kind == "jacobian":
            places.append(("the diagonal", np.broadcast_to(np.eye(left.shape[-1], dtype=bool), left.shape)))
        for name, mask in places:
            constant = float(np.median(left[mask]))
            if constant != 0.0 and np.all(np.abs(left - constant * mask) <= self.evidence.slack):
                return self._cause(
                    "constant-added",
                    f"{constant:.6g} is added to {name}",
                    "The derivative has no such term: a guard, a ridge or a bias has got into it.",
                    f"take {constant:.6g} off {name}",
                    f"the right formula + {constant:.6g}" + (" I" if name == "the diagonal" else ""),
                )
        return None

    def difference(self) -> Cause | None:
        """Recognise finite differences: what is left over is their truncation error."""
        if (self.function, self.kind) != ("softmax", "jacobian"):
            return None
        q, expected = self.evidence.q, self.expected
        left = self.evidence.got - expected
        forms = (
            ("one-sided", "(p_i(z + h e_j) - p_i(z)) / h", expected * (1.0 - 2.0 * q.row) / q.t3 / 2.0, 1),
            (
                "central",
                "(p_i(z + h e_j) - p_i(z - h e_j)) / (2 h)",
                expected * (1.0 - 6.0 * q.row + 6.0 * q.row**2) / q.t3**2 / 6.0,
                2,
            ),
        )
        for name, formula, error, order in forms:
            power = float((left * error).sum()) / float((error * error).sum())
            small = np.abs(left - power * error).max() <= 0.2 * np.abs(left).max()
            if small and 0.0 < abs(power) < 1.0:
                step = abs(power) ** (1.0 / order)
                return self._cause(
                    "finite-differences",
                    f"these are {name} finite differences with a step of about {step:.1e}, not the "
                    "derivative",
                    "What is left over is the truncation error of such differences.",
                    "use the formula, or the complex step Im f(z + ih) / h, which has no such error",
                    formula,
                )
        return None

    def approximation(self) -> Cause | None:
        """Recognise the right answer, or a multiple of it, to a few digits."""
        got, expected = self.evidence.got, self.expected
        n = len(got)
        scale = (got * expected).reshape(n, -1).sum(axis=1) / (expected**2).reshape(n, -1).sum(axis=1)
        for factor in (None, *factors(self.evidence.q.inputs)):
            c = np.ones(n) if factor is None else factor.value(self.evidence.q)
            if not np.all(np.abs(scale - c) <= _NEARLY * np.abs(c)):
                continue
            target = c.reshape(-1, *[1] * (got.ndim - 1)) * expected
            error = float(np.max(np.abs(got - target) / np.abs(target)))
            if not error <= _NEARLY:
                continue
            digits = max(1, int(-np.log10(max(error, 1e-15))))
            inside = (
                "single precision or differences"
                if error < _SINGLE
                else "finite differences or rounded numbers"
            )
            said = "" if factor is None else f"{factor.title}; and it "
            return self._cause(
                "approximate" if factor is None else factor.id,
                f"{said or 'it '}agrees to {digits} digits only: {inside} inside the computation",
                "The errors follow no formula and are small: the formula is right, its numbers are not exact."
                if factor is None
                else factor.why,
                "compute in float64 throughout, by the formula" if factor is None else factor.fix,
                "",
                None if factor is None else factor.name,
            )
        return None

    def _cause(
        self, name: str, title: str, why: str, fix: str, theirs: str, factor: str | None = None
    ) -> Cause:
        return Cause(name, title, why, fix, theirs, right_formula(self.function, self.kind), factor)


def _two_scales(evidence: Evidence, first: Array, second: Array) -> tuple[Array, Array] | None:
    """Return the factors of both terms, each of shape (n,), where the answer is made of them."""
    found = np.empty((2, len(evidence.got)))
    for i, got in enumerate(evidence.got):
        weight = 1.0 / np.maximum(evidence.slack[i].ravel(), 1e-300)
        weight /= weight.max()
        basis = np.stack([first[i].ravel() * weight, second[i].ravel() * weight], axis=1)
        if not np.isfinite(basis).all() or basis.shape[0] < 3:
            return None
        found[:, i] = np.linalg.lstsq(basis, got.ravel() * weight, rcond=None)[0]
    a, b = (c.reshape(-1, *[1] * (first.ndim - 1)) for c in found)
    if np.any(np.abs(evidence.got - a * first - b * second) > evidence.slack):
        return None
    return found[0], found[1]


def _times(name: str, c: Array, q: Quantities) -> str | None:
    """Return in words what a term is multiplied by: "" for 1, None for a number without a name."""
    if np.allclose(c, 1.0, rtol=1e-9):
        return ""
    for factor in factors(q.inputs):
        if np.allclose(c, factor.value(q), rtol=1e-7):
            missing = factor.name.startswith("S")
            why = f": its division by {factor.name} is missing, as where parentheses are" if missing else ""
            return f"{name} is multiplied by {factor.name}{why}"
    return f"{name} is multiplied by {c[0]:.6g}" if np.allclose(c, c[0], rtol=1e-9) else None


_TERMS: dict[tuple[str, Kind], tuple[tuple[str, str], Callable[[Quantities], tuple[Array, Array]]]] = {
    ("softmax", "jacobian"): (
        ("diag(p)", "p p^T"),
        lambda q: (q.eye * q.column / q.t3, -q.outer / q.t3),
    ),
    ("log-softmax", "jacobian"): (
        ("the identity", "p_j"),
        lambda q: (np.broadcast_to(q.eye / q.t3, q.outer.shape), -q.row / q.t3 * np.ones_like(q.outer)),
    ),
    ("cross-entropy", "gradient"): (("p", "y"), lambda q: (q.p / q.t, -q.y / q.t)),
    ("softmax", "vjp"): (("p g", "p (g . p)"), lambda q: (q.p * q.g / q.t, -q.p * q.total(q.p * q.g) / q.t)),
    ("softmax", "jvp"): (("p v", "p (p . v)"), lambda q: (q.p * q.g / q.t, -q.p * q.total(q.p * q.g) / q.t)),
    ("log-softmax", "vjp"): (("g", "p sum(g)"), lambda q: (q.g / q.t, -q.p * q.total(q.g) / q.t)),
    ("log-softmax", "jvp"): (
        ("v", "p . v"),
        lambda q: (q.g / q.t, -q.total(q.p * q.g) / q.t * np.ones_like(q.g)),
    ),
}


def _with_numbers(function: str, kind: Kind, evidence: Evidence) -> Iterator[Mistake]:
    q = evidence.q
    slopes = _slopes(kind, evidence)
    if slopes is not None and np.isfinite(slopes).all() and (np.abs(slopes) > 1e-6).all():
        yield from _other_temperatures(function, kind, q, slopes)
    if kind == "gradient":
        left = evidence.got * q.t - (q.p - q.y)
        towards = q.y - 1.0 / q.inputs.k
        smoothing = float((left * towards).sum() / (towards * towards).sum())
        yield Mistake(
            "label-smoothing",
            f"the labels are smoothed by {smoothing:.4g}",
            f"p_j - ((1 - a) y_j + a / k), a = {smoothing:.6g}",
            "That is the gradient for smoothed labels, not for one true class.",
            "set label smoothing to 0",
            lambda q: (q.p - q.y + smoothing * (q.y - 1.0 / q.inputs.k)) / q.t,
        )


def _slopes(kind: Kind, evidence: Evidence) -> Array | None:
    """Return the slope of the logarithm of p against z in each row: 1 / T for the right one."""
    q, got = evidence.q, evidence.got
    if kind == "probabilities":
        x = log(np.abs(got))
    elif kind == "log-probabilities":
        x = got
    elif kind == "gradient":
        x = log(got * q.t + q.y)
    elif kind == "jacobian" and q.inputs.k >= 3:
        return _slope(log(np.abs(got[:, :-1, -1])), q.z[:, :-1])
    else:
        return None
    return _slope(x, q.z)


def _slope(x: Array, z: Array) -> Array:
    away = z - z.mean(axis=1, keepdims=True)
    return np.asarray((away * x).sum(axis=1) / (away * away).sum(axis=1))


def _other_temperatures(function: str, kind: Kind, q: Quantities, slopes: Array) -> Iterator[Mistake]:
    formula = right(function, kind)
    t = q.t[:, 0]
    for relative in (False, True):
        each = slopes * t if relative else slopes
        slope = float(np.median(each))
        if abs(slope - (1.0 if relative else 1.0 / t[0])) < 1e-9 or np.ptp(each) > 1e-4 * abs(slope):
            continue
        said = f"{1 / slope:.6g} T" if relative else f"{1 / slope:.6g}"

        def answer(q: Quantities, relative: bool = relative, slope: float = slope) -> Array:
            return formula(q.with_p(softmax(q.all_z * slope / (q.all_t if relative else 1.0))))

        yield Mistake(
            "another-temperature",
            f"the temperature is {said}",
            f"the right formula with p = softmax(z / {said})",
            "The ratios of the probabilities are those of another temperature (or of another base than e).",
            "use softmax(z / T) with the T that was asked for",
            answer,
        )
