"""The program's entry point: runs the command line, and turns every end of it into one line and a code."""

import gc
import io
import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import NoReturn, Self

from softmax_cli.errors import ExitCode, ReaderGoneError, ReadWriteError, SoftmaxError


class _Terminated(BaseException):
    """SIGTERM or SIGHUP, as an exception: what is half done is cleaned up on the way out."""

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class _ClosedOutput(io.TextIOBase):
    """Standard output when the shell has closed it: what would be written there ends the run."""

    @property
    def buffer(self) -> Self:
        """Itself: bytes are refused as text is."""
        return self

    def write(self, text: str | bytes) -> NoReturn:
        """Refuse."""
        raise ReadWriteError("standard output is closed", where="<stdout>")


def main() -> NoReturn:
    """Run the command line and leave with the exit code of CLI.md's table.

    The interpreter is not taken down: what was to be written has been, and to free all modules would take a
    third of a short run, and crash where a library's own thread is still reading.
    """
    code = end_of_run()
    if "softmax_cli.checking.calling.code.loading" in sys.modules:
        _end_what_others_began()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError, KeyboardInterrupt):  # closed, none, or stuck
            stream.flush()
    os._exit(code)


def _end_what_others_began() -> None:
    """Wait for the threads and end the processes of somebody's function, as the interpreter would."""
    import atexit
    import threading

    with suppress(KeyboardInterrupt):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()


def end_of_run() -> int:
    """Run the command line to its end, well or not, and return the exit code."""
    try:
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores it for us
                signal.signal(number, _terminate)
        code = _run()
        _flush()
    except BaseException as error:
        return _end(error)
    return code


def _run() -> int:
    if sys.stdout is None:
        sys.stdout = _ClosedOutput()
    # Nothing here is linear algebra: numpy need not start a thread for each core when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is imported stays: to look through it for garbage would cost a tenth of the start.
    gc.set_threshold(100_000)
    from softmax_cli.commands.app import run

    return run(sys.argv[1:])


def _flush() -> None:
    # A full disk behind a buffered stdout shows only here.
    sys.stdout.flush()


def _terminate(signum: int, frame: FrameType | None) -> None:
    raise _Terminated(signum)


def _end(error: BaseException) -> int:
    """Say in one line why the run ends, where there is something to say, and return its exit code."""
    match error:
        case SystemExit(code=code):
            return code if isinstance(code, int) else ExitCode.OK
        case _Terminated(signum=signum):
            signal.signal(signum, signal.SIG_DFL)
            os.kill(os.getpid(), signum)
        case ReaderGoneError() | BrokenPipeError() | KeyboardInterrupt():
            pass  # the reader, or the user, has left
        case SoftmaxError():
            _say(str(error), error.hint)
        case OSError():
            place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
            _say(f"{place}{(error.strerror or str(error)).lower()}")
        case MemoryError():
            _say("not enough memory for this input")
        case _:
            _report(error)
    return _code(error)


def _code(error: BaseException) -> int:
    if isinstance(error, SoftmaxError):
        return error.exit_code
    for kind, code in (
        (BrokenPipeError, ExitCode.READER_GONE),
        (KeyboardInterrupt, ExitCode.INTERRUPTED),
        ((OSError, MemoryError), ExitCode.READ_WRITE),
    ):
        if isinstance(error, kind):
            return code
    return ExitCode.BUG


def _report(error: BaseException) -> None:
    if os.environ.get("SOFTMAX_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    _say(
        f"a bug in softmax: {type(error).__name__}: {error}",
        "please report it with the command line; SOFTMAX_DEBUG=1 shows the traceback",
    )


def _say(sentence: str, hint: str | None = None) -> None:
    with suppress(OSError, ValueError):
        _flush()  # what was right goes before what is wrong
    if sys.stderr is None:
        return
    lines = [f"softmax: {sentence}"] + ([] if hint is None else [f"hint: {hint}"])
    try:
        sys.stderr.writelines(f"{_printable(line)}\n" for line in lines)
        sys.stderr.flush()
    except OSError:
        pass  # nobody is left to read it; the exit code still tells


def _printable(line: str) -> str:
    """Return `line` as one line: a name from a file must not move the cursor or add lines."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "backslashreplace").decode()
        for character in line
    )


if __name__ == "__main__":
    main()
