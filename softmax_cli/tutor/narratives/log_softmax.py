"""The logarithm of softmax, log p_i = z_i / T - log S: the logarithm turns the quotient into a difference."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.narratives.softmax import inner_derivative, joining, sum_definition, sum_derivative
from softmax_cli.tutor.nodes import D, Frac, Log, Neg, Plus, term_by_term
from softmax_cli.tutor.notation import Case, S

ONE = Integer(1)


def claim(case: Case) -> Expr:
    """Return what is worked out: d(log p_i) / dz_j."""
    return D(Log(case.output.p), case.wrt.z)


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return case.names.softmax


def logarithm(case: Case) -> Iterator[Step]:
    """Tell the derivation: take the quotient apart, differentiate the two terms."""
    z, p, top = case.wrt.z, case.output.p, case.output.e
    words = sentence("The logarithm of the probability of {name}.", name=case.label_i)
    parts = (sum_definition(case),)
    yield Step("definition", rules.DEFINITION, words, Log(p), Log(Frac(top, S)), substeps=parts)
    why = (
        "The logarithm of a quotient is a difference, and the logarithm undoes the exponential: there is no "
        "quotient any more."
    )
    inside = case.names.over_t(case.output.z)
    split = Plus(inside, Neg(Log(S)))
    yield Step("take-apart", rules.LOG_OF_QUOTIENT, sentence(why), Log(p), split, (inside, Log(S)))
    words = sentence("Term by term, with respect to {z}; the other logits stay as they are.", z=z)
    yield Step("sum-rule", rules.SUM, words, claim(case), term_by_term(split, z))
    yield inner_derivative(case)
    yield log_of_sum(case)
    yield sum_derivative(case, S, "s-prime")
    yield from _together(case)


def log_of_sum(case: Case) -> Step:
    """Differentiate log S by the logarithm's rule."""
    z = case.wrt.z
    why = "The derivative of a logarithm is the derivative of its inside, divided by its inside."
    return Step("logarithm", rules.LOGARITHM, sentence(why), D(Log(S), z), Frac(D(S, z), S))


def _together(case: Case) -> Iterator[Step]:
    n, lhs, q, fraction = case.names, claim(case), case.wrt.p, Frac(case.wrt.e, S)
    first, second = case.if_same(n.over_t(ONE)), Frac(n.scaled(case.wrt.e), S)
    words = sentence("The first term gave {first}, the second {second}.", first=first, second=second)
    yield Step("substitute", rules.SUBSTITUTION, words, lhs, Plus(first, Neg(second)), (first, second))
    known = "{fraction} is the probability of {name}."
    why = case.said(
        "It is between 0 and 1, never negative: as {z} grows, so does the log-probability of its own class.",
        "It is never positive: as {z} grows, the log-probability of every other class falls, at one rate.",
        "If i = j it is never negative; if not, never positive.",
    )
    words = sentence(f"{known} {why}", fraction=fraction, name=case.label_j, z=case.wrt.z)
    both = Plus(case.kronecker, Neg(q))
    simple = Plus(ONE, Neg(q)) if case.same else both if case.general else Neg(q)
    if n.temperature:
        rhs = Plus(first, Neg(n.scaled(q)))
        words = sentence(known, fraction=fraction, name=case.label_j)
        yield Step("recognise", rules.SUBSTITUTION, words, lhs, rhs, (q,))
        why = why.replace("between 0 and 1", "between 0 and 1/T")
        words = sentence(f"The 1/T goes in front. {why}", z=case.wrt.z)
    simple = n.scaled(simple)
    yield Step("simplify", rules.SIMPLIFYING, words, lhs, simple, (simple,))
    if not case.general:
        yield joining(case, lhs, n.scaled(both))


MEANING = (
    "Raising the score of {j} raises its own log-probability, less and less as it nears certainty.",
    "Raising the score of {j} lowers the log-probability of every other class, all at the same rate.",
    "Raising one score lowers the log-probability of every other class, all at the same rate.",
)
ROUTES = {"logarithm": logarithm}
GENERAL = True
