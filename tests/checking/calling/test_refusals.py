"""What is right only against a name is told by the name, with what to write to mean it all the same."""

from pathlib import Path

import pytest

from softmax_cli.checking.calling.binding import Binding, Given
from softmax_cli.checking.calling.call import Invocation
from softmax_cli.checking.calling.code.loading import load
from softmax_cli.checking.calling.finding import find
from softmax_cli.checking.calling.hints.readings import Wanted
from softmax_cli.checking.calling.refusals import contradiction
from softmax_cli.checking.check import Conditions
from softmax_cli.errors import InputError


@pytest.mark.parametrize(
    ("name", "given", "roles", "cause", "title", "fix"),
    [
        (
            "z",
            "p",
            ("p",),
            "logits-for-probabilities",
            "the logits z are taken for probabilities: it is right only given p = softmax(z)",
            "p = softmax(z) first; or, if it is meant to take p, --call 'f(p)'",
        ),
        (
            "logits",
            "p",
            ("p",),
            "logits-for-probabilities",
            "the logits are taken for probabilities: it is right only given p = softmax(logits)",
            "p = softmax(logits) first; or, if it is meant to take p, --call 'f(p)'",
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
            ("z", "index"),
            "one-hot-as-index",
            "the one-hot target y is used as an index",
            "p - y; or, if it is meant to take the class's index, --call 'f(z, y)'",
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
            "name it for what it is; or, if that is meant, --call 'f(logp)'",
        ),
    ],
)
def test_a_contradiction_is_told_in_the_names_of_the_code(
    name: str, given: str, roles: tuple[str, ...], cause: str, title: str, fix: str, tmp_path: Path
) -> None:
    """The cause, the parameter by its name, and the call that would mean it."""
    path = tmp_path / "theirs.py"
    path.write_text("def f(*given): return given\n")
    (subject,) = load(str(path), "f")
    given_as = tuple(Given(0, role, role) for role in roles)
    binding = Binding("softmax", "jacobian", given_as)._replace(against=(name, given))
    found = contradiction(Invocation(subject, binding))
    assert (found.id, found.title) == (cause, title)
    assert found.fix == fix


@pytest.mark.parametrize(
    ("source", "said", "hint"),
    [
        ("def f(): return 1.0", "f takes nothing: it cannot", "def f(z), which returns the derivative at z"),
        ("def f(z): return []", "f returned nothing: shape (0,)", None),
        (
            "import math\ndef f(x): return math.log(sum(map(math.exp, x)))",
            "f returns one number, as a loss does, not a derivative",
            "return the gradient too, or check what computes it",
        ),
        (
            "def f(z): return [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]",
            "I cannot tell how f wants to be called: tried f(z), f(z) with (n, k), f(z) with (k, 1), "
            "f(z) with (k, n), f(p), f(p) with (n, k)",
            "--call 'f(z)' says what each argument is",
        ),
        (
            "def f(X): return [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]",
            "tried f(z) with (n, k), f(z), ",
            "--call 'f(z)' says what each argument is",
        ),
        (
            "def f(z, dout): return [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]]",
            "tried f(z, g), ",
            "--call 'f(z, g)' says what each argument is",
        ),
    ],
)
def test_what_cannot_be_called_is_told_why(source: str, said: str, hint: str | None, tmp_path: Path) -> None:
    """Each way once, six at most, and what to write."""
    path = tmp_path / "theirs.py"
    path.write_text(source)
    (subject,) = load(str(path), "f")
    with pytest.raises(InputError) as caught:
        find(subject, Wanted("softmax", None), Conditions())
    assert said in str(caught.value)
    assert caught.value.hint == hint


def test_weights_that_are_drawn_anew_are_no_fault_of_softmax(tmp_path: Path) -> None:
    """A new object answers otherwise each time, one object does not: it is refused, not called wrong."""
    path = tmp_path / "theirs.py"
    path.write_text(
        "import numpy as np\n"
        "class Softmax:\n"
        "    def __init__(self): self.net = {'W': np.random.randn(5, 5)}\n"
        "    def forward(self, x): return np.exp(x @ self.net['W']) / np.exp(x @ self.net['W']).sum()\n"
    )
    (subject,) = load(str(path), "Softmax.forward")
    with pytest.raises(InputError, match="random weights"):
        find(subject, Wanted(), Conditions())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "def softmax_entropy(z): return -(softmax(z) * np.log(softmax(z))).sum(-1)",
            "by its name need not be",
        ),
        (
            "def numerical_jacobian(z, h=1e-5): return np.array([(softmax(z + d) - softmax(z - d)) / (2 * h) "
            "for d in h * np.eye(len(z))]).T",
            "is a numerical derivative, as its name says",
        ),
        ("def log_sigmoid(z): return np.log(softmax(z))[..., 0] * z", "by its name need not be"),
        ("def relu_prime(z): return (z > 0).astype(float)", "by its name need not be"),
        ("def policy_gradient(z, action): return action - softmax(z)[0]", "by its name need not be"),
        ("def causal(scores): return np.tril(softmax(scores))", "by its name need not be"),
        (
            "def log_prob(z, action): return np.log(softmax(z))[action]",
            "the cross-entropy, -log p, has the other",
        ),
    ],
)
def test_what_is_made_of_softmax_and_is_another_function_is_not_called_wrong(
    source: str, said: str, tmp_path: Path
) -> None:
    """Its name says so; with --function it is held against what that says."""
    path = tmp_path / "theirs.py"
    path.write_text(
        f"import numpy as np\ndef softmax(z): return np.exp(z) / np.exp(z).sum(-1, keepdims=True)\n{source}\n"
    )
    (subject,) = load(str(path), source[4 : source.index("(")])
    with pytest.raises(InputError, match=said) as caught:
        find(subject, Wanted(), Conditions())
    assert "--function" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("def squared(z): return np.diag(softmax(z)) + np.outer(softmax(z), softmax(z))", "plus-sign"),
        ("def xentropy_grad(z, y): return np.eye(z.size)[y] - softmax(z)", "sign-flipped"),
    ],
)
def test_a_word_in_a_name_hides_no_mistake(source: str, cause: str, tmp_path: Path) -> None:
    """A matrix with a known mistake, and a cross-entropy by its short name, are called wrong."""
    path = tmp_path / "theirs.py"
    path.write_text(f"import numpy as np\ndef softmax(z): return np.exp(z) / np.exp(z).sum()\n{source}\n")
    (subject,) = load(str(path), source[4 : source.index("(")])
    found = find(subject, Wanted(), Conditions())
    assert [one.id for one in found.verdict.diagnosis.causes] == [cause]
