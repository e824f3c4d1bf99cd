"""Tasks on a cluster: Dask runs one a file, and what it does with them is the same as on one machine.

A task knows no engine: it is called without arguments, and pickles. Another engine would be another module
like this one. Only this module imports dask; it needs the extra ``cluster``.
"""

import atexit
import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from typing import Any

from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError
from softmax_cli.io.streams.source import is_address

_DISTRIBUTION = "softmax-tutor"
_PATIENCE = 5.0
"""Seconds that a scheduler may take to answer."""
_TRIES = 3
"""How often a task is run where reading or writing fails; what is wrong with the input stays wrong."""


def run_on_cluster(
    address: str, tasks: Mapping[str, Callable[[], Any]], *, run: str | None = None
) -> dict[str, Any]:
    """Run the tasks, and return what each gives, by its name and in the order given.

    The first task that fails ends the run: the others are cancelled, and what they had finished stays.

    Parameters
    ----------
    address
        A scheduler, ``tcp://HOST:PORT``, or a scheduler file.
    tasks
        By the name that errors give them.
    run
        The run's name, which its temporary files have: a worker that was killed has removed none.

    Raises
    ------
    SoftmaxError
        As the task raised it, with the worker's name.
    InputError
        Where the scheduler or a worker has another softmax, or none.
    ReadWriteError
        Where no scheduler answers, or a worker died again and again.
    """
    client = _client(address)
    run = run or os.urandom(6).hex()
    keys = [f"softmax-{run}-{name}" for name in tasks]
    futures = client.map(_guarded, list(tasks.values()), key=keys, run=run, folder=os.getcwd())
    try:
        return {name: _result(name, future) for name, future in zip(tasks, futures, strict=True)}
    finally:
        with suppress(Exception):  # the scheduler may be what died
            client.cancel(futures)


def _guarded(task: Callable[[], Any], run: str, folder: str) -> Any:
    """Run a task on a worker; a failure that is ours comes back as a value, with the worker's name.

    Its places are named as the user did, who is in `folder`: there paths are absolute, here they need not be.
    """
    from distributed import get_worker

    from softmax_cli.io.streams.output import OWNER

    OWNER.set(run)

    name = str(get_worker().name)
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
    """Return the name of a file by which a worker finds it.

    Raises
    ------
    InputError
        For standard input.
    """
    if name == "-":
        raise InputError("a worker cannot read this standard input", where="--cluster", hint="name files")
    return name if is_address(name) else os.path.abspath(name)


def _result(name: str, future: Any) -> Any:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        found = future.result()
    except KilledWorker:
        hint = "has it enough memory? A worker of N threads runs N tasks, of some 250 MB each"
        raise ReadWriteError("each worker that it ran on died", where=name, hint=hint) from None
    except (OSError, CancelledError) as error:
        raise ReadWriteError("the scheduler went away", where=name) from error
    if isinstance(found, SoftmaxError):
        raise found
    return found


@cache
def _client(address: str) -> Any:
    """Connect to a scheduler, once in a run, and see that all have the same softmax."""
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
    except (OSError, ValueError, TimeoutError) as error:
        raise ReadWriteError(f"no scheduler answers at {address}", where="--cluster") from error
    atexit.register(client.close)
    _refuse_other_versions(client, address)
    return client


def _refuse_other_versions(client: Any, address: str) -> None:
    """Compare the version of softmax here, on the scheduler, and on every worker."""
    here = version(_DISTRIBUTION)
    hint = f"pip install {_DISTRIBUTION}=={here} there"
    found = {f"the scheduler at {address}": _version_there(client.run_on_scheduler)}
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise InputError(f"the scheduler at {address} has no workers", where="--cluster")
    for worker, about in workers.items():
        found[f"worker {about['name']}"] = _version_there(client.run, workers=[worker])
    for place, there in found.items():
        if there is None:
            raise InputError(f"{place} has no softmax", where="--cluster", hint=hint)
        if there != here:
            raise InputError(f"{place} has softmax {there}, here is {here}", where="--cluster", hint=hint)


def _version_there(call: Callable[..., Any], **how: Any) -> str | None:
    """Return the version of softmax in another process, asked by a function of Python's own."""
    from importlib.metadata import PackageNotFoundError

    try:
        found = call(version, _DISTRIBUTION, **how)
    except PackageNotFoundError:
        return None
    return str(next(iter(found.values())) if isinstance(found, dict) else found)
