"""What follows from the derivative of softmax: each a derivation too, proved line by line."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.functions import FOLLOW_UPS as NAMES
from softmax_cli.tutor.nodes import D, Exp, Frac, Log, Neg, Plus, Power, Times, times, total
from softmax_cli.tutor.notation import SHIFT, Case, F, L, S, T, notation
from softmax_cli.tutor.proof import prove

ONE, ZERO = Integer(1), Integer(0)
Narrative = Callable[[Case, Expr], Iterator[Step]]
"""Tells the steps for some classes, given what is worked out."""


@dataclass(frozen=True)
class FollowUp:
    """One follow-up: its claim and its narrative.

    Parameters
    ----------
    title
        What it shows.
    claim
        The left-hand side of its chain.
    narrative
        Its steps.
    definitions
        What the names stand for; those of softmax by default.
    case
        The classes that it is about, given those that were asked for.
    alone
        True where it is about the two classes alone.
    """

    title: str
    claim: Callable[[Case], Expr]
    narrative: Narrative
    definitions: Callable[[Case], Mapping[Symbol, Expr]] = lambda case: case.names.softmax
    case: Callable[[Case], Case] = lambda case: case
    alone: bool = False

    def derivation(self, name: str, asked: Case) -> Derivation:
        """Derive it, and prove every line."""
        case = self.case(asked)
        n, claim = case.names, self.claim(case)
        return prove(
            Derivation(
                id=name,
                title=sentence(self.title, i=n.label[case.i], j=n.label[case.j], p=case.output.p),
                function="softmax",
                claim=claim,
                definitions=self.definitions(case),
                steps=tuple(self.narrative(case, claim)),
                k=n.k,
                temperature=n.temperature,
                members=(asked.i, asked.j) if self.alone else None,
            )
        )


def follow_ups(
    k: int, of: int, wrt: int, *, temperature: bool = False, names: Iterable[str] = NAMES
) -> Iterator[Derivation]:
    """Yield follow-ups for k classes, around the outputs and logits i = `of` and j = `wrt`, 0-based."""
    case = Case.of(notation(k, temperature), of, wrt if wrt != of else (of + 1) % k)
    for name in names:
        if name in FOLLOW_UPS:
            yield FOLLOW_UPS[name].derivation(name, case)
            continue
        softened = derive("softmax", k, case.i, case.j, temperature=True)
        title = sentence("With a temperature {T}, the chain rule brings the factor 1/{T}")
        yield replace(softened, id=name, title=title)


def entry(case: Case, i: int, j: int) -> Expr:
    """Return dp_i / dz_j with the case worked out: p_i (1 - p_j) or p_i (0 - p_j), over T."""
    n = case.names
    return n.scaled(Times(n.p[i], Plus(ONE if i == j else ZERO, Neg(n.p[j]))))


def _row_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n, p = case.names, case.output.p
    entries = tuple(entry(case, case.i, m) for m in range(n.k))
    why = (
        "Put in what was derived: {p} (1 - {p}) for its own logit, {p} (0 - the other p) for every other "
        "logit"
    )
    why += ", both over T." if n.temperature else "."
    yield Step("jacobian", rules.SUBSTITUTION, sentence(why, p=p), lhs, total(entries))
    rest = Plus(ONE, Neg(total(n.p)))
    why = "{p} stands in every term: take it out. The 1 stands in one bracket alone."
    yield Step("factor", rules.FACTORING, sentence(why, p=p), lhs, n.scaled(Times(p, rest)), (rest,))
    why = "The probabilities of all classes add up to 1."
    yield Step(
        "one", rules.PROBABILITIES, sentence(why), lhs, n.scaled(Times(p, Plus(ONE, Neg(ONE)))), (Neg(ONE),)
    )
    why = "So if all logits grow by the same amount, {p} does not move."
    yield Step("result", rules.SIMPLIFYING, sentence(why, p=p), lhs, ZERO)


def _column_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n, z = case.names, case.wrt.z
    # A name for the sum: SymPy's subs does not replace several names within one derivative.
    why = "The sum rule, read from right to left: a sum of derivatives is the derivative of the sum, {f}."
    named = Step("f", rules.DEFINITION, sentence("{f} is the sum."), F, total(n.p))
    yield Step("sum-rule", rules.SUM, sentence(why), lhs, D(F, z), substeps=(named,))
    why = "The probabilities of all classes add up to 1, whatever the logits are."
    yield Step("one", rules.PROBABILITIES, sentence(why), lhs, D(ONE, z), (ONE,))
    why = "The derivative of a constant is 0: what {j} wins as {z} grows, the other classes lose together."
    yield Step("result", rules.CONSTANT, sentence(why, j=n.label[case.j], z=z), lhs, ZERO)


def _symmetric_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n, p, q = case.names, case.output.p, case.wrt.p
    why = "Put in what was derived for two different classes."
    yield Step("jacobian", rules.SUBSTITUTION, sentence(why), lhs, n.scaled(Neg(Times(p, q))))
    why = "In a product the order does not matter."
    yield Step("swap", rules.SUBSTITUTION, sentence(why), lhs, n.scaled(Neg(Times(q, p))), (Times(q, p),))
    why = "And that is the derivative with the roles of {i} and {j} exchanged."
    words = sentence(why, i=n.label[case.i], j=n.label[case.j])
    yield Step("result", rules.SUBSTITUTION, words, lhs, D(q, n.z[case.i]))


def _shift_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n = case.names
    more = Exp(n.over_t(SHIFT))
    terms = tuple(Times(more, e) for e in n.e)
    why = "Add the same number {c} to every logit. An exponential of a sum is a product of exponentials."
    yield Step("exponents", rules.CANCELLING, sentence(why, c=SHIFT), lhs, Frac(terms[case.i], total(terms)))
    bottom = Times(more, total(n.e))
    why = "{more} stands in every term of the bottom: take it out."
    yield Step(
        "factor", rules.FACTORING, sentence(why, more=more), lhs, Frac(terms[case.i], bottom), (bottom,)
    )
    why = "{more} cancels."
    yield Step("cancel", rules.CANCELLING, sentence(why, more=more), lhs, Frac(n.e[case.i], total(n.e)))
    why = (
        "What is left is the probability of {i} without the shift. That is why programs may subtract the "
        "maximum."
    )
    yield Step("result", rules.DEFINITION, sentence(why, i=n.label[case.i]), lhs, n.p[case.i])


def _hessian_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n, z, p, y = case.names, case.wrt.z, case.output.p, case.output.y
    gradient = n.scaled(Plus(p, Neg(y)))
    why = "The gradient of the cross-entropy {L} is prediction minus truth"
    why += ", over T." if n.temperature else "."
    yield Step("gradient", rules.SUBSTITUTION, sentence(why), lhs, D(gradient, z), (gradient,))
    difference = n.scaled(Plus(D(p, z), Neg(D(y, z))))
    yield Step("sum-rule", rules.SUM, sentence("Term by term."), lhs, difference)
    why = "{y} is a fixed number, 0 or 1: its derivative is 0."
    flat = n.scaled(Plus(D(p, z), Neg(ZERO)))
    yield Step("constant", rules.CONSTANT, sentence(why, y=y), lhs, flat, (ZERO,))
    why = "The second derivatives of the cross-entropy are the Jacobian of softmax; the target is gone."
    why = why.replace("softmax;", "softmax, over T;") if n.temperature else why
    yield Step("result", rules.SIMPLIFYING, sentence(why), lhs, n.scaled(D(p, z)))


def _sigmoid_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n = case.names
    a, b = n.e
    words = sentence("With two classes, {i} and {j}, the sum has two terms.", i=n.label[0], j=n.label[1])
    yield Step("definition", rules.DEFINITION, words, lhs, Frac(a, Plus(a, b)))
    why = "Divide the top and the bottom by {a}."
    yield Step(
        "divide", rules.CANCELLING, sentence(why, a=a), lhs, Frac(1, Plus(1, Frac(b, a))), (Frac(b, a),)
    )
    difference = Exp(Neg(n.over_t(Plus(n.z[0], Neg(n.z[1])))))
    why = "A quotient of exponentials is the exponential of the difference. This is the sigmoid of {d}."
    words = sentence(why, d=n.over_t(Plus(n.z[0], Neg(n.z[1]))))
    yield Step("result", rules.CANCELLING, words, lhs, Frac(1, Plus(1, difference)), (difference,))


def _temperature_steps(case: Case, lhs: Expr) -> Iterator[Step]:
    n, p, z = case.names, case.output.p, case.output.z
    inside = Frac(z, T)
    why = (
        "The rule of the logarithm, read from right to left: a derivative is the function times that of "
        "its logarithm."
    )
    yield Step("logarithm", rules.LOGARITHM, sentence(why), lhs, Times(p, D(Log(p), T)))
    why = "The logarithm of {p} is {inside} minus log {S}."
    both = Plus(D(inside, T), Neg(D(Log(S), T)))
    yield Step(
        "take-apart", rules.LOG_OF_QUOTIENT, sentence(why, p=p, inside=inside), lhs, Times(p, both), (both,)
    )
    why = "The power rule: 1/{T} is {T} to the power -1."
    slope = Neg(Frac(z, Power(T, 2)))
    parts = (Step("power", rules.POWER, sentence(why), D(Power(T, -1), T), Neg(Power(T, -2))),)
    why = "{z} is a constant here; only {T} moves."
    yield Step("inner", rules.CONSTANT_MULTIPLE, sentence(why, z=z), D(inside, T), slope, (slope,), parts)
    weighted = total(tuple(Times(e, z) for e, z in zip(n.e, n.z, strict=True)))
    slope = Neg(Frac(weighted, Power(T, 2)))
    why = "Every exponential has its own exponent: by the chain rule each term is multiplied by -z/{T}^2."
    yield Step("s-prime", rules.CHAIN, sentence(why), D(S, T), slope, (slope,))
    mean = total(tuple(Times(q, z) for q, z in zip(n.p, n.z, strict=True)))
    yield from _temperature_end(case, lhs, mean)


def _temperature_end(case: Case, lhs: Expr, mean: Expr) -> Iterator[Step]:
    p, z, squared = case.output.p, case.output.z, Power(T, 2)
    why = "The derivative of log {S} is that of {S} over {S}, and each exponential over {S} is a probability."
    slope = Neg(Frac(mean, squared))
    yield Step("log-sum", rules.LOGARITHM, sentence(why), D(Log(S), T), slope, (slope,))
    both = Plus(Neg(Frac(z, squared)), Frac(mean, squared))
    yield Step("substitute", rules.SUBSTITUTION, sentence("Put the pieces in."), lhs, Times(p, both), (both,))
    rest = Plus(mean, Neg(z))
    why = (
        "The sum is the mean of the logits, weighted by the probabilities: heating lowers the probability of "
        "a class whose logit lies above that mean and raises it below."
    )
    rhs = times(Frac(1, squared), p, rest)
    yield Step("result", rules.FACTORING, sentence(why), lhs, rhs, (rest,))


def _grown(case: Case) -> Expr:
    """Return the softmax of the logits, each with the same number added."""
    grown = [Exp(case.names.over_t(Plus(z, SHIFT))) for z in case.names.z]
    return Frac(grown[case.i], total(grown))


FOLLOW_UPS = {
    "rows": FollowUp(
        "The derivatives of {p} add up to zero: each row of the Jacobian does",
        lambda case: total([D(case.output.p, z) for z in case.names.z]),
        _row_steps,
    ),
    "columns": FollowUp(
        "The derivatives with respect to the logit of {j} add up to zero: each column of the Jacobian does",
        lambda case: total([D(p, case.wrt.z) for p in case.names.p]),
        _column_steps,
        lambda case: {**case.names.softmax, F: total(case.names.p)},
    ),
    "symmetry": FollowUp(
        "The Jacobian is symmetric", lambda case: D(case.output.p, case.wrt.z), _symmetric_steps
    ),
    "shift": FollowUp("Adding the same number to every logit changes nothing", _grown, _shift_steps),
    "hessian": FollowUp(
        "The Hessian of the cross-entropy is the Jacobian of softmax",
        lambda case: D(D(L, case.output.z), case.wrt.z),
        _hessian_steps,
        lambda case: case.names.cross_entropy(case.i),
    ),
    "two-classes": FollowUp(
        "With two classes, softmax is the sigmoid of the difference",
        lambda case: case.output.p,
        _sigmoid_steps,
        case=lambda case: Case.of(notation(2, case.names.temperature), 0, 1),
        alone=True,
    ),
    "temperature": FollowUp(
        "The derivative of {p} with respect to the temperature {T}",
        lambda case: D(case.output.p, T),
        _temperature_steps,
        case=lambda case: Case.of(notation(case.names.k, True), case.i, case.j),
    ),
}
"""By the names of `functions.FOLLOW_UPS`, which has one more: the factor 1/T, a derivation of its own."""
