"""What is right only against a name is told by the name, with what to write to mean it all the same."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.binding import Binding, Given
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.refusals import contradiction


@pytest.mark.parametrize(
    ("name", "given", "roles", "cause", "title", "forced"),
    [
        (
            "z",
            "p",
            ("p",),
            "logits-for-probabilities",
            "the logits z are taken for probabilities: it is right only given p = softmax(z)",
            "--call 'f(p)'",
        ),
        (
            "logits",
            "p",
            ("p",),
            "logits-for-probabilities",
            "the logits are taken for probabilities: it is right only given p = softmax(logits)",
            "--call 'f(p)'",
        ),
        (
            "probs",
            "z",
            ("z", "g"),
            "probabilities-for-logits",
            "the probabilities probs are taken for logits: it is right only given the logits",
            "the logits in place of probs; or, if it is meant to take them, --call 'f(z, g)'",
        ),
        (
            "y",
            "index",
            ("z", "one-hot"),
            "one-hot-as-index",
            "the one-hot target y is used as an index",
            "--call 'f(z, onehot)'",
        ),
        (
            "softmax",
            "log-softmax",
            ("z",),
            "log-softmax-for-softmax",
            "it is right as the derivative of log-softmax, not of softmax",
            "--function log-softmax, if that is meant",
        ),
        (
            "lp",
            "log p",
            ("log p",),
            "contradicts-its-name",
            "it is right only if lp stands for log softmax(z)",
            "--call 'f(logp)'",
        ),
    ],
)
def test_a_contradiction_is_told_in_the_names_of_the_code(
    name: str, given: str, roles: tuple[str, ...], cause: str, title: str, forced: str, tmp_path: Path
) -> None:
    """The cause, the parameter by its name, and the call that would mean it."""
    path = tmp_path / "theirs.py"
    path.write_text("def f(*given): return given\n")
    (subject,) = load(str(path), "f")
    given_as = tuple(Given(0, role, role) for role in roles)
    binding = Binding("softmax", "jacobian", given_as)._replace(against=(name, given))
    found = contradiction(binding, Invocation(subject, binding))
    assert (found.id, found.title) == (cause, title)
    assert forced in found.fix
