"""The proof: it takes what is true, and nothing that an independent evaluation finds false."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Symbol

from softmax_cli.tutor.derivation import Derivation, Step
from softmax_cli.tutor.derive import derive, follow_ups
from softmax_cli.tutor.nodes import Frac, Neg, Plus, Power, Times
from softmax_cli.tutor.printers.plain import plain
from softmax_cli.tutor.proof import UnprovedError, prove
from tests.tutor.cases import ROUTES
from tests.tutor.reader import Reader, written


def corrupted(x: Expr) -> Iterator[Expr]:
    """Yield an expression with one thing wrong in it: a sign, an index, an exponent, a missing factor."""
    match x:
        case Symbol() if x.name[-1].isdecimal():
            letter, _, index = x.name.partition("_")
            yield Symbol(f"{letter}_{2 if index == '1' else 1}")
        case Integer():
            yield x + 1
        case Neg() | Frac():
            yield x.args[0]
        case Power():
            yield Power(x.args[0], x.args[1] + 1)
        case Times() | Plus() if len(x.args) > 1:
            yield from without_one(x)
    for place, arg in enumerate(x.args):
        for wrong in corrupted(arg):
            yield x.func(*x.args[:place], wrong, *x.args[place + 1 :])


def without_one(x: Expr) -> Iterator[Expr]:
    """Yield a sum or a product with one term missing, and a sum with one sign turned around."""
    for place, arg in enumerate(x.args):
        rest = x.args[:place] + x.args[place + 1 :]
        yield rest[0] if len(rest) == 1 else x.func(*rest)
        if isinstance(x, Plus):
            yield x.func(*x.args[:place], Neg(arg), *x.args[place + 1 :])


def put(steps: tuple[Step, ...], old: Step, new: Step) -> tuple[Step, ...]:
    """Return steps with one of them, or of their substeps, exchanged."""
    return tuple(
        new
        if step is old
        else replace(step, substeps=put(step.substeps, old, new))
        if step.substeps
        else step
        for step in steps
    )


def proved(derivation: Derivation) -> bool:
    """Whether the proof takes a derivation."""
    try:
        prove(derivation)
    except UnprovedError:
        return False
    return True


def check_all_corruptions(derivation: Derivation) -> int:
    """Check that the proof says of every corrupted line what an independent reader says; return how many."""
    reader = Reader(written(derivation)["symbols"])
    names = known(derivation, reader)
    count = 0
    for place, line in enumerate(derivation.steps):
        near = derivation.steps[max(place - 1, 0) :]  # the lines before are proved, and bear on none of these
        for step in line.walk():
            lhs = plain(step.lhs)
            for wrong in corrupted(step.rhs):
                if not {name.name for name in wrong.free_symbols} <= names:
                    continue
                bad = replace(derivation, steps=put(near, step, replace(step, rhs=wrong)))
                assert proved(bad) == reader.equal(lhs, plain(wrong)), (step.id, plain(wrong))
                count += 1
    return count


def known(derivation: Derivation, reader: Reader) -> set[str]:
    """Return the names that a reader can evaluate."""
    return {str(name) for name in reader.names} | {f"z_{m}" for m in range(derivation.k + 1)} | {"T"}


@pytest.mark.parametrize("temperature", [False, True], ids=["T=1", "T"])
@pytest.mark.parametrize("same", [True, False], ids=["i=j", "i!=j"])
@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_corruptions_are_rejected(function: str, route: str, same: bool, temperature: bool) -> None:
    """Every corruption of every line is rejected, but for what changes nothing (the sign of 0 S)."""
    derivation = derive(function, 3, 0, 0 if same else 1, temperature=temperature, route=route)
    assert check_all_corruptions(derivation) > 40


def test_corruptions_of_follow_ups_are_rejected() -> None:
    """The same for every follow-up."""
    for derivation in follow_ups(2, 0, 1):
        assert check_all_corruptions(derivation) > 3


def test_the_sign_of_zero_is_no_corruption() -> None:
    """Minus 0 S for 0 S is a true line, and stays proved."""
    derivation = derive("softmax", 3, 0, 1)
    [step] = [step for step in derivation.steps if step.id == "substitute"]
    top, bottom = step.rhs.args
    flipped = Frac(Plus(Neg(top.args[0]), top.args[1]), bottom)
    assert proved(replace(derivation, steps=put(derivation.steps, step, replace(step, rhs=flipped))))


def test_a_chain_must_end_at_its_claim() -> None:
    """A true last line about something else is not the answer."""
    derivation = derive("softmax", 3, 0, 1)
    assert not proved(replace(derivation, steps=derivation.steps[:5]))


def test_a_wrong_definition_is_found() -> None:
    """The lines are held against what the names stand for: with another definition of p_1 they fall."""
    derivation = derive("softmax", 3, 0, 0)
    p, s = Symbol("p_1"), Symbol("s")
    definitions = {**derivation.definitions, p: Frac(Symbol("e_2"), s)}
    assert not proved(replace(derivation, definitions=definitions))
