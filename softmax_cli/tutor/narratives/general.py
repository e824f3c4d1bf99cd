"""Any number of classes: the same skeletons with a sum over k from 1 to K and the Kronecker delta.

A line with a sum over k has no one-line proof by numbers; each is proved for every (i, j) at K = 2, 3, 4
and 5 classes, and none of its rules looks at K.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Derivation, Step, sentence
from softmax_cli.tutor.nodes import At, D, Delta, Exp, Frac, Log, Neg, Plus, Power, SumOver, Times, times
from softmax_cli.tutor.notation import F, G, L, Notation, S, T, notation
from softmax_cli.tutor.proof import prove

PROVED_AT = (2, 3, 4, 5)
I_LETTER, J_LETTER, K_LETTER, TARGET = (Symbol(letter) for letter in "ijkt")
Z = Symbol("z")
E_I, E_J, P_I, P_J, P_K, Y_J, Y_K = (
    Symbol(name) for name in ("e_i", "e_j", "p_i", "p_j", "p_k", "y_j", "y_k")
)
Z_I, Z_J, Z_K = (At(Z, letter) for letter in (I_LETTER, J_LETTER, K_LETTER))
ONE = Integer(1)


@dataclass(frozen=True)
class Letters:
    """The names where classes are letters: i the output, j the logit, k the one that sums run over."""

    temperature: bool

    def over_t(self, x: Expr) -> Expr:
        """Return x / T, or x where the temperature is left out."""
        return Frac(x, T) if self.temperature else x

    def scaled(self, x: Expr) -> Expr:
        """Return (1/T) x, or x where the temperature is left out."""
        return times(Frac(1, T), x) if self.temperature else x

    def e(self, z: Expr) -> Expr:
        """Return e^(z / T)."""
        return Exp(self.over_t(z))

    def definitions(self) -> Mapping[Symbol, Expr]:
        """Return what the names stand for."""
        each = {"i": Z_I, "j": Z_J, "k": Z_K}
        return {
            **{Symbol(f"e_{letter}"): self.e(z) for letter, z in each.items()},
            S: SumOver(self.e(Z_K), K_LETTER),
            **{Symbol(f"p_{letter}"): Frac(Symbol(f"e_{letter}"), S) for letter in each},
            **{Symbol(f"y_{letter}"): Delta(Symbol(letter), TARGET) for letter in each},
            L: Neg(SumOver(Times(Y_K, Log(P_K)), K_LETTER)),
            F: E_I,
            G: S,
        }


def general(function: str, *, temperature: bool = False) -> Derivation:
    """Derive a function's derivative for K classes, and prove every line at several K.

    Parameters
    ----------
    function
        One of `NARRATIVES`.
    temperature
        True to write T.

    Raises
    ------
    UnprovedError
        Where a line could not be proved.

    Examples
    --------
    >>> general("softmax").result
    Times(p_i, Plus(Delta(i, j), Neg(p_j)))
    """
    n = Letters(temperature)
    claim, narrative = NARRATIVES[function]
    derivation = Derivation(
        id="general",
        title=sentence(
            "For any number K of classes: the derivative of {of} with respect to {z}", of=claim.args[0], z=Z_J
        ),
        function=function,
        claim=claim,
        definitions=n.definitions(),
        steps=tuple(narrative(n)),
        k=0,
        temperature=temperature,
    )
    for k in PROVED_AT:
        for i in range(k):
            for j in range(k):
                prove(concrete(derivation, k, i, j))
    return derivation


def concrete(derivation: Derivation, k: int, i: int, j: int) -> Derivation:
    """Return a general derivation for k classes, i and j being two of them, 0-based (and i the target)."""
    names = notation(k, derivation.temperature)
    definitions = {**names.cross_entropy(i), F: names.e[i], G: S}
    letters = {I_LETTER: i, J_LETTER: j, TARGET: i}

    def put(step: Step) -> Step:
        return replace(
            step,
            lhs=instantiate(step.lhs, names, letters),
            rhs=instantiate(step.rhs, names, letters),
            substeps=tuple(map(put, step.substeps)),
        )

    claim = instantiate(derivation.claim, names, letters)
    return replace(
        derivation, claim=claim, definitions=definitions, steps=tuple(map(put, derivation.steps)), k=k
    )


def instantiate(x: Expr, names: Notation, letters: Mapping[Symbol, int]) -> Expr:
    """Return an expression with numbers for its letters, and its sums written out."""
    match x:
        case Symbol():
            letter, _, index = x.name.partition("_")
            family: tuple[Expr, ...] | None = getattr(names, letter, None) if index else None
            return x if family is None else family[letters[Symbol(index)]]
        case At():
            return names.z[letters[x.args[1]]]
        case Delta():
            return Integer(int(letters[x.args[0]] == letters[x.args[1]]))
        case SumOver():
            body, letter = x.args
            return Plus(*(instantiate(body, names, {**letters, letter: m}) for m in range(names.k)))
    return x.func(*(instantiate(arg, names, letters) for arg in x.args)) if x.args else x


def _softmax(n: Letters) -> Iterator[Step]:
    lhs, delta = D(P_I, Z_J), Delta(I_LETTER, J_LETTER)
    why = "The probability of class i: its exponential over the sum of all {count} exponentials."
    yield Step(
        "definition",
        rules.Definition,
        sentence(why, count=Symbol("K")),
        P_I,
        Frac(E_I, S),
        substeps=(_sum(n),),
    )
    parts = (
        Step("f", rules.Definition, sentence("{f} is the top.", f=F), F, E_I),
        Step("g", rules.Definition, sentence("{g} is the bottom.", g=G), G, S),
    )
    why = (
        "It is a fraction. Call its top {f} and its bottom {g}. Only {z} will move; i and j may be the "
        "same class."
    )
    yield Step("naming", rules.Definition, sentence(why, f=F, g=G, z=Z_J), P_I, Frac(F, G), (F, G), parts)
    why = "The quotient rule. The prime ' means: differentiated with respect to {z}."
    yield Step("quotient-rule", rules.Quotient, sentence(why, z=Z_J), lhs, rules.Quotient(F, G, Z_J).eval())
    slope = n.scaled(times(delta, E_I))
    why = (
        "Where i = j the exponential is its own derivative; where i != j it is a constant. {delta} is 1 "
        "or 0 and says so."
    )
    why += " The 1/T comes by the chain rule." if n.temperature else ""
    yield Step("f-prime", rules.Exponential, sentence(why, delta=delta), D(F, Z_J), slope, (slope,))
    yield _sum_derivative(n, G, "g-prime")
    yield from _softmax_end(n)


def _softmax_end(n: Letters) -> Iterator[Step]:
    lhs, delta = D(P_I, Z_J), Delta(I_LETTER, J_LETTER)
    left, right = n.scaled(times(delta, E_I, S)), times(E_I, n.scaled(E_J))
    both = Frac(Plus(left, Neg(right)), Power(S, 2))
    yield Step("substitute", rules.Substitution, sentence("Put the pieces in."), lhs, both, (left, right))
    rest = Plus(Times(delta, S), Neg(E_J))
    factored = n.scaled(Frac(Times(E_I, rest), Power(S, 2)))
    why = "{e} stands in both terms: take it out." + (" The 1/T goes in front." if n.temperature else "")
    yield Step("factor", rules.Factoring, sentence(why, e=E_I), lhs, factored, (Times(E_I, rest),))
    split = n.scaled(Times(Frac(E_I, S), Frac(rest, S)))
    yield Step(
        "split", rules.Splitting, sentence("Split the fraction into two."), lhs, split, split.args[-2:]
    )
    known = n.scaled(Times(P_I, Plus(Frac(Times(delta, S), S), Neg(P_J))))
    why = "The first fraction is {p}, and {fraction} is {q}."
    words = sentence(why, p=P_I, fraction=Frac(E_J, S), q=P_J)
    yield Step("recognise", rules.Substitution, words, lhs, known, (P_I, P_J))
    simple = n.scaled(Times(P_I, Plus(delta, Neg(P_J))))
    why = (
        "{S} cancels. Where i = j this is p (1 - p), where i != j it is minus the product of both "
        "probabilities"
    )
    why += "; over T." if n.temperature else "."
    yield Step("simplify", rules.Cancelling, sentence(why, S=S), lhs, simple, (delta,))


def _log_softmax(n: Letters) -> Iterator[Step]:
    lhs, delta = D(Log(P_I), Z_J), Delta(I_LETTER, J_LETTER)
    inside = n.over_t(Z_I)
    why = "The logarithm of the probability of class i."
    yield Step(
        "definition", rules.Definition, sentence(why), Log(P_I), Log(Frac(E_I, S)), substeps=(_sum(n),)
    )
    split = Plus(inside, Neg(Log(S)))
    why = "The logarithm of a quotient is a difference, and the logarithm undoes the exponential."
    yield Step("take-apart", rules.LogOfQuotient, sentence(why), Log(P_I), split, split.args)
    each = rules.Sum(split, Z_J)
    yield Step(
        "sum-rule",
        rules.Sum,
        sentence("Differentiate term by term with respect to {z}.", z=Z_J),
        lhs,
        each.eval(),
    )
    slope = n.scaled(delta)
    why = (
        "Where i = j, {z} grows as fast as itself; where i != j it does not move. {delta} is 1 or 0 and "
        "says so."
    )
    yield Step(
        "inner", rules.ConstantMultiple, sentence(why, z=Z_I, delta=delta), D(inside, Z_J), slope, (slope,)
    )
    log = rules.Logarithm(S, Z_J)
    why = "The derivative of a logarithm is the derivative of its inside, divided by its inside."
    yield Step("logarithm", rules.Logarithm, sentence(why), D(Log(S), Z_J), log.eval())
    yield _sum_derivative(n, S, "s-prime")
    both = Plus(slope, Neg(Frac(n.scaled(E_J), S)))
    yield Step("substitute", rules.Substitution, sentence("Put the pieces in."), lhs, both, both.args)
    known = Plus(slope, Neg(n.scaled(P_J)))
    words = sentence("{fraction} is {q}.", fraction=Frac(E_J, S), q=P_J)
    yield Step("recognise", rules.Substitution, words, lhs, known, (P_J,))
    if n.temperature:
        simple = n.scaled(Plus(delta, Neg(P_J)))
        yield Step("factor", rules.Factoring, sentence("The 1/T goes in front."), lhs, simple, (simple,))


def _cross_entropy(n: Letters) -> Iterator[Step]:
    lhs, delta = D(L, Z_J), Delta(K_LETTER, J_LETTER)
    why = "The cross-entropy. The y of the target is 1, every other y is 0."
    yield Step("definition", rules.Definition, sentence(why), L, Neg(_over_k(Times(Y_K, Log(P_K)))))
    why = "Term by term with respect to {z}. Each y is a fixed number, so it stays in front."
    yield Step("sum-rule", rules.Sum, sentence(why, z=Z_J), lhs, Neg(_over_k(Times(Y_K, D(Log(P_K), Z_J)))))
    bracket = Plus(delta, Neg(P_J))
    why = "Put in the derivative of log-softmax: {delta} is 1 where k = j and 0 where not."
    rhs = (
        n.scaled(Neg(_over_k(Times(Y_K, bracket))))
        if not n.temperature
        else Neg(n.scaled(_over_k(Times(Y_K, bracket))))
    )
    yield Step("jacobian", rules.Substitution, sentence(why, delta=delta), lhs, rhs, (bracket,))
    ys = SumOver(Y_K, K_LETTER)
    rhs = n.scaled(Plus(Times(P_J, ys), Neg(Y_J)))
    why = (
        "{q} stands in every term; of the {delta}, only the one with k = j is 1. The minus sign turns "
        "both signs around."
    )
    yield Step("factor", rules.Factoring, sentence(why, q=P_J, delta=delta), lhs, rhs, (Times(P_J, ys),))
    why = "The y add up to 1."
    yield Step("one-hot", rules.OneHot, sentence(why), lhs, n.scaled(Plus(Times(P_J, ONE), Neg(Y_J))), (ONE,))
    why = "Prediction minus truth, over T." if n.temperature else "Prediction minus truth."
    yield Step("result", rules.Simplifying, sentence(why), lhs, n.scaled(Plus(P_J, Neg(Y_J))))


def _over_k(body: Expr) -> Expr:
    return SumOver(body, K_LETTER)


def _sum(n: Letters) -> Step:
    why = "{S} is short for this sum over all classes. Every term is positive, so {S} is never 0."
    return Step("sum", rules.Definition, sentence(why, S=S), S, _over_k(n.e(Z_K)))


def _sum_derivative(n: Letters, name: Symbol, step: str) -> Step:
    survivor, term, delta = n.scaled(E_J), n.e(Z_K), Delta(K_LETTER, J_LETTER)
    lhs = D(name, Z_J)
    each = _over_k(D(term, Z_J))
    kept = n.scaled(Times(delta, term))
    parts = (
        Step(
            "term-by-term",
            rules.Sum,
            sentence("The derivative of a sum is the sum of the derivatives."),
            lhs,
            each,
        ),
        Step(
            "one-survives",
            rules.Exponential,
            sentence(
                "Only the term with k = j contains {z}: {delta} is 1 there and 0 elsewhere.",
                z=Z_J,
                delta=delta,
            ),
            lhs,
            _over_k(kept),
            (kept,),
        ),
    )
    why = "One term of the sum survives, the one with k = j."
    return Step(step, rules.Simplifying, sentence(why), lhs, survivor, (survivor,), parts)


NARRATIVES: dict[str, tuple[Expr, Callable[[Letters], Iterator[Step]]]] = {
    "softmax": (D(P_I, Z_J), _softmax),
    "log-softmax": (D(Log(P_I), Z_J), _log_softmax),
    "cross-entropy": (D(L, Z_J), _cross_entropy),
}
