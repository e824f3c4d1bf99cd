"""The JSON as an independent reader finds it."""

from functools import cache

import pytest
import sympy

from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.derive import follow_ups, topic
from softmax_cli.tutor.narratives.general import general
from tests.tutor.cases import derivations
from tests.tutor.reader import Reader, lines, parsed, written


def _check(derivation: Derivation) -> None:
    document = written(derivation)
    reader = Reader(document["symbols"])
    allowed = {f"z_{m}" for m in range(derivation.k + 1)} | {"T"}
    assert reader.free() <= allowed
    for line in lines(document["steps"]):
        assert reader.equal(line["lhs"], line["rhs"]), (derivation.function, line)
    last = document["steps"][-1]
    assert document["result"] == last["rhs"]


@pytest.mark.parametrize("temperature", [False, True], ids=["T=1", "T=5/2"])
@pytest.mark.parametrize("k", [2, 3])
def test_every_line_of_every_pair(k: int, temperature: bool) -> None:
    """A reader who knows SymPy alone finds lhs and rhs of every step and substep equal."""
    for derivation in derivations(k, temperature=temperature):
        _check(derivation)


@pytest.mark.parametrize("k", [4, 7])
def test_every_line_of_some_pairs(k: int) -> None:
    """The same for more classes: on the diagonal, beside it, and at the far corner."""
    for derivation in derivations(k, temperature=k % 2 == 0, pairs=[(1, 1), (0, 1), (k - 1, 0)]):
        _check(derivation)


@pytest.mark.parametrize("function", ["softmax", "log-softmax", "sigmoid"])
@pytest.mark.parametrize("same", [True, False])
def test_the_result_is_the_true_derivative(function: str, same: bool) -> None:
    """The result equals what SymPy's own diff gives for the function, typed in anew."""
    t, z = sympy.Symbol("T"), sympy.symbols("z_1:4")
    total = sum(sympy.exp(x / t) for x in z)
    formula = {
        "softmax": sympy.exp(z[0] / t) / total,
        "log-softmax": z[0] / t - sympy.log(total),
        "sigmoid": 1 / (1 + sympy.exp(-z[0] / t)),
    }[function]
    [derivation] = [
        d for d in derivations(3, temperature=True, pairs=[(0, 0 if same else 2)]) if d.function == function
    ]
    document = written(derivation)
    reader = Reader(document["symbols"])
    assert reader.equal(document["result"], str(formula.diff(z[0 if same else 2])))


@pytest.mark.parametrize("temperature", [False, True], ids=["T=1", "T=5/2"])
def test_the_follow_ups(temperature: bool) -> None:
    """Every line of every follow-up holds for an independent reader."""
    for derivation in follow_ups(3, 0, 1, temperature=temperature):
        _check(derivation)


@pytest.mark.parametrize("function", ["softmax", "log-softmax", "cross-entropy"])
@pytest.mark.parametrize("temperature", [False, True], ids=["T=1", "T=5/2"])
def test_general_lines_at_three_classes(function: str, temperature: bool) -> None:
    """The lines for K classes hold for a reader who puts K = 3 and two classes in."""
    document = written(general(function, temperature=temperature))
    names = {sympy.Symbol(name): parsed(text) for name, text in document["symbols"].items()}
    for i, j in ((1, 1), (1, 3)):
        letters = {sympy.Symbol(x): sympy.Integer(n) for x, n in (("K", 3), ("i", i), ("j", j), ("t", 2))}
        for line in lines(document["steps"]):
            difference = _concrete(line["lhs"], names, letters) - _concrete(line["rhs"], names, letters)
            logits = sorted(difference.atoms(sympy.Indexed), key=str)
            point = {z: sympy.Rational(n + 3, 7) for n, z in enumerate(logits)}
            value = difference.xreplace({**point, sympy.Symbol("T"): sympy.Rational(5, 2)}).evalf(30)
            assert abs(value) < 1e-25, line


def test_symbols_stand_in_a_fixed_order() -> None:
    """Names that differ in a letter index alone come in the same order in every run."""
    *_, hidden = topic("network", 2)
    names = [name for name in written(hidden)["symbols"] if name[:2] in {"h_", "u_"}]
    assert names == ["h_a", "h_b", "u_b"]


def _concrete(
    text: str, names: dict[sympy.Symbol, sympy.Expr], letters: dict[sympy.Symbol, sympy.Integer]
) -> sympy.Expr:
    return _spelled(parsed(text).xreplace(names)).xreplace(letters).doit()


@cache
def _spelled(x: sympy.Basic) -> sympy.Basic:
    """Write out every sum over three classes."""
    args = map(_spelled, x.args)
    if isinstance(x, sympy.Sum):
        body, (letter, _, _) = args
        return sympy.Add(*(body.xreplace({letter: sympy.Integer(n)}) for n in (1, 2, 3)))
    return x.func(*args) if x.args else x
