"""Attention: weights softmax(q k / sqrt d), where the 1 / sqrt d comes from, and the derivative by the query.

A query q_a, q_b and for each position k a key k_ka, k_kb; the logit is their product, z_k = q_a k_ka + q_b
k_kb, and T stands for sqrt d: dividing by it is a temperature.
"""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, Power, Times, times, total
from softmax_cli.tutor.notation import Case, T, notation
from softmax_cli.tutor.topics.topic import proved

PARTS = "ab"
"""The components of the query and of a key: d = 2 of them."""

ONE, ZERO = Integer(1), Integer(0)
V = Symbol("V")
"""The variance of a product of a query and a key."""


def derivations(k: int) -> Iterator[Derivation]:
    """Yield the two derivations, for k positions; the weight of the first is looked at."""
    case = Case.of(notation(k, True), 0, 0)
    n, p = case.names, case.output.p
    title = "Where 1/sqrt(d) comes from: the variance of query times key, over {T}^2"
    yield proved("scale", "attention", title, Frac(V, Power(T, 2)), n, _moments(), _scale())
    title = "The derivative of the attention weight {p} with respect to {q}, a component of the query"
    logits = {z: _logit(m) for m, z in enumerate(n.z)}
    yield proved("query", "attention", title, D(p, _Q), n, logits, _query(case), p=p, q=_Q)


_Q = Symbol("q_a")


def _key(k: int, part: str = PARTS[0]) -> Symbol:
    """Return a component of the key of position k (0-based)."""
    return Symbol(f"k_{k + 1}{part}")


def _logit(k: int) -> Expr:
    return Plus(*(Times(Symbol(f"q_{part}"), _key(k, part)) for part in PARTS))


def _moment(one: str, other: str) -> Symbol:
    """Return the name of the mean of q_f k_f q_g k_g, which m_fg is short for."""
    return Symbol(f"m_{one}{other}")


def _moments() -> Mapping[Symbol, Expr]:
    """Return what the means are, for independent components of mean 0 and variance 1."""
    means = {_moment(f, g): ONE if f == g else ZERO for f in PARTS for g in PARTS}
    return {**means, V: total(tuple(means))}


def _scale() -> Iterator[Step]:
    lhs, squared = Frac(V, Power(T, 2)), Power(T, 2)
    names = tuple(_moments())[:-1]
    why = (
        "Say that every component of the query and of the key is drawn independently, with mean 0 and "
        "variance 1, as at the start of a training. Their product has mean 0, so its variance {V} is the "
        "mean of its square: multiplied out, one term for each pair of components. {m} is short for the mean "
        "of q_a k_a q_b k_b."
    )
    yield Step("square", rules.DEFINITION, sentence(why, V=V, m=_moment("a", "b")), V, total(names))
    same, mixed = _moment("a", "a"), _moment("a", "b")
    why = "Of independent numbers the mean of a product is the product of the means."
    words = sentence("A component with itself: the mean of q^2 is 1, and that of k^2 is 1.")
    squares = Step("same", rules.DEFINITION, words, same, ONE)
    words = sentence("Two different components: each factor has mean 0.")
    parts = (squares, Step("mixed", rules.DEFINITION, words, mixed, ZERO))
    values = total(tuple(_moments()[name] for name in names))
    yield Step("means", rules.SUBSTITUTION, sentence(why), V, values, (), parts)
    why = "Dividing by {T} divides the variance by {T}^2."
    yield Step("divided", rules.SUBSTITUTION, sentence(why), lhs, Frac(values, squared))
    why = (
        "Each of the d components, here 2, adds 1: the variance of a logit grows as d. With {T} = sqrt(d) it "
        "is 1 again, whatever d is. Without, logits of size sqrt(d) saturate softmax: p is close to 0 or 1, "
        "and its derivative p (1 - p) close to 0: nothing would be learned."
    )
    yield Step("result", rules.SIMPLIFYING, sentence(why), lhs, Frac(Integer(len(PARTS)), squared))


def _query(case: Case) -> Iterator[Step]:
    n, lhs, p = case.names, D(case.output.p, _Q), case.output.p
    why = "The logit of a position is the product of the query with its key. {T} stands for sqrt(d)."
    yield Step("logit", rules.DEFINITION, sentence(why), case.output.z, _logit(case.i))
    why = (
        "The chain rule, through every logit: the Jacobian of softmax at the temperature {T}, times how each "
        "logit depends on {q}."
    )
    rows = tuple(n.scaled(Times(p, Plus(m.own, Neg(m.p)))) for m in case.classes)
    rhs = total(tuple(times(row, D(m.z, _Q)) for row, m in zip(rows, case.classes, strict=True)))
    yield Step("chain", rules.CHAIN, sentence(why, q=_Q), lhs, rhs, rows)
    keys = tuple(_key(k) for k in range(n.k))
    why = "In its logit {q} is multiplied by a component of the key."
    parts = tuple(
        Step(
            f"key-{k + 1}", rules.CONSTANT_MULTIPLE, sentence("The key is a constant here."), D(m.z, _Q), key
        )
        for k, (m, key) in enumerate(zip(case.classes, keys, strict=True))
    )
    rhs = total(tuple(times(row, key) for row, key in zip(rows, keys, strict=True)))
    yield Step("keys", rules.SUBSTITUTION, sentence(why, q=_Q), lhs, rhs, keys, parts)
    mean = total(tuple(Times(m.p, key) for m, key in zip(case.classes, keys, strict=True)))
    rest = Plus(keys[case.i], Neg(mean))
    why = (
        "{p} and 1/{T} stand in every term. The sum is the mean key, weighted by attention: the weight of a "
        "position grows as the query turns towards what its key has beyond that mean."
    )
    yield Step("result", rules.FACTORING, sentence(why, p=p), lhs, n.scaled(Times(p, rest)), (rest,))
