"""Tasks on a Dask cluster, one for each file, with the same results as on one machine.

Tasks know no engine: they are called without arguments, and can be pickled. Another engine would be another
module like this one. Only this module imports dask; it needs the extra ``cluster``.
"""

import atexit
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import SimpleNamespace
from typing import Any

from softmax_cli.commands.running.pipeline import progress_bar
from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError
from softmax_cli.io.streams.source import is_address

_DISTRIBUTION = "softmax-tutor"
_PATIENCE = 5.0
"""Seconds that a scheduler may take to answer."""
_TRIES = 3
"""How often a task is tried if reading or writing fails; a wrong input stays wrong."""


def run_on_cluster(
    address: str, tasks: Mapping[str, Callable[[], Any]], *, quiet: bool, run: str | None = None
) -> Iterator[Any]:
    """Run the tasks, and yield what each gives, in the order given.

    A task that fails ends the run: those behind it are cancelled, and what they had finished stays. Those
    before it are waited for, so that the error of the first in order is raised, as on one machine.

    Parameters
    ----------
    address
        A scheduler, ``tcp://HOST:PORT``, or a scheduler file.
    tasks
        By the name that errors give them.
    quiet
        Whether no progress is shown.
    run
        The name of the run, which its temporary files carry: a worker that is killed leaves them behind.

    Raises
    ------
    SoftmaxError
        As the task raised it, with the worker's name.
    InputError
        If the scheduler or a worker has another version of softmax, or none.
    ReadWriteError
        If no scheduler answers, or workers die again and again.
    """
    if not tasks:
        return
    client = _client(address)
    run = run or os.urandom(6).hex()
    keys = [f"softmax-{run}-{name}" for name in tasks]
    futures = client.map(_guarded, list(tasks.values()), key=keys, run=run, folder=os.getcwd())
    tally: Any = SimpleNamespace(size=len(tasks), taken=0)  # as a progress bar asks
    progress = progress_bar(quiet=quiet, unit="tasks")
    if progress is not None:
        progress.opened(tally)
    try:
        with progress or nullcontext():
            yield from _results(list(tasks), futures, tally)
    finally:
        with suppress(Exception):  # the scheduler may be what died
            client.cancel(futures)


def _results(names: Sequence[str], futures: Sequence[Any], tally: Any) -> Iterator[Any]:
    """Yield what the tasks give, in order, or raise what the first of them that fails does."""
    from distributed import as_completed

    places = {future.key: i for i, future in enumerate(futures)}
    found: dict[int, Any] = {}
    following, failed = 0, len(names)
    for future in as_completed(futures, loop=futures[0].client.loop):
        tally.taken += 1
        i = places[future.key]
        if i > failed:
            continue
        found[i] = _result(names[i], future)
        if isinstance(found[i], SoftmaxError):
            failed = i
            future.client.cancel(futures[i + 1 :])
        while following in found:
            one = found.pop(following)
            if isinstance(one, SoftmaxError):
                raise one
            yield one
            futures[following].release()
            following += 1


def _guarded(task: Callable[[], Any], run: str, folder: str) -> Any:
    """Run a task on a worker; our own errors come back as values, with the worker's name.

    Their paths are relative to the user's `folder` again.
    """
    from distributed import get_worker

    from softmax_cli.core.kernels import threads
    from softmax_cli.io.streams.output import OWNER

    OWNER.set(run)
    worker = get_worker()
    threads.SHARE = worker.state.nthreads  # the other cores are other workers'
    os.environ.setdefault("POLARS_MAX_THREADS", str(threads.SHARE))
    name = str(worker.name)
    for tries_left in reversed(range(_TRIES)):
        try:
            return task()
        except ReadWriteError as error:
            if not tries_left:
                return _named(error, name, folder)
        except SoftmaxError as error:
            return _named(error, name, folder)
    return None


def _named(error: SoftmaxError, worker: str, folder: str) -> SoftmaxError:
    error.what = f"{error.what} (on worker {worker})"
    error.where = error.where and error.where.removeprefix(folder + os.sep)
    return error


def absolute(name: str) -> str:
    """Return the name by which a worker finds a file; standard input is refused."""
    if name == "-":
        raise InputError("a worker cannot read this standard input", where="--cluster", hint="name files")
    return name if is_address(name) else os.path.abspath(name)


def _result(name: str, future: Any) -> Any:
    """Return what a task gives, or the error that it ended in."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        hint = "has it enough memory? A worker of N threads runs N tasks, of some 250 MB each"
        return ReadWriteError("each worker that it ran on died", where=name, hint=hint)
    except (OSError, CancelledError):
        return ReadWriteError("the scheduler went away", where=name, hint="start it, and run this again")


@cache
def _client(address: str) -> Any:
    """Connect to a scheduler, once in a run, and check that all have the same version of softmax."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "a cluster needs the extra 'cluster'",
            where="--cluster",
            hint="pip install 'softmax-tutor[cluster]'",
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    how: dict[str, Any] = {"timeout": _PATIENCE, "set_as_default": False}
    try:
        where = {"scheduler_file": address} if os.path.isfile(address) else {"address": address}
        client = Client(**where, **how)
    except (OSError, ValueError, TimeoutError, AssertionError) as error:  # the last: not a scheduler file
        raise ReadWriteError(
            f"no scheduler answers at {address}",
            where="--cluster",
            hint="give the address that `dask scheduler` prints, or the file that it writes",
        ) from error
    try:
        _refuse_other_versions(client, address)
    except BaseException:
        client.close()
        raise
    atexit.register(client.close)
    return client


def _refuse_other_versions(client: Any, address: str) -> None:
    """Compare the version of softmax here, on the scheduler, and on every worker."""
    scheduler = f"the scheduler at {address}"
    # Asked by a function of Python's own, which is there where softmax is not.
    found: dict[str, str | Exception] = {}
    try:
        found[scheduler] = client.run_on_scheduler(version, _DISTRIBUTION)
    except PackageNotFoundError as error:
        found[scheduler] = error
    workers = client.run(version, _DISTRIBUTION, on_error="return")
    about = client.scheduler_info()["workers"]
    for worker, there in workers.items():
        found[f"worker {about[worker]['name'] if worker in about else worker}"] = there
    here = version(_DISTRIBUTION)
    for place, there in found.items():
        if there != here:
            what = "no softmax" if isinstance(there, Exception) else f"softmax {there}, here is {here}"
            hint = f"pip install {_DISTRIBUTION}=={here} there"
            raise InputError(f"{place} has {what}", where="--cluster", hint=hint)
    if not workers:
        raise InputError(
            f"{scheduler} has no workers", where="--cluster", hint="dask worker ADDRESS starts one"
        )
