"""Noise contrastive estimation: data or noise? Its two gradients, and the limit of many draws."""

from collections.abc import Iterator

from sympy import Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import D, Exp, Frac, Log, Neg, Plus, Times
from softmax_cli.tutor.notation import L
from softmax_cli.tutor.topics.topic import ONE, M, TopicNames, proved

H, G = Symbol("h_1"), Symbol("G_1")
"""The probability that class 1 is data, and the mean gradient with respect to its logit."""


def derivations(k: int) -> Iterator[Derivation]:
    """Yield the derivations of noise contrastive estimation, for a class that stands for any."""
    names = TopicNames.of(k)
    is_data = {H: Frac(names.n.e[0], Plus(names.n.e[0], names.expected(0)))}
    z = names.n.z[0]
    title = "Data or noise: a sigmoid of the corrected logit"
    yield proved("data-or-noise", "nce", title, H, names.n, is_data, _data_or_noise(names))
    title = "The gradient at the label: sigmoid minus 1"
    at_label = {H: Frac(ONE, Plus(ONE, _inverse(names))), L: Neg(Log(H))}
    yield proved("label-gradient", "nce", title, D(L, z), names.n, at_label, _label(names))
    title = "The gradient at a drawn noise class: the sigmoid itself"
    at_noise = {**is_data, L: Neg(Log(Plus(ONE, Neg(H))))}
    yield proved("noise-gradient", "nce", title, D(L, z), names.n, at_noise, _noise(names))
    title = "The limit of many draws: the gradient of the full softmax"
    steps = _many_draws(names)
    yield proved("many-draws", "nce", title, G, names.n, {**is_data, G: _mean_gradient(names)}, steps)


def _mean_gradient(names: TopicNames) -> Plus:
    """Return the gradients at noise and at the label, each as often as it comes."""
    return Plus(Times(names.expected(0), H), Neg(Times(names.d[0], Plus(ONE, Neg(H)))))


def _odds(names: TopicNames) -> Frac:
    return Frac(names.expected(0), names.n.e[0])


def _inverse(names: TopicNames) -> Exp:
    return Exp(Neg(names.corrected(0)))


def _data_or_noise(names: TopicNames) -> Iterator[Step]:
    n = names.n
    why = (
        "For each label {m} noise classes are drawn. {one} comes from the data as often as the "
        "model says, {e} (NCE takes e^z itself for the probability: it learns logits whose sum S is 1), "
        "and {count} times as noise. Its share of data:"
    )
    words = sentence(why, m=M, one=n.label[0], e=n.e[0], count=names.expected(0))
    yield Step("bayes", rules.DEFINITION, words, H, Frac(n.e[0], Plus(n.e[0], names.expected(0))))
    why = "Divide numerator and denominator by {e}."
    yield Step("divide", rules.CANCELLING, sentence(why, e=n.e[0]), H, Frac(ONE, Plus(ONE, _odds(names))))
    why = "The count is e to its logarithm, so the fraction is one exponential."
    yield Step("into-the-exponent", rules.CANCELLING, sentence(why), _odds(names), _inverse(names))
    why = "That is the sigmoid of {logit}: the logit, with log(m q) subtracted."
    words = sentence(why, logit=names.corrected(0))
    yield Step("result", rules.SUBSTITUTION, words, H, Frac(ONE, Plus(ONE, _inverse(names))))


def _label(names: TopicNames) -> Iterator[Step]:
    z = names.n.z[0]
    lhs, inverse = D(L, z), _inverse(names)
    why = "At the label the answer should be data: the loss is minus the logarithm of that probability."
    yield Step("definition", rules.DEFINITION, sentence(why), L, Neg(Log(H)))
    why = "The probability is 1 over a sum: its logarithm is minus that of the sum."
    yield Step("take-apart", rules.LOG_OF_QUOTIENT, sentence(why), L, Log(Plus(ONE, inverse)))
    why = (
        "The derivative of a logarithm is that of its inside over its inside. The inside's is minus the "
        "exponential: the chain rule brings out the minus sign of {z}, and log(m q) is a fixed number."
    )
    fraction = Frac(Neg(inverse), Plus(ONE, inverse))
    yield Step("logarithm", rules.LOGARITHM, sentence(why, z=z), lhs, fraction, (fraction,))
    why = "Add and subtract 1 in the numerator, and split: the sigmoid appears."
    split = Plus(Frac(ONE, Plus(ONE, inverse)), Neg(ONE))
    yield Step("split", rules.SPLITTING, sentence(why), lhs, split, (split,))
    why = (
        "Sigmoid minus 1: never positive, so that a step raises the label's logit, the more the less it was "
        "believed."
    )
    yield Step("result", rules.SUBSTITUTION, sentence(why), lhs, Plus(H, Neg(ONE)), (H,))


def _noise(names: TopicNames) -> Iterator[Step]:
    z = names.n.z[0]
    lhs, inverse = D(L, z), _inverse(names)
    why = "At a noise class the answer should be noise: minus the logarithm of the other probability."
    yield Step("definition", rules.DEFINITION, sentence(why), L, Neg(Log(Plus(ONE, Neg(H)))))
    why = "Outer derivative -1/(1 - h), inner derivative minus that of h: the two minus signs cancel."
    yield Step("logarithm", rules.CHAIN, sentence(why), lhs, Frac(D(H, z), Plus(ONE, Neg(H))))
    why = "The derivative of the sigmoid is h (1 - h), as for any sigmoid; the fixed log(m q) adds nothing."
    slope = Times(H, Plus(ONE, Neg(H)))
    yield Step("sigmoid", rules.SUBSTITUTION, sentence(why), D(H, z), slope)
    yield Step("cancel", rules.CANCELLING, sentence("1 - h cancels."), lhs, H, (H,))
    why = (
        "The sigmoid of {logit}: never negative, so that a step lowers the logit of noise that looks like "
        "data."
    )
    words = sentence(why, logit=names.corrected(0))
    yield Step("result", rules.SUBSTITUTION, words, lhs, Frac(ONE, Plus(ONE, inverse)))


def _many_draws(names: TopicNames) -> Iterator[Step]:
    n, d = names.n, names.d[0]
    e, count = n.e[0], names.expected(0)
    why = (
        "On average {one} is drawn {count} times as noise, and it is the label with frequency {d}. "
        "Add up the two gradients, each as often as it comes."
    )
    words = sentence(why, one=n.label[0], count=count, d=d)
    yield Step("definition", rules.DEFINITION, words, G, _mean_gradient(names))
    both = Plus(e, count)
    why = "Put in the probability of data, and that of noise."
    pieces = Plus(Times(count, Frac(e, both)), Neg(Times(d, Frac(count, both))))
    yield Step("substitute", rules.SUBSTITUTION, sentence(why), G, pieces)
    why = "The noise's share is in both terms: take it out."
    share = Frac(count, both)
    yield Step("factor", rules.FACTORING, sentence(why), G, Times(share, Plus(e, Neg(d))), (share,))
    small = Frac(e, count)
    why = (
        "Divide by the count above and below. As {m} grows, {small} goes to 0 and the factor to 1: what "
        "is left is {e} - {d}, model minus data. With S = 1 that is p - d, the gradient of the full "
        "softmax."
    )
    words = sentence(why, m=M, small=small, e=e, d=d)
    factor = Frac(ONE, Plus(ONE, small))
    yield Step("result", rules.CANCELLING, words, G, Times(factor, Plus(e, Neg(d))), (factor,))
