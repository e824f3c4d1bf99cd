"""A run, line by line: what every statement of the user's file has changed, and what it read."""

import os
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.trace.statements import SourceStatement, statements

_MOST_EVENTS = 8_000
_MOST_ENTRIES = 4096
_EXPRESSION = "<lambda>"
_LIBRARY = os.path.join(os.path.dirname(os.__file__), "")


class TooLongError(Exception):
    """The run has more lines than are looked at."""


class Record:
    """What one statement holds, in one call of its function, after all its runs in a loop.

    Parameters
    ----------
    statement
        Which; None for the parameters that a function was called with.
    given
        The parameters of the call that it belongs to.

    Attributes
    ----------
    values
        For each name the values that it was given, one for each run; ``return`` for what is returned.
    written
        For each name that is filled by index, which entries this statement has written.
    sources
        The records of what it read.
    eps
        How exact the values are, by their type.
    caller
        Of parameters: the statement that called the function.
    """

    def __init__(self, statement: SourceStatement | None, given: "Record | None" = None) -> None:
        self.statement = statement
        self.given = given
        self.values: dict[str, list[NDArray[np.float64]]] = {}
        self.written: dict[str, NDArray[np.bool_]] = {}
        self.sources: list[Record] = []
        self.eps = float(np.finfo(np.float64).eps)
        self.caller: SourceStatement | None = None


class _Call:
    """A call of a function of the user's while it runs."""

    def __init__(self, given: Record, names: tuple[str, ...]) -> None:
        self.given = given
        self.names: dict[str, list[Record]] = {name: [given] for name in names}
        self.records: dict[SourceStatement, Record] = {}
        self.pending: tuple[SourceStatement, ...] = ()
        self.before: dict[str, NDArray[np.float64] | None] = {}
        self.helpers: list[Record] = []
        self.latest: Record | None = None


class Recorder:
    """Runs a function under a trace; `records` are then in the order in which the lines first ran.

    `last` is the record that gave the answer: what was returned or, of None, what was changed last. `answers`
    are all such records: of a function that is asked for one entry at a time, one an entry.
    """

    def __init__(self, path: str) -> None:
        self.folder = os.path.join(os.path.dirname(os.path.abspath(path)), "")
        self.records: list[Record] = []
        self.last: Record | None = None
        self._answers: list[tuple[CodeType, Record]] = []
        self._calls: dict[FrameType, _Call] = {}
        self._attributes: dict[str, list[Record]] = {}
        self._events = 0
        self._known: dict[str, bool] = {}

    def run(self, function: Callable[[], Any]) -> Any:
        """Run a function and return its result.

        Raises
        ------
        TooLongError
            Where it has too many lines.
        """
        before = sys.gettrace()
        sys.settrace(self._enter)
        try:
            return function()
        finally:
            sys.settrace(before)
            self._calls.clear()

    @property
    def answers(self) -> list[Record]:
        """What the function returned that was asked last, one record for each time it was asked."""
        return [record for code, record in self._answers if code is self._answers[-1][0]]

    def _ours(self, path: str) -> bool:
        known = self._known.get(path)
        if known is None:
            full = os.path.abspath(path)
            known = full.startswith(self.folder) and not full.startswith(_LIBRARY) and os.path.isfile(full)
            known = known and "site-packages" not in full
            self._known[path] = known
        return known

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if event != "call" or not self._ours(code.co_filename):
            return None
        if code.co_name == "__init__" or (code.co_name.startswith("<") and code.co_name != _EXPRESSION):
            return None  # a constructor has no logits; a comprehension's value is seen where it is used
        given = Record(None)
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        self._calls[frame] = _Call(given, names)
        self._keep(given, {name: frame.f_locals.get(name) for name in names})
        calling = self._calls.get(frame.f_back) if frame.f_back is not None else None
        if calling is not None and calling.pending:
            given.caller = calling.pending[0]
            given.sources = [one for each in calling.pending for one in self._sources(calling, each)]
            self.records.append(given)
        return self._step

    def _sources(self, call: _Call, statement: SourceStatement) -> list[Record]:
        found = [one for name in statement.reads for one in self._of(call, name)]
        return [*found, *call.helpers]

    def _of(self, call: _Call, name: str) -> list[Record]:
        return self._attributes.get(name, []) if "." in name else call.names.get(name, [])

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        self._events += 1
        if self._events > _MOST_EVENTS:
            raise TooLongError
        call = self._calls.get(frame)
        if call is None:
            return None
        if event == "line":
            on_line = statements(frame.f_code.co_filename).get(frame.f_lineno, ())
            if on_line != call.pending or frame.f_lineno == (on_line[0].number if on_line else 0):
                self._finish(frame, call)
                self._start(frame, call, on_line)
        elif event == "return":
            self._finish(frame, call, returned=argument)
            self._calls.pop(frame, None)
            if frame.f_back not in self._calls:
                self.last = (call.latest if argument is None else None) or self.last
                if self.last is not None:
                    self._answers.append((frame.f_code, self.last))
        return self._step

    def _start(self, frame: FrameType, call: _Call, on_line: tuple[SourceStatement, ...]) -> None:
        call.pending, call.helpers = on_line, []
        call.before = {name: _array(_value(frame, name)) for one in on_line for name in one.stored}

    def _finish(self, frame: FrameType, call: _Call, returned: Any = None) -> None:
        """Keep what the statements of the line that has just run have changed."""
        for statement in call.pending:
            record = call.records.get(statement)
            if record is None:
                record = call.records[statement] = Record(statement, given=call.given)
                self.records.append(record)
            for one in self._sources(call, statement):
                if one is not record and one not in record.sources:
                    record.sources.append(one)
            if statement.returns:
                self._keep(record, _returned(returned))
                self.last = record
                self._tell_caller(frame, record)
            else:
                self._changed(frame, call, statement, record)
        if returned is not None and not any(one.returns for one in call.pending):
            record = Record(_whole_line(frame), given=call.given)
            self._keep(record, _returned(returned))
            record.sources = [one for many in call.names.values() for one in many]
            self.records.append(record)
            self.last = record
            self._tell_caller(frame, record)
        call.pending = ()

    def _tell_caller(self, frame: FrameType, record: Record) -> None:
        caller = self._calls.get(frame.f_back) if frame.f_back is not None else None
        if caller is not None:
            caller.helpers.append(record)

    def _changed(self, frame: FrameType, call: _Call, statement: SourceStatement, record: Record) -> None:
        for name in statement.targets:
            now = _array(_value(frame, name))
            if now is None or statement.allocates:
                continue
            stored = name in statement.stored
            if stored:
                changed = _entries_changed(call.before.get(name), now)
                if not changed.any():
                    continue
                old = record.written.get(name)
                for each in call.records.values():
                    if name in each.written:
                        each.written[name] = _longer(each.written[name], now.shape)
                record.written[name] = changed if old is None else changed | record.written[name]
            self._keep(record, {name: _value(frame, name)})
            call.latest = record
            where = self._attributes if "." in name else call.names
            where[name] = [*where.get(name, ()), record] if stored else [record]

    def _keep(self, record: Record, values: dict[str, Any]) -> None:
        for name, value in values.items():
            array = _array(value)
            if array is not None:
                record.values.setdefault(name, []).append(array)
                record.eps = max(record.eps, _eps(value))


