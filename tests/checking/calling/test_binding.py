"""How a function was called is told as its author would say it, and no more than is needed."""

import pytest

from softmax_cli.checking.calling.binding import Binding, Given

Z, P, LOG_P, G = Given(0, "x", "z"), Given(0, "s", "p"), Given(0, "lp", "log p"), Given(0, "dout", "g")
Y = Given(0, "t", "index", plain=False)


@pytest.mark.parametrize(
    ("binding", "said"),
    [
        (Binding("softmax", "jacobian", (Z,)), "called as f(x)"),
        (Binding("softmax", "jacobian", (P,)), "given p = softmax(z)"),
        (Binding("sigmoid", "jacobian", (P,)), "given s = sigmoid(z)"),
        (Binding("softmax", "jacobian", (LOG_P,)), "given log p = log_softmax(z)"),
        (Binding("softmax", "vjp", (P, G)), "given p = softmax(z), called as f(s, dout)"),
        (
            Binding("softmax", "jacobian", (P,), "column"),
            "given p = softmax(z), called as f(s), with column vectors (k, 1)",
        ),
        (
            Binding("softmax", "jacobian", (P,), container="list"),
            "given p = softmax(z), called as f(s), with lists",
        ),
        (Binding("softmax", "vjp", (Z,), answer="pullback"), "called as f(x), then what it returns, with g"),
        (Binding("softmax", "vjp", (Z,), answer="backward"), "called as f(x), then backward()"),
        (Binding("cross-entropy", "gradient", (Z,), fixed=2), "with its target fixed at class 3"),
        (Binding("cross-entropy", "gradient", (Z, Y)), "called as f(x, t), where t is the class's index"),
        (
            Binding("cross-entropy", "gradient", (Z, Y), "batch", loss="mean", of_p=True),
            "as the gradient of the mean loss over the batch with respect to p, called as f(x, t), "
            "where t is the class's index",
        ),
        (
            Binding("cross-entropy", "gradient", (P,), of_p=True),
            "as the gradient with respect to p, given p = softmax(z)",
        ),
        (Binding("cross-entropy", "loss", (Z,), "batch", loss="mean"), "as the mean loss over the batch"),
        (
            Binding("cross-entropy", "loss", (Z,), "columns", loss="each"),
            "as the losses of the rows, called as f(x), with samples in columns (k, n)",
        ),
        (
            Binding("softmax", "jvp", (Z, Given(0, "v", "g", plain=False))),
            "called as f(x, v), where v is the tangent",
        ),
        (
            Binding(
                "softmax",
                "jacobian",
                (
                    Z,
                    Given(0, "axis", "constant", by_name=True, constant=-1),
                    Given(0, "tau", "T", by_name=True),
                ),
            ),
            "called as f(x, axis=-1, tau=T)",
        ),
    ],
)
def test_a_call_is_told_in_words(binding: Binding, said: str) -> None:
    """What it was given and read as; the call itself where it has more than one argument or is odd."""
    assert binding.words("f") == said


def test_stages_are_told_in_their_order() -> None:
    """Forward, then backward; forward is left out where backward takes all that it needs."""
    forward, back = Given(0, "z", "z"), Given(1, "g", "g")
    assert Binding("softmax", "vjp", (forward, back)).words("backward", ("forward",)) == (
        "called as forward(z), then backward(g)"
    )
    whole = Binding("softmax", "vjp", (forward, Given(1, "p", "p"), back))
    assert whole.words("backward", ("forward",)) == "given p = softmax(z), called as backward(p, g)"


def test_what_a_binding_is() -> None:
    """Batches, flags, and who gets what."""
    one = Binding("softmax", "vjp", (Z, Given(0, "grad", "constant", constant=True)), "columns")
    assert one.batch
    assert one.mode
    assert one.takes("z")
    assert not one.takes("g")
    assert one.named("z") == "x"
    assert one.named("g") is None
    assert not Binding("softmax", "vjp", (Z, Given(0, "k", "constant", constant=1)), "column").batch
    assert not Binding("softmax", "vjp", (Z, Given(0, "k", "constant", constant=1))).mode
