"""The rules of calculus and algebra by which a line follows from the one before: a table."""

from dataclasses import dataclass

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.nodes import DOTS, Exp, Frac, Log, Neg, Plus, Power, Prime, Times

_A, _B, _C, _D, _F, _G, _N, _U, _X = (Symbol(letter) for letter in "abcdfgnux")


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
    formulas: tuple[tuple[Expr, Expr], ...] = ()


CONSTANT = Rule("constant", "c' = 0", ((Prime(_C), Integer(0)),))
EXPONENTIAL = Rule("exponential", "(e^x)' = e^x", ((Prime(Exp(_X)), Exp(_X)),))
SUM = Rule(
    "sum", "(f + g + ...)' = f' + g' + ...", ((Prime(Plus(_F, _G, DOTS)), Plus(Prime(_F), Prime(_G), DOTS)),)
)
CONSTANT_MULTIPLE = Rule(
    "constant multiple", "(c f)' = c f'", ((Prime(Times(_C, _F)), Times(_C, Prime(_F))),)
)
QUOTIENT = Rule(
    "quotient",
    "(f / g)' = (f' g - f g') / g^2",
    ((Prime(Frac(_F, _G)), Frac(Plus(Times(Prime(_F), _G), Neg(Times(_F, Prime(_G)))), Power(_G, 2))),),
)
POWER = Rule(
    "power", "(x^n)' = n x^(n - 1)", ((Prime(Power(_X, _N)), Times(_N, Power(_X, Plus(_N, Neg(1))))),)
)
LOGARITHM = Rule("logarithm", "(log g)' = g' / g", ((Prime(Log(_G)), Frac(Prime(_G), _G)),))
CHAIN = Rule("chain", "(h(u))' = h'(u) u'", ((Prime(Symbol("(h(u))")), Times(Symbol("h'(u)"), Prime(_U))),))
DEFINITION = Rule("definition", "A name stands for an expression")
SUBSTITUTION = Rule("substitution", "Equals may be put for equals")
FACTORING = Rule(
    "factoring", "a b + a c = a (b + c)", ((Plus(Times(_A, _B), Times(_A, _C)), Times(_A, Plus(_B, _C))),)
)
SPLITTING = Rule(
    "splitting",
    "a b / (c d) = a/c * b/d, (a + b) / c = a/c + b/c",
    (
        (Frac(Times(_A, _B), Times(_C, _D)), Times(Frac(_A, _C), Frac(_B, _D))),
        (Frac(Plus(_A, _B), _C), Plus(Frac(_A, _C), Frac(_B, _C))),
    ),
)
CANCELLING = Rule("cancelling", "a / a = 1, 0 / a = 0, and e^(a + b) = e^a e^b")
LOG_OF_QUOTIENT = Rule(
    "logarithm of a quotient",
    "log(a / b) = log a - log b, log(e^a) = a",
    ((Log(Frac(_A, _B)), Plus(Log(_A), Neg(Log(_B)))), (Log(Exp(_A)), _A)),
)
SIMPLIFYING = Rule("simplifying", "0 + a = a, 1 a = a, 0 a = 0, a - a = 0")
PROBABILITIES = Rule(
    "probabilities sum to one",
    "p_1 + ... + p_K = 1",
    ((Plus(Symbol("p_1"), DOTS, Symbol("p_K")), Integer(1)),),
)
ONE_HOT = Rule(
    "one-hot target",
    "y_1 + ... + y_K = 1, since y is 1 for the target and 0 for every other class",
    ((Plus(Symbol("y_1"), DOTS, Symbol("y_K")), Integer(1)),),
)
JOINING = Rule("Kronecker delta", "delta_ij is 1 when i = j and 0 when i != j")
