"""A command that is called directly does the same as through Typer."""

import secrets
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from softmax_cli.commands import app
from softmax_cli.commands.command_line.words import is_option
from softmax_cli.commands.table import COMMANDS, COMPLETION
from softmax_cli.errors import SoftmaxError

NUMBERS = ["1", "2.5", "-0.4", "-.5", "+3", "-1e-3", "1e3", "-inf", "inf", "-Infinity", "nan", "1e400", "1_0"]
OTHERS = ["setosa=1.4", "a=-2", "a=", "=1", "1,2", "1, 2", "1 2 3", "[1, -2]", "", " ", "−2", "∞", "abc"]
FILES = ["in.csv", "-", "*.csv", "none.csv", "folder"]
WORDS = st.lists(st.sampled_from(NUMBERS) | st.sampled_from([*NUMBERS, *OTHERS, *FILES]), max_size=4)
PLAIN = ["probs", "jacobian", "sample", "loss", "reliability", "calibrate", "sampled"]
"""The commands that take logits, except those that take long."""


@pytest.mark.parametrize("command", PLAIN)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=WORDS)
def test_with_typer_or_without(
    command: str,
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Numbers, names, files and mistakes give the same output, errors and exit code both ways."""
    (tmp_path / "folder").mkdir(exist_ok=True)
    (tmp_path / "in.csv").write_text("a,b\n1,-2\n0.5,3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(secrets, "randbits", lambda bits: bits)
    assert app.without_options([command, *words]) is not None
    called = ended(command, words, capfd)
    with monkeypatch.context() as patch:
        patch.setattr(app, "without_options", lambda arguments: None)
        assert ended(command, words, capfd) == called


def ended(command: str, words: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[str, str, object]:
    """Return what a run prints, and how it ends, with a table on standard input."""
    with open("in.csv", encoding="utf-8") as table, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", table)
        try:
            end: object = app.run([command, *words])
        except SoftmaxError as error:
            end = (str(error), error.hint, error.exit_code)
    return (*capfd.readouterr(), end)


@pytest.mark.parametrize("words", [["-f", "json"], ["1", "--log"], ["-T2", "1"], ["--", "1"], ["-i"]])
def test_options_are_parsed(words: list[str]) -> None:
    """A word that may be an option, in any place, needs the parser."""
    assert app.without_options(["probs", *words]) is None


def test_what_takes_no_logits_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other commands need the parser, and so do all when a shell asks for completions."""
    assert {name for name in COMMANDS if app.without_options([name]) is None} == {"train", "practice"}
    assert app.without_options([]) is app.without_options(["help", "probs"]) is None
    monkeypatch.setenv(COMPLETION, "bash_complete")
    assert app.without_options(["probs", "1"]) is None


@settings(deadline=None)
@given(st.text(alphabet="-.1infaINFNty,=e", min_size=1, max_size=6))
def test_words_that_begin_as_numbers_are_no_options(word: str) -> None:
    """A number is never taken for an option, whatever sign it begins with."""
    try:
        float(word)
    except ValueError:
        assert not is_option(word) or word.startswith("-")
    else:
        assert not is_option(word)
