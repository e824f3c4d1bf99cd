"""The rules of calculus and algebra by which a line follows from the one before: a table."""

from dataclasses import dataclass

from softmax_cli.core.formula.tree import Binary, Call, Node, Symbol
from softmax_cli.tutor.notation import parsed


@dataclass(frozen=True)
class Rule:
    """Why a line follows from the one before.

    Parameters
    ----------
    name
        What it is called.
    statement
        The rule itself, in one line of plain text.
    formulas
        The same as equations; none if it needs none.
    """

    name: str
    statement: str
    formulas: tuple[tuple[Node, Node], ...] = ()


def _rule(name: str, statement: str, *formulas: str) -> Rule:
    sides = (formula.split(" = ") for formula in formulas)
    return Rule(name, statement, tuple((parsed(left), parsed(right)) for left, right in sides))


CONSTANT = _rule("constant", "c' = 0", "prime(c) = 0")
EXPONENTIAL = _rule("exponential", "(e^x)' = e^x", "prime(exp(x)) = exp(x)")
SUM = _rule("sum", "(f + g + ...)' = f' + g' + ...", "prime(f + g + dots) = prime(f) + prime(g) + dots")
CONSTANT_MULTIPLE = _rule("constant multiple", "(c f)' = c f'", "prime(c f) = c prime(f)")
QUOTIENT = _rule(
    "quotient", "(f / g)' = (f' g - f g') / g^2", "prime(f / g) = (prime(f) g - f prime(g)) / g^2"
)
POWER = _rule("power", "(x^n)' = n x^(n - 1)", "prime(x^n) = n x^(n - 1)")
LOGARITHM = _rule("logarithm", "(log g)' = g' / g", "prime(log g) = prime(g) / g")
_OUTER, _SLOPE, _INNER = Symbol("(h(u))"), Symbol("h'(u)"), Symbol("u")
CHAIN = Rule(
    "chain",
    "(h(u))' = h'(u) u'",
    ((Call("prime", (_OUTER,)), Binary("*", _SLOPE, Call("prime", (_INNER,)))),),
)
DEFINITION = _rule("definition", "A name stands for an expression")
SUBSTITUTION = _rule("substitution", "Equals may be put for equals")
FACTORING = _rule("factoring", "a b + a c = a (b + c)", "a b + a c = a (b + c)")
SPLITTING = _rule(
    "splitting",
    "a b / (c d) = a/c * b/d, (a + b) / c = a/c + b/c",
    "a b / (c d) = (a/c) (b/d)",
    "(a + b) / c = a/c + b/c",
)
CANCELLING = _rule("cancelling", "a / a = 1, 0 / a = 0, and e^(a + b) = e^a e^b")
LOG_OF_QUOTIENT = _rule(
    "logarithm of a quotient",
    "log(a / b) = log a - log b, log(e^a) = a",
    "log(a / b) = log a - log b",
    "log(exp(a)) = a",
)
SIMPLIFYING = _rule("simplifying", "0 + a = a, 1 a = a, 0 a = 0, a - a = 0")
PROBABILITIES = _rule("probabilities sum to one", "p_1 + ... + p_K = 1", "p_1 + dots + p_K = 1")
ONE_HOT = _rule(
    "one-hot target",
    "y_1 + ... + y_K = 1, since y is 1 for the target and 0 for every other class",
    "y_1 + dots + y_K = 1",
)
JOINING = _rule("Kronecker delta", "delta_ij is 1 when i = j and 0 when i != j")
