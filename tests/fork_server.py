"""A program that is always about to start: it takes the place of `softmax` in the shell lines of the tests.

Starting Python and importing numpy, SymPy and rich is most of a short run's time. Here one process has
imported them and waits; each run is a fork of it, with the files, folder, variables and arguments of the
caller. Runs share nothing with each other, as real ones do not. What they cannot show is how the program
starts and dies: start-up, signals, limits and memory are tested on the real one.
"""

import gc
import os
import pkgutil
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from marshal import loads
from typing import NoReturn

from tests.branches import record

CLIENT = """\
#!{python} -IS
import _socket, array, marshal, os, sys
call = marshal.dumps((sys.argv, os.getcwd(), dict(os.environ)))
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect({address!r})
files = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", (0, 1, 2)))
server.sendmsg([len(call).to_bytes(8, "big")], [files])
while call:
    call = call[server.send(call):]
status = int.from_bytes(server.recv(8), "big")
if os.WIFSIGNALED(status):
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.waitstatus_to_exitcode(status))
"""
"""The program that stands for `softmax`: it hands its call to the server, and ends as the fork does."""


def serve(address: str) -> None:
    """Run each call that comes to the address, until standard input ends: then the tests have ended too."""
    _import_everything()
    gc.freeze()
    ended, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # its byte in the pipe is what counts
    callers: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print(flush=True)  # ready
        while True:
            ready, _, _ = select.select([listener, ended, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            if ended in ready:
                os.read(ended, 1 << 10)
                for pid, status in _ended():
                    with callers.pop(pid) as caller, suppress(OSError):  # the caller was killed
                        caller.sendall(status.to_bytes(8, "big"))
            if listener in ready:
                caller, _ = listener.accept()
                files, call = _received(caller)
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    _run(files, *loads(call))
                for descriptor in files:
                    os.close(descriptor)
                callers[pid] = caller


def _ended() -> Iterator[tuple[int, int]]:
    """Yield the forks that have ended, with their status."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def _received(caller: socket.socket) -> tuple[list[int], bytes]:
    """Return a caller's standard files, and its arguments, folder and variables."""
    size, files, _, _ = socket.recv_fds(caller, 8, 3)
    call = b""
    while len(call) < int.from_bytes(size, "big"):
        call += caller.recv(1 << 20)
    return files, call


def _import_everything() -> None:
    record()
    for name in ("numpy", "sympy", "rich.console", "rich.table", "rich.markdown"):
        import_module(name)
    package = import_module("softmax_cli")
    for module in pkgutil.walk_packages(package.__path__, "softmax_cli."):
        with suppress(ImportError):  # of an extra
            import_module(module.name)


def _run(files: list[int], arguments: list[str], folder: str, variables: dict[str, str]) -> NoReturn:
    """Be the program: in the place of its caller."""
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = arguments
    vars(sys).update(standard_streams())
    from softmax_cli.__main__ import main

    main()


def standard_streams() -> dict[str, TextIOWrapper]:
    """Open the standard files of this process as Python does at its start, in the locale of the tests."""
    return {
        name: TextIOWrapper(
            open(number, "rb" if number == 0 else "wb", closefd=False),
            encoding="utf-8",
            errors="backslashreplace" if number == 2 else "surrogateescape",
            newline=None if number == 0 else "\n",
            line_buffering=number == 2 or os.isatty(number),
        )
        for number, name in enumerate(("stdin", "stdout", "stderr"))
    }


if __name__ == "__main__":
    serve(sys.argv[1])
