"""Vector and matrix scaling: a scale and a bias for each class, or a whole matrix, by Newton steps.

softmax(a_j z_j + c_j) and softmax(W z + c) are multinomial logistic regressions on the logits: the mean loss
is convex in the parameters.

Source: Guo, Pleiss, Sun, Weinberger, On calibration of modern neural networks (2017).
"""

from dataclasses import dataclass, field

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.core.calibration.source import Here, RowSource
from softmax_cli.core.gathered import Additive
from softmax_cli.core.labelled import Labelled
from softmax_cli.core.log_softmax import log_softmax
from softmax_cli.errors import InputError

MOST_PARAMETERS = 2048
"""The Hessian of more takes 32 MB and seconds a step."""

_MOST_STEPS = 100
_FAR = 1e5  # parameters of standardised logits beyond this grow without end
_CONVERGED = 1e-24


@dataclass(frozen=True, slots=True)
class Affine:
    """The logits W z + c; for vector scaling W is diagonal and only its diagonal is kept.

    Parameters
    ----------
    matrix
        Shape (k,) or (k, k).
    bias
        Shape (k,).
    """

    matrix: Float64
    bias: Float64

    def logits(self, z: Float64) -> Float64:
        """Return the new logits; a class that was masked stays so under vector scaling.

        Raises
        ------
        InputError
            For a masked class, or a +inf, under a whole matrix.
        """
        if self.matrix.ndim == 1:
            with np.errstate(invalid="ignore"):
                return np.where(np.isfinite(z), z * self.matrix + self.bias, z)
        _need_finite(z)
        return z @ self.matrix.T + self.bias


def fit_affine(source: RowSource, temperature: float, kind: str) -> tuple[Affine | None, float, int]:
    """Find the best parameters: from the temperature on, first for a sample, then for all rows.

    Returns
    -------
    tuple
        The parameters and the mean loss with them, or None and the limit of a loss that has no minimum; and
        how often all rows were read.

    Raises
    ------
    InputError
        For too many parameters, or masked classes under a whole matrix.
    """
    sample = source.sample()
    k = sample.k
    count = 2 * k if kind == "vector" else k * (k + 1)
    if count > MOST_PARAMETERS:
        hint = "--method vector" if kind == "matrix" and 2 * k <= MOST_PARAMETERS else "--method temperature"
        raise InputError(
            f"{kind} scaling of {k} classes has {count:,} parameters: at most {MOST_PARAMETERS:,}", hint=hint
        )
    model = _Model.of(sample, kind)
    theta, loss, passes, found = model.minimise(Here(lambda: [sample]), model.start(temperature))
    if not found:
        return None, loss, 0
    theta, loss, passes, found = model.minimise(source, theta)
    return model.affine(theta) if found else None, loss, passes


