"""The proof: it takes what is true, and nothing that an independent evaluation finds false."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, count

import pytest

from softmax_cli.core.formula.tree import (
    Binary,
    Negative,
    Node,
    Number,
    Symbol,
    Total,
    names,
    parts,
    with_parts,
)
from softmax_cli.tutor.derivation import Derivation, Step
from softmax_cli.tutor.derive import derive, follow_ups
from softmax_cli.tutor.notation import named, parsed
from softmax_cli.tutor.printers.plain import plain
from softmax_cli.tutor.proof import UnprovedError, prove
from tests.tutor.cases import ROUTES
from tests.tutor.reader import Reader, written


def corrupted(x: Node) -> Iterator[Node]:
    """Yield an expression with one thing wrong in it: a sign, an index, an exponent, a missing factor."""
    match x:
        case Symbol(name=name, indices=(Number(numerator=m),)):
            yield Symbol(name, (Number(2 if m == 1 else 1),))
        case Number(numerator=n):
            yield Number(n + 1)
        case Negative(operand=operand):
            yield operand
        case Binary(operator="+" | "-" as sign, left=left, right=right):
            yield Binary("-" if sign == "+" else "+", left, right)
            yield from (left, right)
        case Binary(operator="*", left=left, right=right):
            yield from (left, right)
        case Binary(left=left):
            yield left
        case Total(terms=terms):
            yield from (Total(rest) for rest in combinations(terms, len(terms) - 1))
            yield from (Total((*terms[:n], Negative(term), *terms[n + 1 :])) for n, term in enumerate(terms))
    for place, part in enumerate(() if isinstance(x, Symbol) else parts(x)):
        for wrong in corrupted(part):
            yield with_part(x, place, wrong)


def with_part(x: Node, place: int, new: Node) -> Node:
    """Return an expression with another part in one place."""
    places = count()
    return with_parts(x, lambda part: new if next(places) == place else part)


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
    given = known(derivation, reader)
    checked = 0
    for place, line in enumerate(derivation.steps):
        near = derivation.steps[max(place - 1, 0) :]  # the lines before are proved, and bear on none of these
        for step in line.walk():
            lhs = plain(step.lhs)
            for wrong in corrupted(step.rhs):
                if not {plain(name) for name in names(wrong)} <= given:
                    continue
                bad = replace(derivation, steps=put(near, step, replace(step, rhs=wrong)))
                assert proved(bad) == reader.equal(lhs, plain(wrong)), (step.id, plain(wrong))
                checked += 1
    return checked


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
    assert isinstance(step.rhs, Binary)
    top, bottom = step.rhs.left, step.rhs.right
    assert isinstance(top, Binary)
    flipped = Binary("/", Binary("-", Negative(top.left), top.right), bottom)
    assert proved(replace(derivation, steps=put(derivation.steps, step, replace(step, rhs=flipped))))


def test_a_chain_must_end_at_its_claim() -> None:
    """A true last line about something else is not the answer."""
    derivation = derive("softmax", 3, 0, 1)
    assert not proved(replace(derivation, steps=derivation.steps[:5]))


def test_a_wrong_definition_is_found() -> None:
    """The lines are held against what the names stand for: with another definition of p_1 they fall."""
    derivation = derive("softmax", 3, 0, 0)
    definitions = {**derivation.definitions, named("p_1"): parsed("e_2/S")}
    assert not proved(replace(derivation, definitions=definitions))
