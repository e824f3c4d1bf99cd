"""Sampled softmax: where log(m q) comes from, why the label has it too, and the limit of many draws."""

from collections.abc import Iterator

from sympy import Expr, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import D, Frac, Log, Neg, Plus, Times, total
from softmax_cli.tutor.notation import L, S
from softmax_cli.tutor.topics.topic import ONE, M, TopicNames, proved

R = Symbol("R")
"""The sum of the candidates' exponentials."""


def derivations(k: int) -> Iterator[Derivation]:
    """Yield the derivations of the sampled softmax, for k classes that stand for many."""
    names = TopicNames.of(k)
    title = "Where log(m q) comes from: the sum over all classes, estimated from m draws"
    yield proved("estimated-sum", "sampled", title, S, names.n, {}, _estimated_sum(names))
    w = tuple(Symbol(f"w_{i}") for i in range(1, k + 1))
    joint = [Times(names.n.p[i], *(names.q[j] for j in range(k) if j != i)) for i in range(k)]
    title = "Why the label's logit is corrected too: which of the candidates is the label?"
    label = {w[i]: Frac(joint[i], total(joint)) for i in range(k)}
    yield proved("which-is-the-label", "sampled", title, w[0], names.n, label, _posterior(names, w[0], joint))
    title = "The gradient of the sampled loss: prediction minus truth, among the candidates"
    weights = tuple(names.weight(i) for i in range(k))
    found = {R: total(weights), **{w[i]: Frac(weights[i], R) for i in range(k)}, L: Neg(Log(w[0]))}
    yield proved("gradient", "sampled", title, D(L, names.n.z[0]), names.n, found, _gradient(names, w))
    title = "The limit of many draws: the weight of a class becomes its probability"
    v, drawn = Symbol("v_2"), Times(names.expected(1), names.weight(1))
    weight = {v: Frac(drawn, Plus(names.weight(0), S))}
    yield proved("many-draws", "sampled", title, v, names.n, weight, _many_draws(names, v, drawn))


def _estimated_sum(names: TopicNames) -> Iterator[Step]:
    n, k = names.n, names.n.k
    why = (
        "Softmax divides by the sum over all classes, however many there are. To estimate it, draw a "
        "class: class c comes with probability q_c, its noise."
    )
    yield Step("definition", rules.DEFINITION, sentence(why), S, total(n.e))
    terms = tuple(Times(q, Frac(e, q)) for q, e in zip(names.q, n.e, strict=True))
    why = (
        "Multiply and divide each term by its q: nothing changes. Now it reads as a mean: with "
        "probability {q} the draw is {one}, and it counts {share}."
    )
    words = sentence(why, q=names.q[0], one=n.label[0], share=Frac(n.e[0], names.q[0]))
    yield Step("mean-of-a-draw", rules.CANCELLING, words, S, total(terms), terms)
    terms = tuple(Times(names.q[i], names.share(i)) for i in range(k))
    why = "Draw {m} classes and let each count one {m}-th of that: {m} means of {share} come to the same sum."
    words = sentence(why, m=M, share=names.share(0))
    yield Step("m-draws", rules.CANCELLING, words, S, Times(M, total(terms)), terms)
    why = (
        "{count} is how often {one} comes among {m} draws, on average. To divide by it is to "
        "subtract its logarithm in the exponent."
    )
    words = sentence(why, count=names.expected(0), one=n.label[0], m=M)
    yield Step("into-the-exponent", rules.CANCELLING, words, names.share(0), names.weight(0))
    terms = tuple(Times(names.q[i], names.weight(i)) for i in range(k))
    why = (
        "So each drawn class counts e to its corrected logit, {logit}, and on average the draws come to "
        "S: often drawn classes count less each time. Without the correction they would be counted "
        "{count} times."
    )
    words = sentence(why, logit=names.corrected(0), count=names.expected(0))
    yield Step("result", rules.SUBSTITUTION, words, S, Times(M, total(terms)), terms)


