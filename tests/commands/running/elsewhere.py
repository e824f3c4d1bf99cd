"""A stand-in for a cluster: tasks run here, on copies, as they would on workers."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from typing import Any

import pytest

from softmax_cli.commands.running import files, parts, split
from softmax_cli.errors import SoftmaxError
from softmax_cli.io.streams.output import OWNER


def run_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use `elsewhere` in place of a cluster."""
    for module in (files, parts, split):
        monkeypatch.setattr(module, "run_on_cluster", elsewhere)


def elsewhere(
    address: str, tasks: Mapping[str, Callable[[], Any]], *, quiet: bool, run: str = "run"
) -> Iterator[Any]:
    """Run tasks as a cluster does: in another folder, on copies, returning copies."""
    owner, folder = OWNER.set(run), os.getcwd()
    try:
        with chdir(os.sep):
            return iter([copied(copied(task)()) for task in tasks.values()])
    except SoftmaxError as error:
        error.where = error.where and error.where.removeprefix(folder + os.sep)
        raise
    finally:
        OWNER.reset(owner)


def copied(thing: Any) -> Any:
    """Return a copy, as sent through a network."""
    import cloudpickle  # type: ignore[import-untyped]

    return pickle.loads(cloudpickle.dumps(thing))
