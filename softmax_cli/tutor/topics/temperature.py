"""The loss and the temperature: its slope in T, the equation that ``softmax calibrate`` solves."""

from collections.abc import Iterator

from sympy import Integer

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import D, Frac, Log, Neg, Plus, Power, Times, total
from softmax_cli.tutor.notation import L, Notation, S, T, notation
from softmax_cli.tutor.topics.topic import proved


def derivations(k: int) -> Iterator[Derivation]:
    """Yield the derivative of the loss with respect to the temperature, for a row of the first class."""
    n = notation(k, True)
    title = "The derivative of the loss {L} with respect to the temperature {T}"
    yield proved("slope", "temperature", title, D(L, T), n, {L: Neg(Log(n.p[0]))}, _slope(n))


def _slope(n: Notation) -> Iterator[Step]:
    z, square = n.z[0], Power(T, Integer(2))
    lhs = D(L, T)
    why = "The loss of a row whose true class is {one}: minus the logarithm of its probability."
    yield Step("definition", rules.DEFINITION, sentence(why, one=n.label[0]), L, Neg(Log(n.p[0])))
    why = "The probability is a quotient: its logarithm is a difference, and undoes the exponential."
    apart = Plus(Log(S), Neg(Frac(z, T)))
    yield Step("take-apart", rules.LOG_OF_QUOTIENT, sentence(why), L, apart, (Log(S),))
    one = Integer(1)
    why = "Term by term. {term} is {z} times {over}, and the derivative of {over} is {falls}."
    over, falls = Frac(one, T), Neg(Frac(one, square))
    words = sentence(why, term=Frac(z, T), z=z, over=over, falls=falls)
    yield Step("sum-rule", rules.SUM, words, lhs, Plus(D(Log(S), T), Frac(z, square)))
    why = "The derivative of a logarithm is that of its inside, divided by its inside."
    yield Step("logarithm", rules.LOGARITHM, sentence(why), lhs, Plus(Frac(D(S, T), S), Frac(z, square)))
    why = (
        "Each exponential is its own derivative, times that of its exponent {term}: minus {z} over {square}."
    )
    terms = tuple(Times(logit, e) for logit, e in zip(n.z, n.e, strict=True))
    below = Neg(Frac(total(terms), square))
    words = sentence(why, term=Frac(z, T), z=z, square=square)
    yield Step("exponentials", rules.CHAIN, words, D(S, T), below)
    expected = tuple(Times(p, logit) for p, logit in zip(n.p, n.z, strict=True))
    why = (
        "Put it in, and recognise the probabilities: each exponential over S. What stands in front is the "
        "true class's logit, what is taken away the logit that the probabilities expect. Where the two are "
        "equal, on average over all rows, no other temperature is better: softmax calibrate finds that T."
    )
    result = Frac(Plus(z, Neg(total(expected))), square)
    yield Step("result", rules.SUBSTITUTION, sentence(why), lhs, result, expected)
