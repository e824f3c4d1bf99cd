"""The cross-entropy, L = -sum_k y_k log p_k of a one-hot y: through the Jacobian or log-sum-exp."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.narratives.log_softmax import log_of_sum
from softmax_cli.tutor.narratives.softmax import sum_definition, sum_derivative
from softmax_cli.tutor.nodes import D, Frac, Log, Neg, Plus, Times, times, total
from softmax_cli.tutor.notation import Case, L, S

ONE, ZERO = Integer(1), Integer(0)


def claim(case: Case) -> Expr:
    """Return what is worked out: dL / dz_j."""
    return D(L, case.names.z[case.j])


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return case.names.cross_entropy(case.i)


def jacobian(case: Case) -> Iterator[Step]:
    """Tell the derivation by the chain rule, through the Jacobian of softmax."""
    n, lhs, z = case.names, claim(case), case.names.z[case.j]
    q, target = n.p[case.j], n.label[case.i]
    pairs = tuple(zip(n.y, n.p, strict=True))
    yield _definition(case)
    terms = tuple(Times(y, D(Log(p), z)) for y, p in pairs)
    why = "Term by term with respect to {z}. Each y is a fixed number, so it stays in front."
    yield Step("sum-rule", rules.Sum, sentence(why, z=z), lhs, Neg(total(terms)))
    terms = tuple(Times(y, rules.Logarithm(p, z).eval()) for y, p in pairs)
    why = "The derivative of a logarithm is the derivative of its inside, divided by its inside (chain rule)."
    yield Step(
        "logarithm", rules.Logarithm, sentence(why), lhs, Neg(total(terms)), tuple(t.args[1] for t in terms)
    )
    brackets = tuple(Plus(ONE if m == case.j else ZERO, Neg(q)) for m in range(n.k))
    rows = tuple(n.scaled(Times(p, bracket)) for p, bracket in zip(n.p, brackets, strict=True))
    terms = tuple(Times(y, Frac(row, p)) for (y, p), row in zip(pairs, rows, strict=True))
    why = (
        "Here the Jacobian of softmax comes in: the derivative of each probability is that probability times "
        "(1 - {q}) for {name} itself, times (0 - {q}) for every other class"
    )
    why += ", and times 1/T." if n.temperature else "."
    yield Step(
        "jacobian", rules.Substitution, sentence(why, q=q, name=n.label[case.j]), lhs, Neg(total(terms)), rows
    )
    terms = tuple(Times(y, bracket) for (y, _), bracket in zip(pairs, brackets, strict=True))
    why = "Each probability cancels against itself." + (" The 1/T goes in front." if n.temperature else "")
    yield Step("cancel", rules.Cancelling, sentence(why), lhs, n.scaled(Neg(total(terms))), brackets)
    both = Plus(times(q, total(n.y)), Neg(n.y[case.j]))
    why = (
        "Collect: {q} stands in every term, the 1 in one alone. The minus sign in front turns both signs "
        "around."
    )
    yield Step("factor", rules.Factoring, sentence(why, q=q), lhs, n.scaled(both), (times(q, total(n.y)),))
    why = "The y add up to 1: {target} is the target, its y is 1, and all the others are 0."
    yield Step(
        "one-hot",
        rules.OneHot,
        sentence(why, target=target),
        lhs,
        n.scaled(Plus(Times(q, ONE), Neg(n.y[case.j]))),
        (ONE,),
    )
    yield _result(case)


def log_sum_exp(case: Case) -> Iterator[Step]:
    """Tell the derivation without the Jacobian: L = log S - z_target / T."""
    n, lhs, z = case.names, claim(case), case.names.z[case.j]
    q, y = n.p[case.j], n.y[case.j]
    yield _definition(case)
    terms = tuple(Times(y, Plus(n.over_t(z), Neg(Log(S)))) for y, z in zip(n.y, n.z, strict=True))
    why = (
        "Each probability is a quotient, so its logarithm is a difference; the logarithm undoes the "
        "exponential."
    )
    yield Step(
        "take-apart",
        rules.LogOfQuotient,
        sentence(why),
        L,
        Neg(total(terms)),
        tuple(term.args[1] for term in terms),
        (sum_definition(case),),
    )
    weighted = total(tuple(Times(y, n.over_t(z)) for y, z in zip(n.y, n.z, strict=True)))
    collected = times(total(n.y), Log(S))
    why = "Collect: {log} stands in every term. The minus sign in front turns the signs around."
    yield Step(
        "factor", rules.Factoring, sentence(why, log=Log(S)), L, Plus(collected, Neg(weighted)), (collected,)
    )
    why = "The y add up to 1: {target} is the target, its y is 1, and all the others are 0."
    yield Step(
        "one-hot",
        rules.OneHot,
        sentence(why, target=n.label[case.i]),
        L,
        Plus(Log(S), Neg(weighted)),
        (Log(S),),
    )
    each = rules.Sum(Plus(Log(S), Neg(weighted)), z)
    yield Step("sum-rule", rules.Sum, sentence("Differentiate with respect to {z}.", z=z), lhs, each.eval())
    yield log_of_sum(case)
    yield sum_derivative(case, S, "s-prime")
    why = "Of the second sum, only {term} contains {z}."
    slope = n.over_t(y)
    yield Step(
        "weighted-sum",
        rules.ConstantMultiple,
        sentence(why, term=Times(y, n.over_t(z)), z=z),
        D(weighted, z),
        slope,
        (slope,),
    )
    fraction = Frac(n.scaled(n.e[case.j]), S)
    both = Plus(fraction, Neg(slope))
    yield Step("substitute", rules.Substitution, sentence("Put the pieces in."), lhs, both, (fraction, slope))
    why = "{fraction} is {q}, the probability of {name}."
    words = sentence(why, fraction=Frac(n.e[case.j], S), q=q, name=n.label[case.j])
    yield Step("recognise", rules.Substitution, words, lhs, Plus(n.scaled(q), Neg(slope)), (q,))
    yield _result(case)


def _definition(case: Case) -> Step:
    n = case.names
    terms = tuple(Times(y, Log(p)) for y, p in zip(n.y, n.p, strict=True))
    why = (
        "The cross-entropy. The y of the true class, {target}, is 1 and every other y is 0, so one "
        "term counts: "
        "{L} is {only}, the less the surer the network is of {target}."
    )
    words = sentence(why, target=n.label[case.i], L=L, only=Neg(Log(n.p[case.i])))
    return Step("definition", rules.Definition, words, L, Neg(total(terms)))


def _result(case: Case) -> Step:
    n = case.names
    q, y = n.p[case.j], n.y[case.j]
    why = f"Prediction minus truth{', over T' if n.temperature else ''}. "
    if case.same:
        why += "Here {name} is the target, {y} = 1: never positive: a step against the gradient raises {z}."
    else:
        why += (
            "Here {name} is not the target, {y} = 0: never negative: a step against the gradient lowers {z}."
        )
    words = sentence(why, name=n.label[case.j], y=y, z=n.z[case.j])
    rhs = n.scaled(Plus(q, Neg(y)))
    return Step("result", rules.Simplifying, words, claim(case), rhs, (rhs,))


ROUTES = {"jacobian": jacobian, "log-sum-exp": log_sum_exp}
