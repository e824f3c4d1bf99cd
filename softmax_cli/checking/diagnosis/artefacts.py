"""What a computation leaves in its numbers: a normalised row, single precision, rounding noise, counts."""

from collections.abc import Iterator

import numpy as np

from softmax_cli.checking.catalogue.mistake import right, right_formula
from softmax_cli.checking.diagnosis.conclusion import theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.theory import Theory
from softmax_cli.checking.diagnosis.matching import Candidates, factor_values
from softmax_cli.checking.inputs import Array, Quantities

_NEAR = 3e-5
_PARTS = 12
_MOST = 3000
_COUNTS = 5000
_BLUR = 1e-3
_NEARLY = 1e-3
_SINGLE = 3e-6
_APART = 1e-4


def traces(candidates: Candidates, evidence: Evidence) -> Iterator[Theory]:
    """Yield what explains the evidence, the plainest first; rounded numbers show no traces."""
    size = max(float(np.abs(evidence.got).max()), 1e-300)
    if float(evidence.slack.max()) / size > _BLUR:
        return
    lengths = [one for one in _lengths(evidence) if one.explains(evidence)]
    if lengths or evidence.sought.kind == "loss":  # a loss is the right one times some number, whatever it is
        yield from lengths
    elif (by_row := _by_row(evidence)).explains(evidence):
        yield by_row
    yield from _approximate(evidence)
    yield from _nearly(candidates, evidence)
    yield from _quantum(evidence)


def _lengths(evidence: Evidence) -> Iterator[Theory]:
    """Yield the right answer, divided or multiplied by a length."""
    formula = right(evidence.sought)
    for name, scale in _LENGTHS:
        if "-norm" in name and evidence.q.inputs.vector is None:
            continue
        yield Theory(_cause(evidence, name), lambda q, scale=scale: scale(q, formula(q)))  # type: ignore[misc]


def _by_row(evidence: Evidence) -> Theory:
    """Return that every input's answer is the right one times a number of its own."""
    formula = right(evidence.sought)

    def scales(evidence: Evidence) -> tuple[Array, Array, Array]:
        got = evidence.got.reshape(len(evidence.got), -1)
        expected = formula(evidence.q).reshape(got.shape)
        return got, expected, _times(got, expected)

    def holds(evidence: Evidence) -> bool:
        got, expected, c = scales(evidence)
        if got.shape[1] < 3 or not np.isfinite(c).all() or np.ptp(c) <= _APART * abs(c[0]):
            return False
        slack = np.maximum(evidence.slack.reshape(got.shape), _NEAR * np.abs(got))
        return bool(np.all(np.abs(got - c[:, None] * expected) <= slack))

    with np.errstate(all="ignore"):
        said = ", ".join(f"{x:.4g}" for x in scales(evidence)[2][:3])
    return Theory(_cause(evidence, "scaled-by-input", numbers=said), formula, holds=holds)


def _approximate(evidence: Evidence) -> Iterator[Theory]:
    """Yield the right answer, or a multiple of it, to a few digits."""
    got, q = evidence.got, evidence.q
    formula = right(evidence.sought)
    expected = formula(q)
    n = len(got)
    with np.errstate(all="ignore"):
        scale = _times(got.reshape(n, -1), expected.reshape(n, -1))
    for factor, c in ((None, np.ones(n)), *factor_values(q)):
        if not np.all(np.abs(scale - c) <= _NEARLY * np.abs(c)):
            continue

        def answer(q: Quantities, factor=factor) -> Array:  # type: ignore[no-untyped-def]
            plain = formula(q)
            times = 1.0 if factor is None else factor.value(q).reshape(-1, *[1] * (plain.ndim - 1))
            return np.asarray(times * plain)

        target = answer(q)
        with np.errstate(all="ignore"):
            error = float(np.max(np.abs(got - target) / np.abs(target)))
        if not error <= _NEARLY:
            continue
        digits = max(1, int(-np.log10(max(error, 1e-15))))
        how = "single precision or differences" if error < _SINGLE else "differences or rounded numbers"
        cause = _cause(evidence, "approximate", digits=digits, how=how)
        if factor is not None:
            title = f"{factor.title}; and {cause.title}"
            cause = Cause(factor.id, title, factor.why, factor.fix, "", cause.right, factor.name)
        yield Theory(cause, answer, loose=_NEARLY)
        return