@dataclass(frozen=True, slots=True)
class _Model:
    """The regression on standardised logits.

    Parameters
    ----------
    kind
        ``vector`` or ``matrix``.
    centre, spread
        Of each logit, (k,).
    """

    kind: str
    centre: Float64
    spread: Float64

    @classmethod
    def of(cls, rows: Labelled, kind: str) -> "_Model":
        z = np.asarray(rows.z, np.float64)
        if kind == "matrix":
            _need_finite(z)
        finite = np.isfinite(z)
        count = np.maximum(finite.sum(axis=0), 1)
        centre = np.where(finite, z, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(finite, z - centre, 0.0) ** 2).sum(axis=0) / count)
        return cls(kind, centre, np.where(spread > 0.0, spread, 1.0))

    def start(self, temperature: float) -> Float64:
        """Return the parameters that are the temperature: z / T."""
        scale = self.spread / temperature
        return np.concatenate(
            [scale if self.kind == "vector" else np.diag(scale).ravel(), self.centre / temperature]
        )

    def affine(self, theta: Float64) -> Affine:
        """Return parameters of the logits as they are, their free constant chosen so that it adds up to 0."""
        k = len(self.centre)
        if self.kind == "vector":
            matrix = theta[:k] / self.spread
            bias = theta[k:] - matrix * self.centre
            return Affine(matrix, bias - bias.mean())
        matrix = theta[: k * k].reshape(k, k) / self.spread
        matrix = matrix - matrix.mean(axis=0)
        bias = theta[k * k :] - matrix @ self.centre
        return Affine(matrix, bias - bias.mean())

    def minimise(self, source: RowSource, theta: Float64) -> tuple[Float64, float, int, bool]:
        """Return the best parameters, their loss, the steps, and whether there are best ones."""
        now = self.sums(source, theta)
        step, length = now.step(), 1.0
        for steps in range(1, _MOST_STEPS):
            decrement = float(now.gradient @ step)
            if decrement <= _CONVERGED * max(1.0, now.loss):
                return theta, now.loss, steps, True
            trial = self.sums(source, theta - length * step)
            if not trial.loss <= now.loss + 1e-15 * abs(now.loss):
                if length < 1e-8:
                    return theta, now.loss, steps, decrement < 1e-12
                length /= 4.0
                continue
            if decrement < 1e-12 and trial.loss >= now.loss:  # rounding is all that is left
                return theta - length * step, trial.loss, steps, True
            theta, now, length = theta - length * step, trial, 1.0
            if trial.separates or np.abs(theta).max() > _FAR:
                return theta, 0.0 if trial.separates else now.loss, steps, False
            step = now.step()
        return theta, now.loss, _MOST_STEPS, False

    def sums(self, source: RowSource, theta: Float64) -> "_Sums":
        """Return the mean loss of all rows, its gradient and its Hessian."""
        return source.gather(_Sums(self, theta)).mean()

    def add(self, total: "_Sums", rows: Labelled) -> None:
        """Add some rows."""
        theta = total.theta
        z = np.asarray(rows.z, np.float64)
        k = rows.k
        x = (z - self.centre) / self.spread
        open_classes = np.isfinite(x)
        x = np.where(open_classes, x, 0.0)
        if self.kind == "vector":
            logits = np.where(open_classes, x * theta[:k] + theta[k:], -np.inf)
        else:
            logits = x @ theta[: k * k].reshape(k, k).T + theta[k * k :]
        log_p = log_softmax(logits)
        y = rows.distributions()
        counts = rows.counts()
        p = np.exp(log_p)
        losses = np.multiply(y, -log_p, out=np.zeros_like(p), where=y > 0.0)
        total.loss += float(counts @ losses.sum(axis=1))
        total.weight += float(counts.sum())
        if total.separates and rows.target is not None:
            others = np.where(y > 0.0, -np.inf, logits).max(axis=1)
            mine = logits[np.arange(len(x)), rows.target]
            total.separates = bool((mine > others)[counts > 0.0].all())
        else:
            total.separates = False
        residual = (p - y) * counts[:, None]
        if self.kind == "vector":
            total.gradient += np.concatenate([(residual * x).sum(axis=0), residual.sum(axis=0)])
            q = np.concatenate([p * x, p], axis=1)
            total.hessian -= (q * counts[:, None]).T @ q
            features = np.stack([x, np.ones_like(x)])
            own = (p * counts[:, None] * features[:, None] * features).sum(axis=2)
            np.einsum("ajbj->abj", total.hessian.reshape(2, k, 2, k))[...] += own
            return
        features = np.concatenate([x, np.ones((len(x), 1))], axis=1)
        total.gradient += np.concatenate([(residual.T @ x).ravel(), residual.sum(axis=0)])
        self._add_matrix_hessian(total, p, counts, features)

    @staticmethod
    def _add_matrix_hessian(total: "_Sums", p: Float64, counts: Float64, features: Float64) -> None:
        k = p.shape[1]
        place = np.concatenate([np.arange(k * k).reshape(k, k), np.arange(k * k, k * k + k)[:, None]], axis=1)
        for j in range(k):
            for i in range(j + 1):
                share = counts * p[:, j] * ((1.0 if i == j else 0.0) - p[:, i])
                block = (features * share[:, None]).T @ features
                total.hessian[np.ix_(place[j], place[i])] += block
                if i != j:
                    total.hessian[np.ix_(place[i], place[j])] += block


@dataclass(slots=True)
class _Sums(Additive):
    """The loss, its gradient and its Hessian, with some parameters of a model."""

    of = ("model", "theta")
    model: _Model
    theta: Float64
    loss: float = 0.0
    weight: float = 0.0
    separates: bool = True
    gradient: Float64 = field(init=False)
    hessian: Float64 = field(init=False)

    def __post_init__(self) -> None:
        self.gradient = np.zeros(len(self.theta))
        self.hessian = np.zeros((len(self.theta), len(self.theta)))

    def add(self, rows: Labelled) -> None:
        """Add some rows."""
        for part in rows.blocks(max(1, (1 << 20) // rows.k**2)):
            self.model.add(self, part)

    def mean(self) -> "_Sums":
        """Divide by the sum of the weights."""
        self.loss /= self.weight
        self.gradient /= self.weight
        self.hessian /= self.weight
        return self

    def step(self) -> Float64:
        """Return the Newton step, of the smallest length where a direction changes nothing."""
        values, vectors = np.linalg.eigh(self.hessian)
        keep = values > values[-1] * 1e-14
        inverse = np.where(keep, 1.0 / np.where(keep, values, 1.0), 0.0)
        step: Float64 = vectors @ (inverse * (vectors.T @ self.gradient))
        return step


def _need_finite(z: Float64) -> None:
    if not np.isfinite(z).all():
        raise InputError(
            "matrix scaling mixes all logits: none may be infinite", hint="--method vector, or temperature"
        )