def _posterior(names: TopicNames, w: Symbol, joint: list[Expr]) -> Iterator[Step]:
    n, k = names.n, names.n.k
    why = (
        "The candidates are the label, drawn from p, and noise, drawn from q. If {one} is the label, it "
        "came from p and the others from q. Divide by all ways in which these candidates can come about "
        "(Bayes' rule)."
    )
    yield Step("bayes", rules.DEFINITION, sentence(why, one=n.label[0]), w, Frac(joint[0], total(joint)))
    ratios = tuple(Frac(n.p[i], names.q[i]) for i in range(k))
    why = "Divide numerator and denominator by the product of all q: what is left is p over q."
    yield Step("ratios", rules.CANCELLING, sentence(why), w, Frac(ratios[0], total(ratios)), ratios)
    ratios = tuple(Frac(n.e[i], names.q[i]) for i in range(k))
    why = "Each p is its exponential over S. S is in every term, so it cancels: nobody has to compute it."
    yield Step("sum-cancels", rules.CANCELLING, sentence(why), w, Frac(ratios[0], total(ratios)), ratios)
    shares = tuple(names.share(i) for i in range(k))
    why = "Divide every term by {m}, which cancels as well."
    yield Step("over-m", rules.CANCELLING, sentence(why, m=M), w, Frac(shares[0], total(shares)), shares)
    weights = tuple(names.weight(i) for i in range(k))
    why = (
        "That is a softmax over the candidates, of the corrected logits: of all of them, the label's too. "
        "Correct the noise alone, and the question that is answered is another."
    )
    yield Step("result", rules.SUBSTITUTION, sentence(why), w, Frac(weights[0], total(weights)), weights)


def _gradient(names: TopicNames, w: tuple[Symbol, ...]) -> Iterator[Step]:
    n, z = names.n, names.n.z[0]
    lhs = D(L, z)
    why = "The loss is the cross-entropy among the candidates; {one} is the label."
    yield Step("definition", rules.DEFINITION, sentence(why, one=n.label[0]), L, Neg(Log(w[0])))
    weights = tuple(names.weight(i) for i in range(n.k))
    why = "R is the sum of the candidates' exponentials, which the weights are divided by."
    yield Step("candidates", rules.DEFINITION, sentence(why), R, total(weights))
    why = "The weight is a quotient: its logarithm is a difference, and undoes the exponential."
    apart = Plus(Log(R), Neg(names.corrected(0)))
    yield Step("take-apart", rules.LOG_OF_QUOTIENT, sentence(why), L, apart, (Log(R),))
    why = (
        "Term by term with respect to {z}. log(m q) is a fixed number: its derivative is 0, and {z} alone "
        "gives 1."
    )
    yield Step("sum-rule", rules.SUM, sentence(why, z=z), lhs, Plus(D(Log(R), z), Neg(ONE)))
    why = "The derivative of a logarithm is that of its inside, divided by its inside."
    yield Step("logarithm", rules.LOGARITHM, sentence(why), lhs, Plus(Frac(D(R, z), R), Neg(ONE)))
    why = "In the sum only {term} contains {z}, and e^x is its own derivative."
    words = sentence(why, term=names.weight(0), z=z)
    yield Step("one-term", rules.EXPONENTIAL, words, D(R, z), names.weight(0))
    why = (
        "Put it in, and recognise the weight: prediction minus truth, the p - y of the full softmax, among "
        "the candidates."
    )
    yield Step("result", rules.SUBSTITUTION, sentence(why), lhs, Plus(w[0], Neg(ONE)), (w[0],))


def _many_draws(names: TopicNames, v: Symbol, drawn: Expr) -> Iterator[Step]:
    n = names.n
    why = (
        "Take {m} large. {two} comes {count} times, each time with its corrected weight; the label "
        "{one} counts once more; and the draws together come to S, as the estimate of the sum says."
    )
    words = sentence(why, m=M, two=n.label[1], one=n.label[0], count=names.expected(1))
    yield Step("definition", rules.DEFINITION, words, v, Frac(drawn, Plus(names.weight(0), S)))
    why = "e to the corrected logit is the exponential over the expected count; the count of {two} cancels."
    below = Plus(names.share(0), S)
    yield Step("cancel", rules.CANCELLING, sentence(why, two=n.label[1]), v, Frac(n.e[1], below))
    small = Frac(n.p[0], names.expected(0))
    why = (
        "Divide numerator and denominator by S. As {m} grows, {small} goes to 0 and the weight to {p}: the "
        "gradient of the sampled loss becomes that of the full one."
    )
    words = sentence(why, m=M, small=small, p=n.p[1])
    yield Step("result", rules.CANCELLING, words, v, Frac(n.p[1], Plus(small, ONE)), (small,))
