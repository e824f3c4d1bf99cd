"""Which law of a right answer a function breaks, asked of the function itself; told where no cause holds."""

from collections.abc import Iterator, Sequence

import numpy as np

from softmax_cli.checking.catalogue.mistake import right_formula
from softmax_cli.checking.diagnosis.diagnosis import Cause, Diagnosis
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox
from softmax_cli.checking.diagnosis.invariants import broken_laws, law
from softmax_cli.checking.diagnosis.structure import no_known_mistake
from softmax_cli.checking.inputs import Array, Inputs

_SHIFT = 0.75
_SCALE = 3.0
_NEAR = 1e-3
_SAME = 1e-6


def broken(box: BlackBox, asked: Sequence[Evidence]) -> Diagnosis:
    """Return the first law that is broken as the one cause, and the others besides.

    `asked` are its answers so far.
    """
    found = [*_by_asking(box, asked[0].q.inputs), *_at_one_row(asked)]
    laws = list({one.id: one for one in found}.values())
    if not laws:
        name = "unknown" if any(one.compared.wrong.any() for one in asked) else "far-logits"
        return Diagnosis((Cause.of(name, right=right_formula(box.sought)),))
    return Diagnosis((no_known_mistake(box.sought, laws[0]),), laws=tuple(laws))


def _at_one_row(asked: Sequence[Evidence]) -> Iterator[Cause]:
    for _, inputs, got, expected, wrong in (one.compared for one in asked):
        rows = np.flatnonzero(wrong.reshape(len(wrong), -1).any(axis=1))
        if rows.size:
            row = rows[0]
            for one in broken_laws(asked[0].sought, got[row], expected[row]):
                yield one._replace(title=f"{one.title} (at z = {_said(inputs.z[row])})")
            return


def _by_asking(box: BlackBox, inputs: Inputs) -> Iterator[Cause]:
    rows = inputs if box.batch else inputs.rows([0])
    plain = _values(box, rows)
    if plain is None:
        return
    yield from _of_the_vector(box, rows, plain)
    shifted = _values(box, rows._replace(z=rows.z + _SHIFT))
    if box.sought.entry.shift_invariant and shifted is not None and not _same(shifted, plain):
        title = f"adding {_SHIFT:g} to every logit changes the answer: softmax depends on differences alone"
        yield law("shift", f"{title} (at z = {_said(rows.z[0])})")
    turned = _values(box, _turned(rows))
    expected = np.roll(plain, 1, axis=1)
    expected = np.roll(expected, 1, axis=2) if plain.ndim == 3 else expected
    if turned is not None and not _same(turned, expected):
        yield law(
            "order",
            "the classes are not treated alike: where the logits change places, the answers do not follow "
            f"(at z = {_said(rows.z[0])})",
        )


def _of_the_vector(box: BlackBox, rows: Inputs, plain: Array) -> Iterator[Cause]:
    """Yield whether a product is linear in its vector g."""
    if rows.vector is None:
        return
    scaled = _values(box, rows._replace(vector=_SCALE * rows.vector))
    if scaled is None or _same(scaled, _SCALE * plain):
        return
    if _same(scaled, plain):
        yield law("vector", "the vector's length has no effect: the product must grow with it")
        return
    yield law(
        "linear",
        f"it is not linear in the vector: {_SCALE:g} times the vector does not give {_SCALE:g} times the "
        f"answer (at z = {_said(rows.z[0])})",
    )


def _turned(rows: Inputs) -> Inputs:
    return rows._replace(
        z=np.roll(rows.z, 1, axis=1),
        target=None if rows.target is None else (rows.target + 1) % rows.k,
        vector=None if rows.vector is None else np.roll(rows.vector, 1, axis=1),
    )


def _values(box: BlackBox, rows: Inputs) -> Array | None:
    evidence = box.ask(rows)
    return None if evidence is None or len(evidence.got) != rows.n else evidence.got


def _same(a: Array, b: Array) -> bool:
    return bool(np.all(np.abs(a - b) <= _SAME * np.abs(b).max()))


def _said(z: Array) -> str:
    return "(" + ", ".join(f"{x:g}" for x in z) + ")"
