"""The cross-entropy, L = -sum_k y_k log p_k of a one-hot y: through the Jacobian or log-sum-exp."""

from collections.abc import Callable, Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Sentence, Step, sentence
from softmax_cli.tutor.narratives.log_softmax import log_of_sum
from softmax_cli.tutor.narratives.softmax import sum_definition, sum_derivative
from softmax_cli.tutor.nodes import D, Frac, Log, Neg, Plus, Times, term_by_term, times
from softmax_cli.tutor.notation import Case, L, Member, S

ONE = Integer(1)


def claim(case: Case) -> Expr:
    """Return what is worked out: dL / dz_j."""
    return D(L, case.wrt.z)


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the names stand for."""
    return case.names.cross_entropy(case.i)


def jacobian(case: Case) -> Iterator[Step]:
    """Tell the derivation by the chain rule, through the Jacobian of softmax."""
    n, lhs, z, q = case.names, claim(case), case.wrt.z, case.wrt.p
    yield _definition(case)
    why = "Term by term, with respect to {z}. Each y is a fixed number, so it stays in front."
    rhs = Neg(case.sum_over(lambda m: Times(m.y, D(Log(m.p), z))))
    yield Step("sum-rule", rules.SUM, sentence(why, z=z), lhs, rhs)
    why = "The derivative of a logarithm is the derivative of its inside, divided by its inside (chain rule)."
    rhs, slopes = _weighted(case, lambda m: Frac(D(m.p, z), m.p))
    yield Step("logarithm", rules.LOGARITHM, sentence(why), lhs, rhs, slopes)
    why = (
        "Now the Jacobian of softmax: the derivative of each probability is that probability times "
        "(1 - {q}) for {name} itself, and times (0 - {q}) for every other class"
    )
    why = case.said(
        why,
        why,
        "Now the Jacobian of softmax: the derivative of {p} is {p} times the bracket, in which {own} is 1 if "
        "k = j and 0 if not",
    )
    why += "; and times 1/T." if n.temperature else "."
    words = sentence(why, q=q, name=case.label_j, p=case.running.p, own=case.running.own)
    rows = tuple(n.scaled(Times(m.p, Plus(m.own, Neg(q)))) for m in case.classes)
    rhs = Neg(case.sum_over(lambda m: Times(m.y, Frac(n.scaled(Times(m.p, Plus(m.own, Neg(q)))), m.p))))
    yield Step("jacobian", rules.SUBSTITUTION, words, lhs, rhs, rows)
    why = "Each probability cancels against itself." + (" The 1/T goes in front." if n.temperature else "")
    rhs, brackets = _weighted(case, lambda m: Plus(m.own, Neg(q)))
    yield Step("cancel", rules.CANCELLING, sentence(why), lhs, n.scaled(rhs), brackets)
    yield from _collected(case)
    yield _result(case)


def _weighted(case: Case, part: Callable[[Member], Expr]) -> tuple[Expr, tuple[Expr, ...]]:
    """Return minus the sum of a part of each class times its y, and the parts."""
    return Neg(case.sum_over(lambda m: Times(m.y, part(m)))), tuple(map(part, case.classes))


def _collected(case: Case) -> Iterator[Step]:
    n, lhs, q, y = case.names, claim(case), case.wrt.p, case.wrt.y
    both = times(q, case.sum_over(lambda m: m.y))
    once = "the 1 in one alone"
    why = "{q} stands in every term, " + case.said(once, once, "and {own} is 1 in one alone")
    why += ". The minus sign in front turns both signs around."
    rhs = n.scaled(Plus(both, Neg(y)))
    yield Step("factor", rules.FACTORING, sentence(why, q=q, own=case.running.own), lhs, rhs, (both,))
    rhs = n.scaled(Plus(Times(q, ONE), Neg(y)))
    yield Step("one-hot", rules.ONE_HOT, _one_hot(case), lhs, rhs, (ONE,))


def _one_hot(case: Case) -> Sentence:
    target = "{target} is the target, so its y is 1 and all the others are 0. "
    return sentence(f"{case.said(target, target, '')}The y add up to 1.", target=case.label_i)


def log_sum_exp(case: Case) -> Iterator[Step]:
    """Tell the derivation without the Jacobian: L = log S - z_target / T."""
    n, z = case.names, case.wrt.z
    yield _definition(case)
    why = (
        "Each probability is a quotient, so its logarithm is a difference, and the logarithm undoes the "
        "exponential."
    )
    rhs, differences = _weighted(case, lambda m: Plus(n.over_t(m.z), Neg(Log(S))))
    parts = (sum_definition(case),)
    yield Step("take-apart", rules.LOG_OF_QUOTIENT, sentence(why), L, rhs, differences, parts)
    weighted = case.sum_over(lambda m: Times(m.y, n.over_t(m.z)))
    collected = times(case.sum_over(lambda m: m.y), Log(S))
    why = "{log} stands in every term. The minus sign in front turns the signs around."
    rhs = Plus(collected, Neg(weighted))
    yield Step("factor", rules.FACTORING, sentence(why, log=Log(S)), L, rhs, (collected,))
    rhs = Plus(Log(S), Neg(weighted))
    yield Step("one-hot", rules.ONE_HOT, _one_hot(case), L, rhs, (Log(S),))
    words = sentence("Term by term, with respect to {z}.", z=z)
    yield Step("sum-rule", rules.SUM, words, claim(case), term_by_term(rhs, z))
    yield log_of_sum(case)
    yield sum_derivative(case, S, "s-prime")
    slope = n.over_t(case.wrt.y)
    why = "Of the second sum, only {term} has {z} in it."
    words = sentence(why, term=Times(case.wrt.y, n.over_t(z)), z=z)
    yield Step("weighted-sum", rules.CONSTANT_MULTIPLE, words, D(weighted, z), slope, (slope,))
    fraction = Frac(n.scaled(case.wrt.e), S)
    words = sentence("The first term gave {first}, the second {second}.", first=fraction, second=slope)
    rhs = Plus(fraction, Neg(slope))
    yield Step("substitute", rules.SUBSTITUTION, words, claim(case), rhs, (fraction, slope))
    known = sentence(
        "{fraction} is the probability of {name}. ", fraction=Frac(case.wrt.e, S), name=case.label_j
    )
    if n.temperature:
        rhs = Plus(n.scaled(case.wrt.p), Neg(slope))
        yield Step("recognise", rules.SUBSTITUTION, known, claim(case), rhs, (case.wrt.p,))
    yield _result(case, () if n.temperature else known)


def _definition(case: Case) -> Step:
    log = Neg(Log(case.output.p))
    why = (
        "The cross-entropy. The y of the true class, {target}, is 1 and every other y is 0, so only one term "
        "counts: {L} is {only}. The surer the network is of {target}, the smaller the loss."
    )
    words = sentence(
        case.said(why, why, "The cross-entropy. The y of the true class is 1, every other y is 0."),
        target=case.label_i,
        only=log,
    )
    return Step("definition", rules.DEFINITION, words, L, Neg(case.sum_over(lambda m: Times(m.y, Log(m.p)))))


def _result(case: Case, known: Sentence = ()) -> Step:
    n, q, y = case.names, case.wrt.p, case.wrt.y
    why = f"Prediction minus truth{', over T' if n.temperature else ''}."
    why += case.said(
        " {name} is the target, so {y} = 1 and the slope is never positive: to lower the loss, raise {z}.",
        " {name} is not the target, so {y} = 0 and the slope is never negative: to lower the loss, "
        "lower {z}.",
        "",
    )
    rhs = n.scaled(Plus(q, Neg(y)))
    words = known + sentence(why, name=case.label_j, y=y, z=case.wrt.z)
    return Step("result", rules.SIMPLIFYING, words, claim(case), rhs, (rhs,))


MEANING = (
    "The slope is the prediction minus the truth: to lower the loss, raise the score of the target, {j}.",
    "The slope is the prediction minus the truth: to lower the loss, lower the score of {j}.",
    "The slope is the prediction minus the truth.",
)
ROUTES = {"jacobian": jacobian, "log-sum-exp": log_sum_exp}
GENERAL = True
FOLLOW_UPS = True
