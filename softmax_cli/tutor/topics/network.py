"""Backpropagation: from the loss through softmax to the weights of the last layer and of the hidden one.

Two inputs x_a, x_b; two hidden units h_a, h_b, the tanh of u_a, u_b; and a logit z_k for each class:

u_b = x_a v_ab + x_b v_bb + c_b,    h_b = tanh u_b,    z_k = h_a w_ak + h_b w_bk + b_k

Without a hidden layer h is x. What holds for two units holds for any number: no step depends on how many
there are.
"""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.narratives import cross_entropy
from softmax_cli.tutor.nodes import D, Exp, Frac, Neg, Plus, Power, Times, times, total
from softmax_cli.tutor.notation import Case, L, Member, notation
from softmax_cli.tutor.topics.topic import proved

UNITS = "ab"
"""The inputs, and the hidden units."""

ONE = Integer(1)


def derivations(k: int) -> Iterator[Derivation]:
    """Yield the three derivations for k classes, each standing on the one before.

    The first class is the target, and the logit and the weight are its own: for every other class the result,
    p - y, is the same.
    """
    n = notation(k, False)
    case = Case.of(n, 0, 0)
    network = _definitions(case)
    loss = n.cross_entropy(case.i)
    for name, words, wrt, definitions, steps in (
        ("vjp", "Output gradient times softmax derivative", case.wrt.z, loss, _vjp(case)),
        ("weights", "Through softmax to a weight", _weight(case.j), network, _weights(case)),
        ("hidden", "Through the hidden layer", _V, network, _hidden(case)),
    ):
        title = f"{words}: the derivative of the loss {{L}} with respect to {{wrt}}"
        yield proved(name, "network", title, D(L, wrt), n, definitions, steps, wrt=wrt)


_V = Symbol("v_ab")
"""The weight from the first input to the second hidden unit."""


def _weight(k: int, unit: str = UNITS[0]) -> Symbol:
    """Return the weight from a hidden unit to class k (0-based)."""
    return Symbol(f"w_{unit}{k + 1}")


def _unit(letter: str, unit: str) -> Symbol:
    return Symbol(f"{letter}_{unit}")


