"""Answers of another shape than was asked for: a vector where a Jacobian belongs, a flattened batch."""

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from softmax_cli.checking.catalogue.mistake import Mistake, right_formula
from softmax_cli.checking.diagnosis.conclusion import theories_of
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.checking.diagnosis.experiments.terms import sums
from softmax_cli.checking.diagnosis.experiments.theory import Setting, Theory, explained
from softmax_cli.checking.diagnosis.matching import Candidates, Evidence
from softmax_cli.checking.inputs import Array, Quantities, log, softmax

_MOST_SUMS = 4
_WHOLE = "return the whole matrix: np.diag(p) - np.outer(p, p), over T"
_VECTOR = "The derivative of softmax has an entry for each pair of classes: raising one logit moves every p."
_NEAR = 1e-9


def _v(name: str, title: str, formula: str, answer: Callable[[Quantities], Array]) -> Mistake:
    return Mistake(f"vector-{name}", title, formula, _VECTOR, _WHOLE, answer)


_VECTORS = (
    _v(
        "diagonal",
        "p (1 - p), a vector: the diagonal of J alone",
        "p_i (1 - p_i) / T",
        lambda q: q.p * q.rest / q.t,
    ),
    _v("one-minus-p", "1 - p, a vector, in place of the Jacobian", "1 - p_i", lambda q: q.rest),
    _v(
        "sigmoid-derivative",
        "s (1 - s) of the sigmoid, a vector, in place of the Jacobian of softmax",
        "s_i (1 - s_i)",
        lambda q: q.sigmoid * (1.0 - q.sigmoid),
    ),
    _v(
        "of-logits",
        "z (1 - z) of the logits themselves, a vector, in place of the Jacobian",
        "z_i (1 - z_i)",
        lambda q: q.z * (1.0 - q.z),
    ),
    _v(
        "ones",
        "all ones in place of the Jacobian, as if the loss had the derivative already",
        "1",
        lambda q: np.ones_like(q.p),
    ),
    _v("p", "the probabilities themselves, not their derivative", "p_i", lambda q: q.p),
    _v("minus-p-squared", "-p^2, a vector: the diagonal of -p p^T", "-p_i^2", lambda q: -(q.p**2)),
    _v("p-squared", "p^2, a vector, in place of the Jacobian", "p_i^2", lambda q: q.p**2),
    _v(
        "exponentials",
        "the exponentials, not divided by their sum, and no derivative",
        "exp(z_i)",
        lambda q: q.e,
    ),
    _v(
        "exponentials-derivative",
        "e (1 - e) of the exponentials, a vector, in place of the Jacobian",
        "exp(z_i) (1 - exp(z_i))",
        lambda q: q.e * (1.0 - q.e),
    ),
    _v("sigmoid", "the sigmoid, not the derivative of softmax", "s_i", lambda q: q.sigmoid),
    _v(
        "tanh-derivative",
        "1 - tanh(z)^2, a vector: the derivative of tanh",
        "1 - tanh(z_i)^2",
        lambda q: 1.0 - np.tanh(q.z) ** 2,
    ),
    _v(
        "relu-derivative",
        "1 where z > 0, a vector: the derivative of relu",
        "[z_i > 0]",
        lambda q: (q.z > 0) * 1.0,
    ),
    _v(
        "one-minus-square", "1 - p^2, a vector, in place of the Jacobian", "1 - p_i^2", lambda q: 1.0 - q.p**2
    ),
    _v("logits", "the logits come back", "z_i", lambda q: q.z),
    _v(
        "last-column",
        "one column of J: a vector that is filled in a double loop, where the last class wins",
        "p_i (d_ik - p_k) / T, k the last class",
        lambda q: q.p * ((np.arange(q.inputs.k) == q.inputs.k - 1) - q.p[:, -1:]) / q.t,
    ),
    _v(
        "first-column",
        "the first column of J alone",
        "p_i (d_i1 - p_1) / T",
        lambda q: q.p * ((np.arange(q.inputs.k) == 0) - q.p[:, :1]) / q.t,
    ),
    _v(
        "largest-column",
        "the column of the largest class alone",
        "p_i (d_im - p_m) / T, m the largest",
        lambda q: q.p * ((q.p == q.p.max(axis=1, keepdims=True)) - q.p.max(axis=1, keepdims=True)) / q.t,
    ),
    _v("log-p", "the log-probabilities, not a derivative", "log p_i", lambda q: q.log_p),
    _v(
        "one-over-p",
        "1 / p, a vector: the derivative of log p with respect to p",
        "1 / p_i",
        lambda q: 1.0 / q.p,
    ),
    _v(
        "softmax-of-diagonal",
        "p (1 - p) of the probabilities of the probabilities: softmax is applied twice",
        "r_i (1 - r_i), r = softmax(p)",
        lambda q: softmax(q.p) * (1.0 - softmax(q.p)),
    ),
    _v("entropy-terms", "-p log p, a vector: the entropy's terms", "-p_i log p_i", lambda q: -q.p * log(q.p)),
)
_SUMS = ("vector-row-sums", "the sums of the rows of J, which are 0", _VECTOR, _WHOLE, "sum_j J_ij")
_UNKNOWN = Cause(
    "vector", "a vector where the Jacobian belongs, and no known mistake", _VECTOR, _WHOLE, "a vector"
)


def vector_for_matrix(setting: Setting) -> Cause:
    """Return what a function computes that returns a vector, (n, k), where a Jacobian is meant.

    Parameters
    ----------
    setting
        The function, asked for a Jacobian; its subject returns (n, k).
    """
    right_one = right_formula(setting.function, "jacobian")
    seen = next((one for rows in setting.first() if (one := setting.ask(rows)) is not None), None)
    if seen is None:
        return _UNKNOWN._replace(right=right_one)
    unseen = [one for rows in setting.held_out() if (one := setting.ask(rows)) is not None]
    if all(np.abs(one.got).max() <= _NEAR for one in (seen, *unseen)):
        return Cause(*_SUMS, right_one)
    fits = [fit for fit in _candidates(seen).fits(seen) if fit.rank <= 1]
    theories = [*theories_of(setting.function, setting.kind, fits), *_of_terms(seen)]
    kept = explained(theories, unseen)
    return (kept[0].cause if kept else _UNKNOWN)._replace(right=right_one)


def _of_terms(seen: Evidence) -> Iterator[Theory]:
    for one in islice(sums("probabilities", seen), _MOST_SUMS):
        title = f"a vector, {one.text}, in place of the Jacobian"
        yield Theory(Cause("vector-of-terms", title, _VECTOR, _WHOLE, one.text), one.answer)


def _candidates(seen: Evidence) -> Candidates:
    """Return the vectors as candidates; the first, which stands for the right one, is none."""
    with np.errstate(all="ignore"):
        answers = [np.broadcast_to(m.answer(seen.q), seen.got.shape) for m in _VECTORS]
    nothing = Mistake("nothing", "", "", "", "", lambda q: np.zeros_like(q.p))
    return Candidates((nothing, *_VECTORS), np.array([np.full_like(seen.got, np.nan), *answers]))


def constant_for_matrix(result: Array) -> Cause | None:
    """Return the cause where a single number, 1 most often, is returned in place of a derivative."""
    if result.size != 1:
        return None
    one = float(result.ravel()[0])
    return Cause(
        "constant",
        f"the number {one:g} in place of the Jacobian"
        + (", as if the loss had the derivative already" if one == 1.0 else ""),
        _VECTOR,
        _WHOLE,
        f"{one:g}",
        right_formula("softmax", "jacobian"),
    )
