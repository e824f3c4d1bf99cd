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
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print(flush=True)  # ready
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    _answer(connection)


def _import_everything() -> None:
    record()
    for name in ("numpy", "sympy", "rich.console", "rich.table", "rich.markdown"):
        import_module(name)
    package = import_module("softmax_cli")
    for module in pkgutil.walk_packages(package.__path__, "softmax_cli."):
        with suppress(ImportError):  # of an extra
            import_module(module.name)


def _answer(connection: socket.socket) -> NoReturn:
    """Run one call in a fork and send the caller its status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, files, _, _ = socket.recv_fds(connection, 8, 3)
    call = b""
    while len(call) < int.from_bytes(size, "big"):
        call += connection.recv(1 << 20)
    pid = os.fork()
    if pid == 0:
        connection.close()
        _run(files, *loads(call))
    for descriptor in files:
        os.close(descriptor)
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):  # the caller was killed
        connection.sendall(status.to_bytes(8, "big"))
    os._exit(0)


def _run(files: list[int], arguments: list[str], folder: str, variables: dict[str, str]) -> NoReturn:
    """Be the program: in the place of its caller."""
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = arguments
    sys.stdin, sys.stdout, sys.stderr = (
        TextIOWrapper(
            open(number, "rb" if number == 0 else "wb", closefd=False),  # noqa: SIM115
            encoding=old.encoding,
            errors=old.errors,
            newline=None if number == 0 else "\n",
            line_buffering=number == 2 or os.isatty(number),
        )
        for number, old in enumerate((sys.stdin, sys.stdout, sys.stderr))
    )
    from softmax_cli.__main__ import main

    main()


if __name__ == "__main__":
    serve(sys.argv[1])
