"""The floor under the branches of the package that the suite takes: the whole suite fails below it."""

import gc
import os
import shutil
import tempfile

import pytest

from tests.branches import FOLDER, branches, record

FLOOR = 92 if hasattr(os, "fork") else 0
"""Percent. Without forks, the commands that tests run are programs of their own, and are not counted."""

_RESULT = pytest.StashKey[tuple[float, list[str]]]()
_PART = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
"""The options that choose a part of the suite."""

record()  # in a worker: the conftest.py of a room imports the package before anything is configured


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that lists what is not taken, by the whole suite or by a part of it."""
    parser.addoption("--branches", action="store_true", help="list the branches that these tests do not take")


def _is_whole(config: pytest.Config) -> bool:
    all_paths = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return all_paths and not any(config.getoption(name, None) for name in _PART)


def pytest_configure(config: pytest.Config) -> None:
    """Start to count, in this process or in those of xdist, which it starts later."""
    if FOLDER not in os.environ and (_is_whole(config) or config.getoption("branches")):
        os.environ[FOLDER] = tempfile.mkdtemp()
        config.stash[_RESULT] = (0.0, [])
        if config.getoption("dist", "no") == "no":
            record()


def pytest_collection_finish() -> None:
    """Look for garbage only in what the tests themselves make: what was imported for them stays."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Add up, after the workers have ended; the whole suite fails where it is below the floor."""
    config = session.config
    if _RESULT not in config.stash:
        return
    counted = list(branches())
    missing = [name for name, taken in counted if not taken]
    percentage = 100 - 100 * len(missing) / len(counted)
    config.stash[_RESULT] = (percentage, missing)
    if session.exitstatus == 0 and _is_whole(config) and percentage < FLOOR:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the percentage, and what is missing where that is asked."""
    if _RESULT in config.stash:
        percentage, missing = config.stash[_RESULT]
        if config.getoption("branches"):
            terminalreporter.write("".join(f"{name}\n" for name in missing))
        terminalreporter.write_line(
            f"{percentage:.1f} % of the branches are taken; the whole suite fails below {FLOOR} %"
        )
