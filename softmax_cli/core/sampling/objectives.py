"""Losses that stand in for the cross-entropy where there are too many classes to sum over.

One label y and m noise classes s_1 ... s_m, drawn with replacement from q, take the place of all k classes.
With a_c the score of class c in the place of the label and x_c its score as noise::

    softmax family     L = -log exp(a_y) / (exp(a_y) + sum_s exp(x_s))
    logistic family    L = -log sigma(a_y) - sum_s log(1 - sigma(x_s))

A score is the logit z_c, or the corrected z_c - log(m q_c): log of the expected count of class c in the
noise.
"""

from dataclasses import dataclass

from softmax_cli.core.arrays import Float64


@dataclass(frozen=True, slots=True)
class SamplingLoss:
    """A loss that is trained on one label and m noise classes.

    Parameters
    ----------
    name
        As ``--method`` writes it.
    family
        ``full``, ``softmax`` or ``logistic``.
    label_corrected, noise_corrected
        Whether log(m q_c) is subtracted from the label's logit, and from those of the noise.
    """

    name: str
    family: str
    label_corrected: bool = False
    noise_corrected: bool = False

    @property
    def terms(self) -> tuple[str, bool, bool]:
        """What the loss is made of: two objectives of the same terms are one under two names."""
        return self.family, self.label_corrected, self.noise_corrected

    def scores(self, z: Float64, log_expected: Float64) -> tuple[Float64, Float64]:
        """Return the score of each class as the label, and as noise; ``log_expected`` is log(m q)."""
        return (
            z - log_expected if self.label_corrected else z,
            z - log_expected if self.noise_corrected else z,
        )


OBJECTIVES = {
    objective.name: objective
    for objective in (
        SamplingLoss("full", "full"),  # the whole sum: cross-entropy
        SamplingLoss("sampled", "softmax", label_corrected=True, noise_corrected=True),  # Jean et al. 2015
        SamplingLoss("sampled-negatives", "softmax", noise_corrected=True),  # a slip
        SamplingLoss("sampled-uncorrected", "softmax"),  # a slip
        SamplingLoss("nce", "logistic", label_corrected=True, noise_corrected=True),  # Gutmann 2010
        SamplingLoss("negative-sampling", "logistic"),  # Mikolov et al. 2013
        SamplingLoss("infonce", "softmax"),  # which of the m + 1 is the label? van den Oord et al. 2018
    )
}
"""The objectives, in the order in which they are shown."""
