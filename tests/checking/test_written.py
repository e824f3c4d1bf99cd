"""Mistakes as people write them, in loops, classes and one-liners: the true cause comes first."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.finding import find
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.check import Conditions
from softmax_cli.checking.inputs import Kind

WRITTEN = Path(__file__).parent.parent / "cases" / "files" / "written.py"
FUNCTION = {"gradient": "cross-entropy"}
CAUSES: dict[Kind, dict[str, str]] = {
    "jacobian": {
        "loop_sign": "off-diagonal-positive",
        "loop_inner_index": "elementwise-square-rows",
        "loop_forgot_last": "zero-lines",
        "loop_upper_only": "upper-half-only",
        "diagflat_missing_square": "dot-product",
        "medium_post": "logits-for-probabilities",
        "abs_val": "off-diagonal-positive",
        "log_instead": "log-softmax-jacobian",
        "log_transposed": "log-softmax-jacobian-turned",
        "sum_to_k": "law-column-sums",
        "double_softmax": "softmax-twice",
        "base2": "base-2",
        "base2_ln2ok": "base-2",
        "neg_logits": "softmin",
        "no_normalise": "divided-by-largest",
        "eps_added": "epsilon-in-denominator-0.001",
        "half_factor": "halved",
        "mean_over_k": "averaged-over-classes",
        "temp_times": "temperature-multiplied",
        "temp_sq": "temperature-factor-twice",
        "temp_outside": "temperature-ignored",
        "temp_inv": "temperature-factor-multiplied",
    },
    "gradient": {
        "ce_rev": "sign-flipped",
        "ce_prob_only": "with-respect-to-p",
        "ce_chain_twice": "derivative-twice",
        "ce_no_y": "target-not-subtracted",
        "ce_p_target": "a-term-replaced",
        "ce_logits": "logits-for-probabilities",
        "ce_mse": "doubled",
        "ce_mse_chain": "jacobian-again",
        "ce_smooth": "label-smoothing",
        "ce_div_k": "averaged-over-classes",
        "ce_wrongidx": "target-off-by-one-down",
        "ce_minus_p": "target-zeroed",
    },
    "vjp": {
        "v_nodot": "dot-forgotten",
        "v_mean": "mean-for-dot",
        "v_diag": "diagonal-only",
        "v_noshrink": "dot-without-p",
        "v_plus": "plus-sign",
        "v_osq": "squares-in-dot",
        "v_einsum_wrong": "matrix-elementwise-square",
        "v_logits": "dot-with-logits",
        "v_logp": "log-softmax-vjp",
        "v_g1": "g-minus-p",
        "v_neg": "sign-flipped",
        "v_twice": "matrix-jacobian-squared",
    },
    "probabilities": {
        "f_noexp": "logits-normalised",
        "f_absmax": "divided-by-largest",
        "f_sig": "sigmoid-for-softmax",
        "f_signorm": "sigmoids-normalised",
        "f_expsum": "divided-by-exp-of-sum",
        "f_log": "log-probabilities-for-probabilities",
        "f_clip": "logits-clipped",
        "f_l2": "divided-by-length",
        "f_minmax": "logits-rescaled",
        "f_mean": "summed-over-classes",
        "f_sq": "squares-normalised",
        "f_relu": "relu-normalised",
    },
}


@pytest.mark.parametrize(
    ("kind", "name", "cause"),
    [(kind, name, cause) for kind, causes in CAUSES.items() for name, cause in causes.items()],
)
def test_the_true_cause_comes_first(kind: Kind, name: str, cause: str) -> None:
    """At inputs of our own choice, whatever the style."""
    (subject,) = load(str(WRITTEN), name)
    verdict = find(subject, Wanted(FUNCTION.get(kind, "softmax"), kind), Conditions()).verdict
    assert not verdict.passed
    assert verdict.diagnosis.causes[0].id == cause
