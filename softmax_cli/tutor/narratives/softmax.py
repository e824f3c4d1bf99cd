"""The softmax function, p_i = e^(z_i / T) / S, by the quotient rule: told once for both cases and any K."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, Power, Times, times
from softmax_cli.tutor.notation import Case, F, G, S

ONE, ZERO = Integer(1), Integer(0)


def claim(case: Case) -> Expr:
    """Return what is worked out: dp_i / dz_j."""
    return D(case.output.p, case.wrt.z)


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return {**case.names.softmax, F: case.output.e, G: S}


def quotient_rule(case: Case) -> Iterator[Step]:
    """Tell the derivation by the quotient rule."""
    p, top = case.output.p, case.output.e
    why = (
        "Softmax: the probability of {name} is its own exponential, {top}, divided by {S}, the sum of the "
        "exponentials of all the classes."
    )
    words = sentence(why, name=case.label_i, top=top)
    yield Step("definition", rules.DEFINITION, words, p, Frac(top, S), substeps=(sum_definition(case),))
    yield naming(case, top, S)
    yield quotient(case, p)
    yield _top(case)
    yield sum_derivative(case, G)
    yield from _fractions(case)
    yield from _probabilities(case)


def sum_definition(case: Case) -> Step:
    """Say what S is."""
    why = "{S} is short for this sum, one term for each class. Every term is positive, so {S} is never 0."
    return Step("sum", rules.DEFINITION, sentence(why), S, case.sum_over(lambda m: m.e))


def naming(case: Case, top: Expr, bottom: Expr) -> Step:
    """Call the top of the fraction f and its bottom g."""
    parts = (
        Step("f", rules.DEFINITION, sentence("The top."), F, top),
        Step("g", rules.DEFINITION, sentence("The bottom."), G, bottom),
    )
    why = (
        "A fraction: call its top {f} and its bottom {g}. Only {z} moves; the other logits stay as they are."
    )
    words = sentence(why, z=case.wrt.z)
    return Step("naming", rules.DEFINITION, words, case.output.p, Frac(F, G), (F, G), parts)


def quotient(case: Case, function: Expr) -> Step:
    """Write the quotient rule in letters."""
    z = case.wrt.z
    why = (
        "The derivative of the top times the bottom, minus the top times the derivative of the bottom, all "
        "over the bottom squared. The prime in {df} says: differentiated with respect to {z}."
    )
    rhs = Frac(Plus(Times(D(F, z), G), Neg(Times(F, D(G, z)))), Power(G, 2))
    return Step("quotient-rule", rules.QUOTIENT, sentence(why, df=D(F, z), z=z), D(function, z), rhs)


def _top(case: Case) -> Step:
    n, z, top = case.names, case.wrt.z, case.output.e
    slope = case.if_same(n.scaled(top))
    chain = ", times 1/T, the derivative of {inside} (chain rule)." if n.temperature else "."
    why = case.said(
        "{z} stands in {top}. The exponential function is its own derivative, so {df} is {f} again" + chain,
        "{z} is not in {top}: while {z} moves, {top} stays the same. The derivative of a constant is 0.",
        "If i = j the exponential is its own derivative"
        + chain.replace(".", "")
        + "; if not, it is a constant. "
        "{delta} is 1 in the first case and 0 in the other.",
    )
    words = sentence(why, top=top, z=z, df=D(F, z), inside=n.over_t(case.output.z), delta=case.kronecker)
    taken = rules.CHAIN if n.temperature else rules.EXPONENTIAL
    rule = rules.CONSTANT if slope == 0 else taken
    parts = inner_steps(case, top) if n.temperature else ()
    return Step("f-prime", rule, words, D(F, z), slope, (slope,), parts)


def inner_steps(case: Case, outer: Expr) -> tuple[Step, ...]:
    """Work out the derivative of e^(z_i / T): the chain rule and its inner derivative."""
    z, inside = case.wrt.z, case.names.over_t(case.output.z)
    why = "The derivative of the outer function, which is {outer} again, times the derivative of the inside."
    return (
        Step("chain", rules.CHAIN, sentence(why, outer=outer), D(outer, z), Times(outer, D(inside, z))),
        inner_derivative(case),
    )


def inner_derivative(case: Case) -> Step:
    """Work out the derivative of z_i / T: 1/T where i = j, else 0."""
    n, z, inside = case.names, case.wrt.z, case.names.over_t(case.output.z)
    slope = case.if_same(n.over_t(ONE))
    why = case.said(
        "{inside} is {z} times the constant 1/T."
        if n.temperature
        else "{z} grows exactly as fast as itself.",
        "{z} is not in {inside}: a constant.",
        "If i = j, {inside} grows with {z}; if not, it is a constant. {delta} is 1 or 0.",
    )
    rule = rules.CONSTANT if slope == 0 else rules.CONSTANT_MULTIPLE
    words = sentence(why, inside=inside, z=z, delta=case.kronecker)
    return Step("inner", rule, words, D(inside, z), slope, (slope,))


def sum_derivative(case: Case, name: Symbol, step: str = "g-prime") -> Step:
    """Differentiate the sum S (under the name it has there): one term is left."""
    n, z, survivor = case.names, case.wrt.z, case.names.scaled(case.wrt.e)
    lhs = D(name, z)
    only = "Only {term} has {z} in it. All the other terms are constants, with derivative 0."
    why = case.said(
        only,
        only,
        "Only the term with k = j has {z} in it: {own} is 1 there and 0 for the others, which are constants.",
    )
    terms = sentence("The derivative of a sum is the sum of the derivatives.")
    words = sentence(why, term=case.wrt.e, z=z, own=case.running.own)
    kept = case.sum_over(lambda m: m.if_own(n.scaled(m.e)))
    parts = (
        Step("term-by-term", rules.SUM, terms, lhs, case.sum_over(lambda m: D(m.e, z))),
        Step("one-survives", rules.EXPONENTIAL, words, lhs, kept, (survivor,)),
    )
    return Step(step, rules.SIMPLIFYING, sentence("So one term is left."), lhs, survivor, (survivor,), parts)


def _fractions(case: Case) -> Iterator[Step]:
    """Put the pieces in, factor, split."""
    n, z, lhs = case.names, case.wrt.z, claim(case)
    top, survivor = case.output.e, n.scaled(case.wrt.e)
    slope = case.if_same(n.scaled(top))
    first, second = times(slope, S), times(top, survivor)
    why = "With {f} = {top}, {g} = {S}, {df} = {slope} and {dg} = {survivor}."
    words = sentence(why, top=top, df=D(F, z), slope=slope, dg=D(G, z), survivor=survivor)
    rhs = Frac(Plus(first, Neg(second)), Power(S, 2))
    yield Step("substitute", rules.SUBSTITUTION, words, lhs, rhs, (first, second))
    rest = Plus(case.if_same(S), Neg(case.wrt.e))
    why = case.said(
        "Both terms on the top contain {top}.",
        "0 times {S} is 0, and {top} goes in front.",
        "Both terms on the top contain {top}.",
    )
    why += " The 1/T goes in front." if n.temperature else ""
    factored = Times(top, rest)
    rhs = n.scaled(Frac(factored, Power(S, 2)))
    yield Step("factor", rules.FACTORING, sentence(why, top=top), lhs, rhs, (factored,))
    why = "{squared} is {S} times {S}, so each factor of the top gets an {S} of its own."
    halves = Frac(top, S), Frac(rest, S)
    words = sentence(why, squared=Power(S, 2))
    yield Step("split", rules.SPLITTING, words, lhs, n.scaled(Times(*halves)), halves)


def _probabilities(case: Case) -> Iterator[Step]:
    """Recognise the probabilities, simplify, and write both cases as one formula."""
    n, lhs = case.names, claim(case)
    p, q, fraction = case.output.p, case.wrt.p, Frac(case.wrt.e, S)
    left = Frac(case.if_same(S), S)
    why = "The first fraction is {p}, where we started. The second is {second}, and {fraction} is {q}."
    words = sentence(why, p=p, q=q, second=Plus(left, Neg(fraction)), fraction=fraction)
    rhs = n.scaled(Times(p, Plus(left, Neg(q))))
    yield Step("recognise", rules.SUBSTITUTION, words, lhs, rhs, (p, q))
    over = "; over T" if n.temperature else ""
    why = case.said(
        "{left} is 1. A probability is between 0 and 1, so this is never negative: {p} grows with {z}.",
        "{left} is 0. The minus sign says that {p} falls as {z} grows: faster, the larger both are.",
        "{S} cancels. If i = j this is p (1 - p); if not, minus the product of both probabilities"
        + over
        + ".",
    )
    words = sentence(why, left=left, z=case.wrt.z, p=p)
    both = n.scaled(Times(p, Plus(case.kronecker, Neg(q))))
    if case.general:
        yield Step("simplify", rules.CANCELLING, words, lhs, both, (case.kronecker,))
        return
    simple = n.scaled(Times(p, Plus(ONE, Neg(p))) if case.same else Neg(Times(p, q)))
    yield Step("simplify", rules.CANCELLING, words, lhs, simple, (simple,))
    yield joining(case, lhs, both)


def joining(case: Case, lhs: Expr, rhs: Expr) -> Step:
    """Write both cases as one formula."""
    delta = case.kronecker
    why = "{delta} is 1 when i and j are the same class, and 0 when they are not. Here they are " + case.said(
        "the same, so it is 1.", "not, so it is 0.", ""
    )
    return Step("join", rules.JOINING, sentence(why, delta=delta), lhs, rhs, (delta,))


MEANING = (
    "Raising the score of {j} raises its probability, fastest when that is near 1/2.",
    "Raising the score of {j} takes from {i}, in proportion to both probabilities.",
    "Raising one score raises its own probability and takes from every other, in proportion to both.",
)
ROUTES = {"quotient-rule": quotient_rule}
GENERAL = True
"""Its derivation can be told for any number of classes."""
FOLLOW_UPS = True
"""The follow-ups are about it."""
