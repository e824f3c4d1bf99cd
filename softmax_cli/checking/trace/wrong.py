"""The trace of a function, as diagnosis asks it: where it is wrong, or, if it is right, at the first row."""

from collections.abc import Callable, Iterator

import numpy as np

from softmax_cli.checking.catalogue.mistake import right
from softmax_cli.checking.diagnosis.evidence import Evidence
from softmax_cli.checking.diagnosis.experiments.theory import BlackBox, far_evidence
from softmax_cli.checking.inputs import Inputs
from softmax_cli.checking.trace.lines import SourceLine, trace


def trace_wrong(box: BlackBox, path: str, theirs: str = "") -> tuple[SourceLine, ...] | None:
    """Return the lines of a wrong function, each with what it holds, up to the first that is wrong.

    `theirs` is the wrong formula, where its cause is known. None where nothing can be seen, or where it is
    wrong at none of the inputs that are tried.
    """
    for rows, asked in _inputs(box):
        evidence = asked(box, rows)
        if evidence is None or not _is_wrong(evidence):
            continue
        found = trace(
            lambda rows=rows: box.answers(rows),  # type: ignore[misc]
            path,
            box.sought,
            rows,
            evidence.got[:, :1] if box.sought.kind == "loss" else evidence.got,
            theirs,
        )
        return None if found is None else tuple(found)
    return None


def trace_right(box: BlackBox, path: str) -> tuple[SourceLine, ...] | None:
    """Return the lines of a right function, each with what it holds; None where nothing can be seen."""
    rows, _ = next(_inputs(box))
    found = trace(lambda: box.answers(rows), path, box.sought, rows)
    return None if found is None else tuple(found)


def _inputs(box: BlackBox) -> Iterator[tuple[Inputs, Callable[[BlackBox, Inputs], Evidence | None]]]:
    """Yield what to ask, and how: one row at a time, ordinary ones first; or a batch."""
    for rows, asked in (*((rows, BlackBox.ask) for rows in box.first()), (box.far(), far_evidence)):
        if box.batch:
            yield rows, asked
        else:
            yield from ((rows.rows([i]), asked) for i in range(rows.n))


def _is_wrong(evidence: Evidence) -> bool:
    expected = right(evidence.sought)(evidence.q)
    if expected.shape != evidence.got.shape:
        return True
    return bool(np.any(np.abs(evidence.got - expected) > evidence.slack))
