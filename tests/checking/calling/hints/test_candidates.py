"""Every way of calling, the likeliest first: by the names, and by how the code uses what it is given."""

from collections.abc import Callable
from typing import Any

from softmax_cli.checking.calling.binding import Binding
from softmax_cli.checking.calling.code.subject import Subject
from softmax_cli.checking.calling.hints.candidates import candidates
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.explicit import explicit
from softmax_cli.checking.calling.hints.readings import Wanted


def ways(
    function: Callable[..., Any], code: str = "", text: str = "", call: str | None = None
) -> list[Binding]:
    """Return the ways to call a function whose source is this."""
    evidence = SourceEvidence("f", code, text, matrices=False)
    return candidates(Subject.of(function), evidence, Wanted(call=None if call is None else explicit(call)))


def test_the_likeliest_way_comes_first() -> None:
    """As the names say; each once."""
    found = ways(lambda dout, z: z)
    assert found[0].roles == ("g", "z")
    assert (found[0].kind, found[0].layout, found[0].cost) == ("vjp", "vector", 0.0)
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert len(set(found)) == len(found)


def test_the_mean_over_a_batch_is_that_of_several_rows() -> None:
    """In rows or in columns; a single row has only the sum."""
    found = ways(lambda z, y: z, "return p.sum(axis=0)", "z: shape (k, n)")
    layouts = {loss: {one.layout for one in found if one.loss == loss} for loss in ("sum", "mean")}
    assert layouts["mean"] == {"batch", "columns"}
    assert layouts["sum"] == {"batch", "columns", "vector", "column"}


def test_the_target_that_the_code_does_not_use_is_put_off() -> None:
    """An index is used in brackets, a one-hot target in a sum; where the code does neither, both are near."""
    for code, likely, other in (("p[y]-=1", "index", "one-hot"), ("return p-y", "one-hot", "index")):
        found = ways(lambda p, y: p, code)
        first = next(one for one in found if one.takes(likely) and one.kind == "gradient")
        later = next(one for one in found if one.takes(other) and one.kind == "gradient")
        assert 0.8 < later.cost - first.cost < 1.2
    unknown = ways(lambda p, y: p, "pass")
    costs = [next(one.cost for one in unknown if one.takes(role)) for role in ("index", "one-hot")]
    assert costs[1] - costs[0] < 0.2


def test_a_target_alone_is_the_output_of_softmax() -> None:
    """A function's only parameter y is p, or z; beside another it is a target."""
    assert {one.roles for one in ways(lambda y: y)} == {("p",), ("z",)}
    assert ("p", "index") in {one.roles for one in ways(lambda p, y: p)}


def test_what_returns_nothing_is_given_a_buffer() -> None:
    """By a name that says so; what returns is not."""
    assert ways(lambda z, dx: None, "dx[:]=1")[0].roles == ("z", "buffer")
    assert not any(one.takes("buffer") for one in ways(lambda z, dx: None, "return 1") if one.cost < 1.0)


def test_a_dictionary_is_given_what_the_code_looks_up() -> None:
    """Each key by its own name."""
    (first, *_) = ways(lambda g, cache: g, "return cache['probs']*g")
    assert first.given[1].constant == (("probs", "p"),)


def test_a_call_that_is_given_is_taken_as_it_stands() -> None:
    """Columns where it says .T, and plain values."""
    found = ways(lambda a, b, c=1: a, call="f(z.T, g.T, 3)")
    assert {one.roles for one in found} == {("z", "g", "constant")}
    assert {one.layout for one in found} == {"columns", "column"}
    assert all(one.against is None for one in found if one.layout == "columns" and one.function == "softmax")
