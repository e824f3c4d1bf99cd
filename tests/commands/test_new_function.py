"""A function is a file in core, one in the tutor and a line in each table; commands take it by name."""

import json

import pytest

from softmax_cli.commands.app import run
from softmax_cli.core.differentiate import jacobian
from softmax_cli.errors import InputError
from tests.functions import added

LOGITS = ["1.0", "0.8", "0.9"]
FUNCTIONS = {"sparsemax": [], "label-smoothed": ["--target", "2"]}


def printed(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command line and return what it prints."""
    assert run(arguments) == 0
    return capfd.readouterr().out


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("form", ["csv", "json", "markdown", "latex"])
def test_jacobian_takes_it(
    function: str, form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`jacobian` writes it in every format."""
    added(monkeypatch)
    options = ["--function", function, *FUNCTIONS[function]]
    text = printed(capfd, "jacobian", *LOGITS, *options, "-f", form)
    z = [float(x) for x in LOGITS]
    found = jacobian(z, function=function, target=1 if FUNCTIONS[function] else None)
    if form == "json":
        row = json.loads(text)["rows"][0]
        assert row["gradient" if FUNCTIONS[function] else "jacobian"] == found.tolist()
    else:
        assert f"{found.ravel()[0]:.12}"[:5] in text


@pytest.mark.parametrize("function", FUNCTIONS)
def test_check_finds_it_right_and_names_a_command_that_works(
    function: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`check` holds it against its values, and what it recommends can be run."""
    added(monkeypatch)
    options = ["--function", function, *FUNCTIONS[function]]
    text = printed(capfd, "check", *LOGITS, *options)
    assert "is right" in text
    command = next(line for line in text.splitlines() if line.startswith("  softmax derive"))
    assert "Derivative" not in printed(capfd, *command.split()[1:])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "json"])
def test_derive_takes_it(
    function: str, form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`derive` proves it and writes it in every format, with the value that core gives."""
    added(monkeypatch)
    options = ["--function", function, *FUNCTIONS[function], "--wrt", "1"]
    if function == "sparsemax":
        options += ["--of", "1"]
    text = printed(capfd, "derive", *LOGITS, *options, "-f", form)
    z = [float(x) for x in LOGITS]
    found = jacobian(z, function=function, target=1 if FUNCTIONS[function] else None)
    value = float(found.ravel()[0])
    if form == "json":
        assert json.loads(text)["value"] == pytest.approx(value, rel=1e-15)
    else:
        assert f"{value:.4}"[:6] in text


@pytest.mark.parametrize("function", FUNCTIONS)
def test_without_a_narrative_derive_says_so(
    function: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line names what can be derived, and `check` recommends no command that would fail."""
    added(monkeypatch, told=False)
    with pytest.raises(InputError, match=f"--function: the tutor cannot derive {function} yet"):
        run(["derive", "--function", function])
    assert "softmax derive" not in printed(
        capfd, "check", *LOGITS, "--function", function, *FUNCTIONS[function]
    )
