"""Sparsemax where every class is in the support: p_i = z_i / T - tau."""

from collections.abc import Iterator, Mapping

from sympy import Expr, Integer, Symbol

from softmax_cli.tutor import rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.nodes import D, Frac, Neg, Plus, term_by_term
from softmax_cli.tutor.notation import Case, G

ONE = Integer(1)


def claim(case: Case) -> Expr:
    """Return dp_i / dz_j."""
    return D(case.output.p, case.wrt.z)


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what p_k and tau, here g, stand for."""
    tau = Frac(Plus(case.sum_over(lambda m: case.names.over_t(m.z)), Neg(ONE)), len(case.classes))
    return {G: tau, **{m.p: Plus(case.names.over_t(m.z), Neg(G)) for m in case.classes}}


def threshold(case: Case) -> Iterator[Step]:
    """Tell the derivation: differentiate the two terms."""
    n, z, p = case.names, case.wrt.z, case.output.p
    both = Plus(n.over_t(case.output.z), Neg(G))
    tau = Step("tau", rules.DEFINITION, sentence("The threshold."), G, definitions(case)[G])
    yield Step(
        "definition", rules.DEFINITION, sentence("What is above a threshold."), p, both, substeps=(tau,)
    )
    yield Step("sum-rule", rules.SUM, sentence("Term by term."), claim(case), term_by_term(both, z))
    slope = case.if_same(n.over_t(ONE))
    rhs = Plus(slope, Neg(n.scaled(Frac(1, len(case.classes)))))
    yield Step(
        "result", rules.SUBSTITUTION, sentence("Each class has one share of {g}.", g=G), claim(case), rhs
    )


MEANING = ("What {j} gains, all the classes pay for alike.",) * 3
ROUTES = {"threshold": threshold}
