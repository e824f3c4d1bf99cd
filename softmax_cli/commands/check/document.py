"""The verdict of ``softmax check`` as one JSON document."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from softmax_cli.checking.compare import Entry
    from softmax_cli.checking.verdict import Verdict


def document(verdict: "Verdict") -> Mapping[str, Any]:
    """Return the document, with classes by name and rows counted from 1."""
    tally = verdict.tally
    return {
        "passed": verdict.passed,
        "function": verdict.function,
        "method": verdict.method,
        "rows": tally.rows,
        "entries": tally.entries,
        "max_abs_error": tally.max_abs_error,
        "max_rel_error": tally.max_rel_error,
        "worst": [_entry(entry, verdict.classes) for entry in tally.worst],
        "diagnosis": list(map(cause_document, verdict.diagnosis.causes)),
        "warnings": list(verdict.warnings),
        "called": verdict.called,
        "reading": verdict.kind,
        "batch": {"tried": verdict.batch is not None, "passed": verdict.batch},
        "lines": None if verdict.lines is None else [line._asdict() for line in verdict.lines],
    }


def cause_document(cause: object) -> Mapping[str, Any]:
    """Return what a document says of a cause."""
    return {name: getattr(cause, name) for name in ("id", "title", "explanation", "fix", "factor")}


def _entry(entry: "Entry", classes: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "row": entry.row + 1,
        "of": None if entry.of is None else classes[entry.of],
        "wrt": None if entry.wrt is None else classes[entry.wrt],
        "expected": entry.expected,
        "got": entry.got,
        "abs_error": entry.abs_error,
        "rel_error": entry.rel_error,
    }