def _entries_changed(before: NDArray[np.float64] | None, now: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which entries are not what they were; of a list that has grown, those that were added."""
    changed = np.ones(now.shape, bool)
    if before is not None and before.shape == now.shape:
        return np.asarray(~((before == now) | (np.isnan(before) & np.isnan(now))))
    if before is not None and _has_grown(before.shape, now.shape):
        changed[: len(before)] = _entries_changed(before, now[: len(before)])
    return changed


def _longer(written: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which entries were written, of a list that may have grown since."""
    longer = np.zeros(shape, bool)
    if _has_grown(written.shape, shape):
        longer[: len(written)] = written
    return longer


def _has_grown(before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Return whether one shape is the other with more rows, or the same."""
    return bool(before) and bool(now) and before[1:] == now[1:] and before[0] <= now[0]


def _value(frame: FrameType, name: str) -> Any:
    base, _, attribute = name.partition(".")
    value = frame.f_locals.get(base)
    return getattr(value, attribute, None) if attribute else value


def _returned(value: Any) -> dict[str, Any]:
    if isinstance(value, tuple) and len(value) > 1:
        return {f"return {i + 1}": part for i, part in enumerate(value)}
    return {"return": value}


def _whole_line(frame: FrameType) -> SourceStatement | None:
    """Return the line of a lambda as a statement."""
    on_line = statements(frame.f_code.co_filename).get(frame.f_lineno, ())
    return on_line[0] if on_line else None


def _array(value: Any) -> NDArray[np.float64] | None:
    """Return a value as an array of its own, or None where it holds no numbers, or whole numbers alone."""
    if isinstance(value, (bool, str, bytes)) or value is None or isinstance(value, int):
        return None
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float().numpy() if str(value.dtype) == "torch.bfloat16" else value.numpy()
    elif not isinstance(value, (np.ndarray, np.generic, float, list, tuple)):
        return None
    try:
        array = np.array(value, np.float64)
    except (TypeError, ValueError):
        return None
    return array if 0 < array.size <= _MOST_ENTRIES else None


def _eps(value: Any) -> float:
    """Return how exact the numbers of a value are, by its type."""
    dtype = str(getattr(value, "dtype", "float64"))
    if dtype.endswith("bfloat16"):
        return 2.0**-8
    if dtype.endswith("float16"):
        return float(np.finfo(np.float16).eps)
    return float(np.finfo(np.float32 if dtype.endswith("float32") else np.float64).eps)
