"""The logarithm of softmax, log p_i = z_i / T - log S: the logarithm turns the quotient into a difference."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.narratives.softmax import inner_derivative, joining, sum_definition, sum_derivative
from softmax_cli.tutor.nodes import D, Delta, Frac, Log, Neg, Plus
from softmax_cli.tutor.notation import Case, S

ONE, ZERO = Integer(1), Integer(0)


def claim(case: Case) -> Expr:
    """Return what is worked out: d(log p_i) / dz_j."""
    return D(Log(case.names.p[case.i]), case.names.z[case.j])


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return case.names.softmax


def logarithm(case: Case) -> Iterator[Step]:
    """Tell the derivation: take the quotient apart, differentiate the two terms."""
    n, z = case.names, case.names.z[case.j]
    p, top, inside = n.p[case.i], n.e[case.i], n.over_t(n.z[case.i])
    yield Step(
        "definition",
        rules.Definition,
        sentence("The logarithm of the probability of {name}.", name=n.label[case.i]),
        Log(p),
        Log(Frac(top, S)),
        substeps=(sum_definition(case),),
    )
    why = (
        "The logarithm of a quotient is a difference, and the logarithm undoes the exponential: no "
        "quotient is left."
    )
    split = Plus(inside, Neg(Log(S)))
    yield Step("take-apart", rules.LogOfQuotient, sentence(why), Log(p), split, (inside, Log(S)))
    each = rules.Sum(split, z)
    why = "Differentiate term by term with respect to {z}; the other logits stand still."
    yield Step("sum-rule", type(each), sentence(why, z=z), claim(case), each.eval())
    yield inner_derivative(case)
    yield log_of_sum(case)
    yield sum_derivative(case, S, "s-prime")
    yield from _together(case)


def log_of_sum(case: Case) -> Step:
    """Differentiate log S by the logarithm's rule."""
    z = case.names.z[case.j]
    rule = rules.Logarithm(S, z)
    why = "The derivative of a logarithm is the derivative of its inside, divided by its inside."
    return Step("logarithm", type(rule), sentence(why), D(Log(S), z), rule.eval())


def _together(case: Case) -> Iterator[Step]:
    n, lhs, q = case.names, claim(case), case.names.p[case.j]
    first = n.over_t(ONE) if case.same else ZERO
    second = Frac(n.scaled(n.e[case.j]), S)
    yield Step(
        "substitute",
        rules.Substitution,
        sentence(
            "Put the pieces in: the first term gave {first}, the second {second}.", first=first, second=second
        ),
        lhs,
        Plus(first, Neg(second)),
        (first, second),
    )
    fraction = Frac(n.e[case.j], S)
    yield Step(
        "recognise",
        rules.Substitution,
        sentence("{fraction} is the probability of {name}.", fraction=fraction, name=n.label[case.j]),
        lhs,
        Plus(first, Neg(n.scaled(q))),
        (q,),
    )
    if case.same:
        simple = n.scaled(Plus(ONE, Neg(q)))
        why = (
            "Between 0 and 1 (over T), never negative: as {z} grows, so does the log-probability of its "
            "own class."
        )
        why = why if n.temperature else why.replace(" (over T)", "")
    else:
        simple = n.scaled(Neg(q))
        why = (
            "Never positive: as {z} grows, the log-probability of every other class shrinks, all at the "
            "same rate."
        )
    yield Step("simplify", rules.Simplifying, sentence(why, z=n.z[case.j]), lhs, simple, (simple,))
    yield joining(case, lhs, n.scaled(Plus(Delta(case.i + 1, case.j + 1), Neg(q))))


ROUTES = {"logarithm": logarithm}