def _nearly(candidates: Candidates, evidence: Evidence) -> Iterator[Theory]:
    """Yield mistakes of the catalogue that fit to a few digits, as differences and float32 do."""
    got = evidence.got
    size = np.abs(got).reshape(len(got), -1).max(axis=1).reshape(-1, *[1] * (got.ndim - 1))
    slack = np.maximum(evidence.slack, _NEAR * (np.abs(got) + 0.1 * size))
    fits = [fit for fit in candidates.fits(evidence._replace(slack=slack)) if fit.rank <= 1]
    for theory in theories_of(evidence.sought, [fit for fit in fits if fit.mistake.id != "right"]):
        said = f"{theory.cause.title} (to a few digits: finite differences or single precision inside)"
        yield Theory(theory.cause._replace(title=said), theory.answer, loose=_NEAR, absolute=_NEAR / 10)


def _quantum(evidence: Evidence) -> Iterator[Theory]:
    """Yield that all values are whole multiples of one number: rounding noise, or counts."""
    unit = _unit(evidence.got)
    if unit is None:
        return
    each = round(1.0 / unit)
    counted = 1 < each <= _COUNTS and abs(1.0 / unit - each) < 1e-6 * each
    cause = (
        _cause(evidence, "counts", each=each) if counted else _cause(evidence, "rounding-noise", unit=unit)
    )
    yield Theory(cause, right(evidence.sought), holds=lambda other: _unit(other.got) is not None)


def _cause(evidence: Evidence, name: str, **found: object) -> Cause:
    return Cause.of(name, right=right_formula(evidence.sought), **found)


def _times(got: Array, expected: Array) -> Array:
    """Return what each row, (n, m), is the right one times, by least squares."""
    return np.asarray((got * expected).sum(axis=1) / (expected * expected).sum(axis=1))


def _unit(got: Array) -> float | None:
    """Return the number that all values are whole multiples of, unless it is a decimal of rounding."""
    size = np.array(sorted(set(np.abs(got[got != 0.0]).tolist())))
    if size.size < 4:
        return None
    unit = next((size[0] / part for part in range(1, _PARTS + 1) if _whole(size * (part / size[0]))), None)
    if unit is None or abs(np.log10(unit) - np.rint(np.log10(unit))) < 1e-9:
        return None
    return float(unit)


def _whole(ratios: Array) -> bool:
    return bool(ratios[-1] <= _MOST and np.all(np.abs(ratios - np.rint(ratios)) <= 1e-6 * ratios))


def _sized(v: Array, order: float) -> Array:
    """Return the norm of each row's whole answer, shaped to divide it."""
    norms = np.linalg.norm(v.reshape(len(v), -1), ord=order, axis=1)
    return np.asarray(norms.reshape(-1, *[1] * (v.ndim - 1)))


def _of_vector(q: Quantities, power: int) -> Array:
    return np.asarray(np.sqrt((q.g * q.g).sum(axis=1, keepdims=True)) ** power)


_LENGTHS = (
    ("normalised euclid", lambda q, v: v / _sized(v, 2)),
    ("normalised sum", lambda q, v: v / _sized(v, 1)),
    ("normalised largest", lambda q, v: v / _sized(v, np.inf)),
    ("over-norm once", lambda q, v: v / _of_vector(q, 1)),
    ("over-norm squared", lambda q, v: v / _of_vector(q, 2)),
    ("times-norm", lambda q, v: v * _of_vector(q, 1)),
)