def _definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for: those of the cross-entropy, and the layers below."""
    sums = {}
    for unit in UNITS:
        terms = (Times(_unit("x", other), Symbol(f"v_{other}{unit}")) for other in UNITS)
        sums[_unit("u", unit)] = Plus(*terms, _unit("c", unit))
    values = {_unit("h", unit): _tanh(_unit("u", unit)) for unit in UNITS}
    logits = {z: _logit(k) for k, z in enumerate(case.names.z)}
    return {**case.names.cross_entropy(case.i), **sums, **values, **logits}


def _tanh(u: Expr) -> Expr:
    up, down = Exp(u), Exp(Neg(u))
    return Frac(Plus(up, Neg(down)), Plus(up, down))


def _logit(k: int) -> Expr:
    return Plus(*(Times(_unit("h", unit), _weight(k, unit)) for unit in UNITS), Symbol(f"b_{k + 1}"))


def _vjp(case: Case) -> Iterator[Step]:
    z, lhs = case.wrt.z, D(L, case.wrt.z)
    told = list(cross_entropy.jacobian(case))
    yield told[0]
    why = (
        "The chain rule. The loss hands each probability its own derivative, -y/p: the output gradient. Each "
        "probability hands its share on to {z}: that is the column of {z} in the Jacobian of softmax. A row "
        "times a matrix: this is a vjp, a vector-Jacobian product."
    )
    gradient = tuple(Neg(Frac(m.y, m.p)) for m in case.classes)
    rhs = case.sum_over(lambda m: Times(Neg(Frac(m.y, m.p)), D(m.p, z)))
    yield Step("output-gradient", rules.CHAIN, sentence(why, z=z), lhs, rhs, gradient)
    yield from told[3:]


def _through_logits(case: Case, wrt: Symbol) -> Step:
    why = (
        "The chain rule, through every logit. What the loss hands to a logit is prediction minus truth, "
        "p - y, as just derived; what is left is how each logit depends on {w}."
    )
    rhs = case.sum_over(lambda m: Times(_error(m), D(m.z, wrt)))
    return Step("chain", rules.CHAIN, sentence(why, w=wrt), D(L, wrt), rhs, tuple(map(_error, case.classes)))


def _error(m: Member) -> Expr:
    return Plus(m.p, Neg(m.y))


def _layer(case: Case) -> Step:
    why = (
        "A logit is a weighted sum of what comes in, {h} and {g}, and a bias. Without a hidden layer these "
        "are the features."
    )
    words = sentence(why, h=_unit("h", "a"), g=_unit("h", "b"))
    return Step("layer", rules.DEFINITION, words, case.wrt.z, _logit(case.j))


def _weights(case: Case) -> Iterator[Step]:
    w, h = _weight(case.j), _unit("h", UNITS[0])
    lhs = D(L, w)
    yield _layer(case)
    yield _through_logits(case, w)
    why = (
        "{w} stands in {z} alone, in front of {h}: there the derivative is {h}. The other logits do not move."
    )
    fixed = sentence("{h} is a constant here.", h=h)
    parts = (Step("own", rules.CONSTANT_MULTIPLE, fixed, D(case.wrt.z, w), h),)
    rhs = case.sum_over(lambda m: Times(_error(m), m.if_own(h)))
    yield Step("inputs", rules.SUBSTITUTION, sentence(why, w=w, z=case.wrt.z, h=h), lhs, rhs, (h,), parts)
    why = (
        "What came in, times prediction minus truth. An input of 0 teaches its weight nothing; a prediction "
        "that is right asks for no change."
    )
    rhs = Times(h, _error(case.wrt))
    yield Step("result", rules.SIMPLIFYING, sentence(why), lhs, rhs, (rhs,))


def _hidden(case: Case) -> Iterator[Step]:
    u, h, x = _unit("u", UNITS[1]), _unit("h", UNITS[1]), _unit("x", UNITS[0])
    lhs = D(L, _V)
    yield _layer(case)
    yield _through_logits(case, _V)
    why = "{v} leads to {h} alone, and {h} stands in every logit, in front of its weight."
    weights, errors = [_weight(k, UNITS[1]) for k in range(case.names.k)], list(map(_error, case.classes))
    slopes = tuple(Times(weight, D(h, _V)) for weight in weights)
    rhs = total(list(map(Times, errors, slopes)))
    yield Step("units", rules.CONSTANT_MULTIPLE, sentence(why, v=_V, h=h), lhs, rhs, slopes)
    back = total(list(map(Times, weights, errors)))
    why = (
        "The derivative of {h} stands in every term. The sum is what all classes hand back to {h}, each by "
        "its weight: a step backwards through the layer multiplies by the same weights as the step forwards."
    )
    yield Step("factor", rules.FACTORING, sentence(why, h=h), lhs, Times(back, D(h, _V)), (back,))
    why = "The activation: {h} is the tanh of {u}, a quotient of exponentials."
    yield Step("activation", rules.DEFINITION, sentence(why, h=h, u=u), h, _tanh(u))
    slope = Plus(ONE, Neg(Power(h, 2)))
    why = "The derivative of tanh is 1 - tanh^2, and {u} depends on {v} through one term, {term}."
    fixed = sentence("{x} is a constant here.", x=x)
    parts = (Step("sum", rules.CONSTANT_MULTIPLE, fixed, D(u, _V), x),)
    words = sentence(why, u=u, v=_V, term=Times(x, _V))
    yield Step("tanh", rules.CHAIN, words, D(h, _V), Times(slope, x), (slope,), parts)
    why = (
        "What came in, times what comes back. Where {h} is close to 1 or -1 the factor {factor} is close to "
        "0: a saturated unit passes nothing on. Every further layer adds a pair of such factors."
    )
    rhs = times(x, slope, back)
    yield Step("result", rules.SUBSTITUTION, sentence(why, h=h, factor=slope), lhs, rhs, (rhs,))
