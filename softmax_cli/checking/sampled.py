"""A user's gradient of a sampled objective, for a label and its noise: right, or which slip it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.diagnosis.diagnosis import Cause
from softmax_cli.core.arrays import Float64
from softmax_cli.core.sampling.one_draw import Terms, gradient
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.code.subject import Subject

RIGHT = {"nce": (Terms(),), "sampled": (Terms("softmax"), Terms("softmax", drop=True))}
"""What counts as right: sampled softmax may keep or remove negatives that hit the label."""
ROLES: dict[str, tuple[str, ...]] = {
    "z": ("z", "logits", "logit", "scores", "x", "s"),
    "label": ("label", "labels", "y", "target", "targets", "t", "true", "positive", "pos", "i"),
    "negatives": ("negatives", "negative", "neg", "samples", "sampled", "noise_ids", "noise_samples", "ids"),
    "q": ("q", "noise", "p_noise", "pn", "noise_probs", "noise_dist", "probs", "unigram", "freq"),
    "m": ("m", "num_sampled", "num_negatives", "n_negatives", "n_neg", "n_samples", "num_noise"),
}
"""What a function may be given, and the names that its parameters go by."""
_DRAWS = 6
_RTOL, _ATOL = 1e-6, 1e-7
"""Single precision passes; every slip is further off at some of the draws."""


class SamplingVerdict(NamedTuple):
    """Whether the answers are right, and the slip that explains them where they are not.

    Parameters
    ----------
    passed
        Whether every number agrees.
    function
        ``nce`` or ``sampled``.
    called
        How it was called, in words.
    entries, wrong
        How many numbers were compared, and how many differ.
    max_abs_error
        The largest difference.
    cause
        The known mistake that gives every one of the numbers, or None.
    """

    passed: bool
    function: str
    called: str
    entries: int
    wrong: int
    max_abs_error: float
    cause: Cause | None


def check_sampled(subject: Subject, function: str) -> SamplingVerdict:
    """Compare a function's answers at several draws with the truth; where they differ, with each slip.

    Raises
    ------
    InputError
        Where it fails, or gives no gradient of shape (k,), however it is called.
    """
    draws = [_draw(seed) for seed in range(_DRAWS)]
    first: InputError | None = None
    found: SamplingVerdict | None = None
    for call, words in _calls(subject):
        try:
            answers = [call(draw) for draw in draws]
        except InputError as error:
            first = first or error
            continue
        verdict = _verdict(answers, draws, function, words)
        if verdict.passed:
            return verdict
        if found is None or (verdict.cause is not None and found.cause is None):
            found = verdict
    if found is not None:
        return found
    raise first or InputError(
        f"{subject.name} does not take a label and its noise",
        where=subject.path,
        hint="its parameters: the logits, the label, the drawn classes, the noise q, and perhaps m",
    )


def formula(function: str, terms: Terms) -> str:
    """Return what a loss's gradient is made of, in a line.

    Examples
    --------
    >>> formula("nce", Terms())
    'sigma(z_s - log(m q_s)) of each negative s, sigma(z_y - log(m q_y)) - 1 at the label'
    """
    act = "sigma" if terms.family == "logistic" else "softmax"
    log = "log(m q_{})" if terms.counted else "log q_{}"

    def score(times: float, of: str) -> str:
        sign = {-1.0: f" - {log}", 0.0: "", 1.0: f" + {log}"}[times]
        return f"{act}(z_{of}{sign.format(of)})"

    each = "the mean over the negatives s" if terms.mean else "of each negative s"
    left = ", but for s = y" if terms.drop else ""
    minus = " - 1" if terms.label_is_data else ""
    return f"{score(terms.noise, 's')} {each}{left}, {score(terms.label, 'y')}{minus} at the label"


def slips(function: str) -> Iterator[tuple[Terms, Cause]]:
    """Yield the known mistakes with a function, the likelier first."""
    for row in rows("sampled"):
        if row["function"] == function:
            terms = _changed(RIGHT[function][0], row["terms"])
            told = f"{row['why']} What was computed: {formula(function, terms)}."
            yield terms, Cause(row["id"], row["title"], told, row["fix"])


def _changed(terms: Terms, words: str) -> Terms:
    """Return the terms with some of them changed: ``label=0 mean=1``."""
    change: dict[str, Any] = {}
    for word in words.split():
        name, _, value = word.partition("=")
        change[name] = value if name == "family" else type(getattr(terms, name))(int(value))
    return terms._replace(**change)


def _draw(seed: int) -> dict[str, Any]:
    """Return logits, label, noise and negatives that tell the slips apart: one of them may be the label."""
    rng = np.random.default_rng(seed)
    k = 6 + seed % 2
    q = rng.random(k) + 0.05
    label = int(rng.integers(k))
    negatives = rng.integers(k, size=3 + seed % 3)
    if seed % 2:
        negatives[-1] = label
    z = rng.normal(size=k) * 2.0
    return {"z": z, "label": label, "negatives": negatives, "q": q / q.sum(), "m": len(negatives)}


def _calls(subject: Subject) -> Iterator[tuple[Callable[[Mapping[str, Any]], Float64], str]]:
    """Yield ways to call the function: as its parameters' names say, then in other orders."""
    names = [parameter.name for parameter in subject.stages[-1].parameters if parameter.required]
    roles = [next((role for role, words in ROLES.items() if name.lower() in words), "") for name in names]
    orders = [tuple(roles)] if all(roles) and len(set(roles)) == len(roles) else []
    if len(names) in (4, 5):
        orders += permutations(list(ROLES)[: len(names)])
    for order in dict.fromkeys(orders):
        yield _bound(subject, order), f"{subject.said}({', '.join(order)})"


def _bound(subject: Subject, order: Sequence[str]) -> Callable[[Mapping[str, Any]], Float64]:
    def call(draw: Mapping[str, Any]) -> Float64:
        given = [np.copy(draw[role]) if isinstance(draw[role], np.ndarray) else draw[role] for role in order]
        k = len(draw["z"])
        got, _ = subject.run([[(given, {})]], k)
        for part in got if isinstance(got, tuple) else (got,):
            try:
                array = np.asarray(part, np.float64)
            except (TypeError, ValueError):
                continue
            if array.shape in ((k,), (k, 1), (1, k)):
                return array.reshape(k)
        raise InputError(f"{subject.name} gives no gradient: one number for each logit", where=subject.path)

    return call


def _verdict(
    answers: Sequence[Float64], draws: Sequence[Mapping[str, Any]], function: str, words: str
) -> SamplingVerdict:
    def explained(terms: Terms) -> bool:
        return all(_near(got, _at(terms, draw)).all() for got, draw in zip(answers, draws, strict=True))

    truth = [_at(RIGHT[function][0], draw) for draw in draws]
    entries = sum(map(len, answers))
    if any(explained(terms) for terms in RIGHT[function]):
        return SamplingVerdict(True, function, words, entries, 0, 0.0, None)
    pairs = list(zip(answers, truth, strict=True))
    wrong = sum(int((~_near(got, right)).sum()) for got, right in pairs)
    largest = max(float(np.abs(got - right).max()) for got, right in pairs)
    cause = next((cause for terms, cause in slips(function) if explained(terms)), None)
    return SamplingVerdict(False, function, words, entries, wrong, largest, cause)


def _at(terms: Terms, draw: Mapping[str, Any]) -> Float64:
    return gradient(terms, draw["z"], draw["q"], draw["label"], draw["negatives"])


def _near(got: Float64, right: Float64) -> NDArray[np.bool_]:
    return np.asarray(np.isclose(got, right, rtol=_RTOL, atol=_ATOL))
