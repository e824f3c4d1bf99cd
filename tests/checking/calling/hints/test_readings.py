"""What an answer may be, by the names: the values, a derivative, a product; what would contradict them."""

from softmax_cli.checking.calling.binding import Given
from softmax_cli.checking.calling.hints.evidence import SourceEvidence
from softmax_cli.checking.calling.hints.readings import Wanted, readings

LOG = ("log-softmax", "softmax")
VALUES = ("derivative", "the function's own values")


def read(
    name: str, *roles: str, wanted: Wanted | None = None, mode: bool | None = None
) -> list[tuple[str, str, float, object]]:
    """Return function, kind, cost and contradiction of what a function of this name may answer."""
    given = [Given(0, role, role) for role in roles]
    evidence = SourceEvidence(name, "", "", matrices=False)
    found = readings(given, set(roles), evidence, wanted or Wanted(), mode)
    return [(one.function, one.kind, one.cost, one.against) for one in found]


def test_a_derivative_may_not_be_the_values() -> None:
    """Nor of another function than its name says: each contradiction is told, the function's first."""
    assert read("log_softmax_grad", "z") == [
        ("log-softmax", "log-probabilities", 10.0, VALUES),
        ("log-softmax", "jacobian", 0.0, None),
        ("softmax", "probabilities", 20.0, LOG),
        ("softmax", "jacobian", 10.0, LOG),
    ]


def test_a_forward_is_the_values_first() -> None:
    """A flag says which; of p alone there are no values to compute."""
    assert read("forward", "z")[:2] == [
        ("softmax", "probabilities", 0.0, None),
        ("softmax", "jacobian", 1.0, None),
    ]
    assert read("f", "z")[:2] == [
        ("softmax", "probabilities", 0.3, None),
        ("softmax", "jacobian", 0.0, None),
    ]
    assert read("forward", "z", mode=True)[1] == ("softmax", "jacobian", 0.0, None)
    assert read("forward", "z", mode=False) == [
        ("softmax", "probabilities", 10.0, VALUES),
        ("log-softmax", "log-probabilities", 20.0, ("softmax", "log-softmax")),
    ]
    assert {kind for _, kind, _, _ in read("forward", "p")} == {"jacobian"}


def test_what_the_user_says_costs_nothing() -> None:
    """Of a derivative by its name the values are read where they are asked for."""
    (values, *_) = read("softmax_grad", "z", wanted=Wanted(kind="probabilities"))
    assert values == ("softmax", "probabilities", 0.0, None)
    assert read("f", "z", wanted=Wanted("sigmoid", "jacobian")) == [("sigmoid", "jacobian", 0.0, None)] * 2
    assert read("f", "z", wanted=Wanted("cross-entropy")) == []


def test_products_are_read_by_their_vector() -> None:
    """A cotangent, unless a name says that it is a tangent; of log-softmax, which is not symmetric, both."""
    assert read("f", "z", "g")[0][:2] == ("softmax", "vjp")
    assert read("softmax_jvp", "z", "g")[0][:2] == ("softmax", "jvp")
    assert [one[:3] for one in read("log_softmax_vjp", "z", "g")[:2]] == [
        ("log-softmax", "vjp", 0.0),
        ("log-softmax", "jvp", 1.0),
    ]
    assert read("f", "z", "g", "index") == []
    assert read("f", "g") == []


def test_a_target_makes_it_a_loss_or_its_gradient() -> None:
    """Of z, or of p; the loss itself contradicts the name of a derivative."""
    assert [one[1:3] for one in read("f", "z", "index")] == [
        *[("gradient", 0.0), ("gradient", 0.1), ("loss", 0.6), ("loss", 0.7), ("loss", 0.8)]
    ]
    assert [cost for _, kind, cost, _ in read("cross_entropy", "p", "index") if kind == "gradient"] == [
        *(0.0, 0.1, 0.2, 0.2 + 0.1)
    ]
    losses = [one for one in read("cross_entropy_grad", "z", "index") if one[1] == "loss"]
    assert [one[3] for one in losses] == [("derivative", "the loss itself")] * 3


def test_indices_make_it_a_row_or_an_entry() -> None:
    """A column alone, j, is nothing that is known."""
    assert read("f", "p", "i")[0][:2] == read("f", "p", "i", "j")[0][:2] == ("softmax", "jacobian")
    assert read("f", "p", "j") == []
