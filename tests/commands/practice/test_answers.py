"""Reading an answer at a terminal, on systems that edit lines themselves."""

import signal

import pytest

from softmax_cli.commands.practice.answers import at_terminal


def test_a_system_that_edits_lines_but_resumes_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Ctrl-Z, as on Windows, an installed readline does not stand in the way."""
    monkeypatch.delattr(signal, "SIGCONT", raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: f"{prompt}p_i")
    assert at_terminal("1> ") == "1> p_i"
