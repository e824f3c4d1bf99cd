"""Every way a run can end: the exit codes and the exceptions that carry them.

An exception of this module is a sentence for the user: ``WHERE: WHAT`` and, where there is one, a hint.
Anything else that escapes a command is a bug in softmax.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell learns from a run; one meaning a code."""

    OK = 0
    DIFFERENT = 1
    BAD_INPUT = 2
    BUG = 70
    READ_WRITE = 74
    INTERRUPTED = 130
    READER_GONE = 141


class SoftmaxError(Exception):
    """An end that the user can understand.

    Parameters
    ----------
    what
        What is wrong, in one line, without a full stop.
    where
        The place: ``FILE:LINE``, ``<stdin>``, an option; or None where the sentence names it.
    hint
        What to do about it, in one line, or None.
    """

    exit_code: ExitCode

    def __init__(self, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return self.what if not self.where else f"{self.where}: {self.what}"


class InputError(SoftmaxError, ValueError):
    """The command line or the input is wrong: nothing to do but mend it."""

    exit_code = ExitCode.BAD_INPUT


class LogitsError(InputError):
    """A vector of logits has no softmax: nan, two +inf, all -inf, or no classes at all.

    Parameters
    ----------
    what
        What is wrong.
    index
        The 0-based index of the vector among the leading dimensions; None where it is not about one.
    position
        The 0-based index of the class at fault, or None where the whole vector is.
    """

    def __init__(
        self,
        what: str,
        *,
        index: tuple[int, ...] | None = None,
        position: int | None = None,
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.index = index
        self.position = position


class FormulaError(InputError):
    """A line is no formula.

    Parameters
    ----------
    what
        What is wrong.
    column
        Where, counted in characters from 0.
    """

    def __init__(self, what: str, *, column: int, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(what, where=where, hint=hint)
        self.column = column


class ReaderGoneError(SoftmaxError):
    """The reader of our output went away, as ``head`` does: nobody is left to tell."""

    exit_code = ExitCode.READER_GONE


class ReadWriteError(SoftmaxError):
    """Reading or writing failed: no space, no permission."""

    exit_code = ExitCode.READ_WRITE
