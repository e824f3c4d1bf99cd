"""Help in every spelling, and the suggestions for an unknown command or option."""

from __future__ import annotations

import pytest
import typer

from softmax_cli.commands.app import run
from softmax_cli.commands.command_line import completion
from softmax_cli.commands.parsing import application
from softmax_cli.commands.table import COMMANDS
from softmax_cli.errors import InputError


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("jac 1 2", "did you mean 'jacobian'?"),
        ("gradient 1 2", "did you mean 'jacobian'?"),
        ("pobs 1 2", "did you mean 'probs'?"),
        ("xyzzy", "softmax --help"),
        ("probs 1 2 --temp 2", "did you mean '--temperature'?"),
        ("probs 1 2 --json", "did you mean '--format json'?"),
        ("probs 1 2 --precison 3", "did you mean '--precision'?"),
        ("probs 1 2 --tar 1", "softmax probs --help"),
        ("jacobian 1 2 --target-col y", "did you mean '--target-column'?"),
    ],
)
def test_what_was_meant(words: str, hint: str) -> None:
    """A prefix, a near name or another tool's word leads to the one that is there."""
    with pytest.raises(InputError) as caught:
        run(words.split())
    assert caught.value.hint == hint


@pytest.mark.parametrize("words", ["probs --help", "probs -h", "help probs"])
def test_help(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """-h and help COMMAND show what --help shows."""
    run(words.split())
    assert capsys.readouterr().out.startswith("Usage: softmax probs [OPTIONS]")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_its_shell(
    shell: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """Completion is installed for the shell that is named, and a message says so."""
    monkeypatch.setenv("HOME", str(tmp_path))
    run([completion.OPTIONS[0], shell])
    assert capsys.readouterr().out.startswith(f"{shell} completion installed in ")
    run([completion.OPTIONS[1], shell])
    assert "softmax" in capsys.readouterr().out


def test_an_unknown_shell_is_refused() -> None:
    """An unknown shell is an error that lists the known ones."""
    with pytest.raises(InputError, match="tcsh"):
        run([completion.OPTIONS[0], "tcsh"])


def test_listed_values_are_completed() -> None:
    """Every option whose help lists its values completes them."""
    group = typer.main.get_command(application(COMMANDS))
    listed = [
        (name, parameter)
        for name, command in group.commands.items()  # type: ignore[attr-defined]
        for parameter in command.params
        if "one of " in (getattr(parameter, "help", None) or "").lower().replace("one of --list", "")
    ]
    assert len(listed) > 20
    missing = [(name, parameter.opts) for name, parameter in listed if not completes(parameter)]
    assert missing == []


def completes(parameter: object) -> bool:
    """Tell whether a parameter has a completion of its own."""
    return getattr(parameter, "_custom_shell_complete", None) is not None
