"""The sigmoid, p_i = 1 / (1 + e^(-z_i / T)), of each logit by itself, by the quotient rule."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.narratives.softmax import joining, naming, quotient
from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, Power, Times, term_by_term, times
from softmax_cli.tutor.notation import Case, F, G

ONE, ZERO = Integer(1), Integer(0)


def claim(case: Case) -> Expr:
    """Return what is worked out: dp_i / dz_j."""
    return D(case.names.p[case.i], case.names.z[case.j])


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return {**case.names.sigmoid, F: ONE, G: Plus(1, case.names.e[case.i])}


def quotient_rule(case: Case) -> Iterator[Step]:
    """Tell the derivation by the quotient rule."""
    n, z = case.names, case.names.z[case.j]
    p, bottom = n.p[case.i], Plus(1, n.e[case.i])
    why = "The sigmoid squeezes {z} into a number between 0 and 1. It looks at no other logit."
    yield Step("definition", rules.DEFINITION, sentence(why, z=n.z[case.i]), p, Frac(1, bottom))
    yield naming(case, ONE, bottom)
    yield quotient(case, p)
    why = "The top is the number 1, and the derivative of a constant is 0."
    yield Step("f-prime", rules.CONSTANT, sentence(why), D(F, z), ZERO, (ZERO,))
    yield _bottom(case)
    yield from _together(case, bottom)


def _bottom(case: Case) -> Step:
    n = case.names
    z, e = n.z[case.j], n.e[case.i]
    inside = Neg(n.over_t(n.z[case.i]))
    if case.same:
        why = (
            "The 1 is a constant. {e} gives {e} again, times the derivative of its exponent {inside} "
            "(chain rule)."
        )
        rule: rules.Rule = rules.CONSTANT_MULTIPLE
        inner, rhs = Neg(n.over_t(ONE)), n.scaled(Neg(e))
        last = "{inside} is a constant times {z}."
    else:
        why = "{z} is not in {e}: all of the bottom is a constant, with derivative 0."
        inner, rhs, rule = ZERO, ZERO, rules.CONSTANT
        last = "{z} is not in {inside}: a constant."
    return Step(
        "g-prime",
        rules.CHAIN if case.same else rules.CONSTANT,
        sentence(why, e=e, inside=inside, z=z),
        D(G, z),
        rhs,
        (rhs,),
        (
            Step(
                "term-by-term", rules.SUM, sentence("Term by term."), D(G, z), term_by_term(Plus(ONE, e), z)
            ),
            Step("chain", rules.CHAIN, sentence("The chain rule."), D(e, z), Times(e, D(inside, z))),
            Step("inner", rule, sentence(last, inside=inside, z=z), D(inside, z), inner, (inner,)),
        ),
    )


def _together(case: Case, bottom: Expr) -> Iterator[Step]:
    n, lhs = case.names, claim(case)
    e, p, squared = n.e[case.i], n.p[case.i], Power(bottom, 2)
    slope = n.scaled(Neg(e)) if case.same else ZERO
    why = "With {f} = 1, {g} = {bottom}, {df} = 0, {dg} = {slope}."
    df, dg = (D(name, n.z[case.j]) for name in (F, G))
    words = sentence(why, df=df, dg=dg, bottom=bottom, slope=slope)
    changed = Times(0, bottom), Times(1, slope)
    rhs = Frac(Plus(changed[0], Neg(changed[1])), squared)
    yield Step("substitute", rules.SUBSTITUTION, words, lhs, rhs, changed)
    top = e if case.same else ZERO
    scaled = n.scaled if case.same else (lambda x: x)
    why = (
        "0 times anything is 0, and minus a minus is a plus." if case.same else "Nothing is left on the top."
    )
    why += " The 1/T goes in front." if n.temperature and case.same else ""
    fraction = Frac(top, squared)
    yield Step("tidy", rules.SIMPLIFYING, sentence(why), lhs, scaled(fraction), (fraction,))
    first, second = Frac(1, bottom), Frac(top, bottom)
    words = sentence("{squared} is {bottom} times {bottom}.", squared=squared, bottom=bottom)
    yield Step("split", rules.SPLITTING, words, lhs, scaled(Times(first, second)), (first, second))
    words = sentence("The first fraction is {p}, where we started.", p=p)
    yield Step("recognise", rules.SUBSTITUTION, words, lhs, scaled(Times(p, second)), (p,))
    yield from _end(case, first, second)


def _end(case: Case, first: Expr, second: Expr) -> Iterator[Step]:
    """Tell what the second fraction is, and write both cases as one formula."""
    n, lhs, p = case.names, claim(case), case.output.p
    rest = Plus(ONE, Neg(p)) if case.same else ZERO
    why = "{second} is what {first} lacks of 1." if case.same else "0 divided by anything is 0."
    part = Step("second-fraction", rules.SPLITTING, sentence(why, first=first, second=second), second, rest)
    words = sentence("So the second fraction is {rest}.", rest=rest)
    rhs = n.scaled(Times(p, rest)) if case.same else ZERO
    yield Step("simplify", rules.SIMPLIFYING, words, lhs, rhs, (rest,), (part,))
    yield joining(case, lhs, n.scaled(times(case.kronecker, p, Plus(ONE, Neg(p)))))


MEANING = (
    "Raising the score of {j} raises its value, fastest where that is 1/2.",
    "The score of {j} does nothing to {i}: each class looks at its own score alone.",
    "",
)
ROUTES = {"quotient-rule": quotient_rule}
