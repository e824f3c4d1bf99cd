"""Adding a function takes a definition and its narrative: what the docstring of the tutor says."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import pytest
from sympy import Expr, Integer, Symbol

from softmax_cli.core import functions as core
from softmax_cli.tutor import functions, rules
from softmax_cli.tutor.derivation import Step, sentence
from softmax_cli.tutor.derive import derive
from softmax_cli.tutor.nodes import D, Exp
from softmax_cli.tutor.notation import Case
from softmax_cli.tutor.proof import UnprovedError
from tests.tutor.reader import Reader, lines, written


def claim(case: Case) -> Expr:
    """Return dp_i / dz_j for p_i = e^z_i."""
    return D(case.names.p[case.i], case.names.z[case.j])


def definitions(case: Case) -> Mapping[Symbol, Expr]:
    """Return what the p_k stand for."""
    return {p: Exp(z) for p, z in zip(case.names.p, case.names.z, strict=True)}


def exponential(case: Case) -> Iterator[Step]:
    """Tell the derivation."""
    p, z = case.names.p[case.i], case.names.z[case.j]
    if case.same:
        why = sentence("{p} is its own derivative.", p=p)
        yield Step("result", rules.Exponential, why, claim(case), p)
    else:
        why = sentence("{z} does not appear in {p}.", z=z, p=p)
        yield Step("result", rules.Constant, why, claim(case), Integer(0))


def wrong(case: Case) -> Iterator[Step]:
    """Tell it wrongly where i != j."""
    yield Step("result", rules.Exponential, ("",), claim(case), case.names.p[case.i])


@pytest.fixture
def _added(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(
        claim=claim, definitions=definitions, ROUTES={"exponential": exponential, "wrong": wrong}
    )
    monkeypatch.setitem(functions.FUNCTIONS, "exponential", module)
    monkeypatch.setitem(core.FUNCTIONS, "exponential", core.Function("exponential", "none", "p_i = exp(z_i)"))


@pytest.mark.usefixtures("_added")
@pytest.mark.parametrize("j", [0, 1])
def test_a_new_function_is_derived_and_read(j: int) -> None:
    """A function of one module is derived, proved, and written for others to read."""
    document = written(derive("exponential", 2, 0, j))
    reader = Reader(document["symbols"])
    assert all(reader.equal(line["lhs"], line["rhs"]) for line in lines(document["steps"]))


@pytest.mark.usefixtures("_added")
def test_a_new_function_that_is_told_wrongly_is_not_shown() -> None:
    """The proof needs no knowledge of the function to refuse a wrong line."""
    derive("exponential", 2, 0, 0, route="wrong")
    with pytest.raises(UnprovedError):
        derive("exponential", 2, 0, 1, route="wrong")
