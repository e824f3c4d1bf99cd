"""The softmax function, p_i = e^(z_i / T) / S, by the quotient rule: one skeleton for i = j and i != j."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.nodes import D, Delta, Frac, Neg, Plus, Power, Times, times, total
from softmax_cli.tutor.notation import Case, F, G, S

ONE, ZERO = Integer(1), Integer(0)


def claim(case: Case) -> Expr:
    """Return what is worked out: dp_i / dz_j."""
    return D(case.names.p[case.i], case.names.z[case.j])


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return {**case.names.softmax, F: case.names.e[case.i], G: S}


def quotient_rule(case: Case) -> Iterator[Step]:
    """Tell the derivation by the quotient rule."""
    n = case.names
    yield Step(
        "definition",
        rules.Definition,
        sentence(
            "The probability of {name} is its own exponential, {top}, divided by {S}: the sum of the "
            "exponentials of "
            "all the classes.",
            name=n.label[case.i],
            top=n.e[case.i],
            S=S,
        ),
        n.p[case.i],
        Frac(n.e[case.i], S),
        substeps=(sum_definition(case),),
    )
    yield _naming(case)
    yield quotient(case, n.p[case.i])
    yield _top(case)
    yield sum_derivative(case, G)
    yield from _fractions(case)
    yield from _probabilities(case)


def sum_definition(case: Case) -> Step:
    """Say what S is."""
    why = "{S} is short for this sum, one term for each class. Every term is positive, so {S} is never 0."
    return Step("sum", rules.Definition, sentence(why, S=S), S, total(case.names.e))


def quotient(case: Case, function: Expr) -> Step:
    """Write the quotient rule in letters."""
    z = case.names.z[case.j]
    rule = rules.Quotient(F, G, z)
    why = (
        "The quotient rule, in words: the derivative of the top times the bottom, minus the top times"
        " the derivative "
        "of the bottom, all over the bottom squared. The prime ' means: differentiated with respect to {z}."
    )
    return Step("quotient-rule", type(rule), sentence(why, z=z), D(function, z), rule.eval())


def _naming(case: Case) -> Step:
    n = case.names
    top = n.e[case.i]
    why = (
        "It is a fraction. Call its top {f} and its bottom {g}. Only {z} will move; the other logits "
        "stand still."
    )
    return Step(
        "naming",
        rules.Definition,
        sentence(why, f=F, g=G, z=n.z[case.j]),
        n.p[case.i],
        Frac(F, G),
        changed=(F, G),
        substeps=(
            Step("f", rules.Definition, sentence("{f} is the top.", f=F), F, top),
            Step("g", rules.Definition, sentence("{g} is the bottom.", g=G), G, S),
        ),
    )


def _top(case: Case) -> Step:
    n = case.names
    z, top = n.z[case.j], n.e[case.i]
    if case.same:
        why = "{top} contains {z}. The exponential function is its own derivative, so {df} is {f} once more"
        why += ", times 1/T, the derivative of {inside} (chain rule)." if n.temperature else "."
        rule: type[rules.Rule] = rules.Chain if n.temperature else rules.Exponential
        rhs = n.scaled(top)
    else:
        why = (
            "{z} does not appear in {top}. Seen from {z} it is a constant, and the derivative of a "
            "constant is 0."
        )
        rule, rhs = rules.Constant, ZERO
    words = sentence(why, top=top, z=z, f=F, df=D(F, z), inside=n.over_t(n.z[case.i]))
    return Step("f-prime", rule, words, D(F, z), rhs, (rhs,), inner_steps(case, top) if n.temperature else ())


def inner_steps(case: Case, outer: Expr) -> tuple[Step, ...]:
    """Work out the derivative of e^(z_i / T): the chain rule and its inner derivative."""
    n = case.names
    z, inside = n.z[case.j], n.over_t(n.z[case.i])
    chain = rules.Chain(outer, inside, z)
    why = (
        "The chain rule: the derivative of the outer function, which is {outer} again, times the inner "
        "derivative."
    )
    return (
        Step("chain", rules.Chain, sentence(why, outer=outer), D(outer, z), chain.eval()),
        inner_derivative(case),
    )


def inner_derivative(case: Case) -> Step:
    """Work out the derivative of z_i / T: 1/T where i = j, else 0."""
    n = case.names
    z, inside = n.z[case.j], n.over_t(n.z[case.i])
    if case.same:
        why = (
            "{inside} is a constant, 1/T, times {z}."
            if n.temperature
            else "{z} grows exactly as fast as itself."
        )
        rule: type[rules.Rule] = rules.ConstantMultiple
        rhs = n.over_t(ONE)
    else:
        why, rule, rhs = "{z} does not appear in {inside}.", rules.Constant, ZERO
    return Step("inner", rule, sentence(why, inside=inside, z=z), D(inside, z), rhs, (rhs,))


def sum_derivative(case: Case, name: Symbol, step: str = "g-prime") -> Step:
    """Differentiate the sum S (under the name it has there): one term survives."""
    n, j = case.names, case.j
    z, survivor = n.z[j], n.scaled(n.e[j])
    each = rules.Sum(total(n.e), z)
    terms = tuple(survivor if m == j else ZERO for m in range(n.k))
    why = (
        "One term of the sum survives: only {term} contains {z}, and its derivative is {survivor}; "
        "each of the others is a constant, with derivative 0."
    )
    words = sentence(why, term=n.e[j], z=z, survivor=survivor)
    return Step(
        step,
        rules.Simplifying,
        words,
        D(name, z),
        survivor,
        (survivor,),
        (
            Step(
                "term-by-term",
                type(each),
                sentence("The derivative of a sum is the sum of the derivatives."),
                D(name, z),
                each.eval(),
            ),
            Step(
                "one-survives",
                rules.Exponential,
                sentence("Only the term of {name} contains {z}.", name=n.label[j], z=z),
                D(name, z),
                total(terms),
                (survivor,),
            ),
        ),
    )


def _fractions(case: Case) -> Iterator[Step]:
    """Put the pieces in, factor, split."""
    n = case.names
    top, inside, lhs = n.e[case.i], n.e[case.j], claim(case)
    slope = n.scaled(top) if case.same else ZERO
    left = S if case.same else ZERO
    yield Step(
        "substitute",
        rules.Substitution,
        sentence(
            "Put the pieces in: {f} = {top}, {g} = {S}, {df} = {slope} and {dg} = {survivor}.",
            df=D(F, n.z[case.j]),
            dg=D(G, n.z[case.j]),
            f=F,
            g=G,
            top=top,
            S=S,
            slope=slope,
            survivor=n.scaled(inside),
        ),
        lhs,
        Frac(Plus(times(slope, S), Neg(times(top, n.scaled(inside)))), Power(S, 2)),
        changed=(times(slope, S), times(top, n.scaled(inside))),
    )
    both = (
        "Both terms of the top contain {top}: take it out."
        if case.same
        else "0 times {S} is 0. Take {top} out."
    )
    both += " The 1/T goes in front." if n.temperature else ""
    rest = Plus(left, Neg(inside))
    yield Step(
        "factor",
        rules.Factoring,
        sentence(both, top=top, S=S),
        lhs,
        n.scaled(Frac(Times(top, rest), Power(S, 2))),
        changed=(Times(top, rest),),
    )
    yield Step(
        "split",
        rules.Splitting,
        sentence("{squared} is {S} times {S}: split the fraction into two.", squared=Power(S, 2), S=S),
        lhs,
        n.scaled(Times(Frac(top, S), Frac(rest, S))),
        changed=(Frac(top, S), Frac(rest, S)),
    )


def _probabilities(case: Case) -> Iterator[Step]:
    """Recognise the probabilities, simplify, and join both cases."""
    n, lhs = case.names, claim(case)
    p, q = n.p[case.i], n.p[case.j]
    left = Frac(S if case.same else ZERO, S)
    known = (
        "The first fraction is {p}, the definition we started from. The second is {second}, and {last} is"
        " {q}."
    )
    words = sentence(known, p=p, q=q, second=Plus(left, Neg(Frac(n.e[case.j], S))), last=Frac(n.e[case.j], S))
    yield Step(
        "recognise", rules.Substitution, words, lhs, n.scaled(Times(p, Plus(left, Neg(q)))), changed=(p, q)
    )
    if case.same:
        simple = n.scaled(Times(p, Plus(ONE, Neg(p))))
        why = (
            "{left} is 1. A probability lies between 0 and 1, so this is never negative: as {z} grows, so"
            " does {p}."
        )
    else:
        simple = n.scaled(Neg(Times(p, q)))
        why = (
            "{left} is 0. The minus sign says: as {z} grows, {p} shrinks, the more the larger both "
            "probabilities are."
        )
    words = sentence(why, left=left, z=n.z[case.j], p=p)
    yield Step("simplify", rules.Cancelling, words, lhs, simple, (simple,))
    yield joining(case, lhs, n.scaled(Times(p, Plus(Delta(case.i + 1, case.j + 1), Neg(q)))))


def joining(case: Case, lhs: Expr, rhs: Expr) -> Step:
    """Write both cases in one formula."""
    delta = Delta(case.i + 1, case.j + 1)
    here = "the same class, so it is 1" if case.same else "two different classes, so it is 0"
    why = (
        "Both cases in one formula: {delta} is 1 when i and j are the same class and 0 when not. Here "
        "they are "
    )
    return Step("join", rules.Joining, sentence(why + here + ".", delta=delta), lhs, rhs, (delta,))


ROUTES = {"quotient-rule": quotient_rule}
