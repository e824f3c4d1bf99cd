"""A subject: the stages of an object, what is handed from one to the next, what the object keeps."""

import pytest

from softmax_cli.checking.calling.code.subject import FROM_FORWARD, CallStage, Owner, Parameter, Subject
from softmax_cli.errors import InputError


class Layer:
    """Keeps p, and its gradient, as a layer does."""

    def __init__(self) -> None:
        self.kept = [1.0]
        self.name = "layer"

    def forward(self, z: list[float]) -> tuple[float, str]:
        """Keep a p, and return a cache."""
        self.p = [0.5]
        return 0.5, f"cache of {z}"

    def backward(self, g: float, cache: str) -> tuple[float, str]:
        """Return what came."""
        self.grad_z = [0.25]
        return g, cache


SUBJECT = Subject(
    "Layer.backward",
    "",
    tuple(CallStage.of(getattr(Layer, name), name, method=True) for name in ("forward", "backward")),
    lambda k, t: Layer(),
)


def test_what_forward_returned_last_is_handed_on() -> None:
    """In place of the parameter that stands for it."""
    result, owner = SUBJECT.run([[([[1.0]], {}), ([2.0, FROM_FORWARD], {})]], 1)
    assert result == (2.0, "cache of [1.0]")
    assert set(owner.before) == {"kept", "p"}


def test_what_an_object_keeps_is_likeliest_what_has_changed() -> None:
    """A gradient for a derivative, an output else; what was there before, or given, only for want of new."""
    layer = Layer()
    before = {"kept": layer.kept}
    layer.forward([0.0])
    layer.backward(1.0, "")
    owner = Owner(layer, before)
    assert owner.changed([], derivative=True) == [[0.25], [0.5]]
    assert owner.changed([], derivative=False) == [[0.5], [0.25]]
    assert owner.changed([layer.p], derivative=False) == [[0.25]]
    assert Owner(layer, dict(vars(layer))).changed([], derivative=True) == [[0.25], [1.0], [0.5]]


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (lambda z, *rest, axis=0, **more: z, [("z", False), ("axis", True)]),
        (lambda z, axis=0: z, [("z", False), ("axis", False)]),
        (lambda *args: args, [("z", False)]),
        (lambda: 0, []),
        (lambda ctx, z: z, [("z", False)]),
    ],
)
def test_the_parameters_are_those_that_can_be_given(function: object, names: list[tuple[str, bool]]) -> None:
    """Any number of arguments alone is the logits; a context comes from us."""
    stage = CallStage.of(function, "f")  # type: ignore[arg-type]
    assert [(one.name, one.by_name) for one in stage.parameters] == names


def test_a_default_is_not_required() -> None:
    """None is one too."""
    assert Parameter("z").required
    assert not Parameter("z", None).required


def test_an_error_of_theirs_is_one_of_ours() -> None:
    """With the name of what raised it."""
    with pytest.raises(InputError, match=r"Layer\.backward raised TypeError"):
        SUBJECT.run([[([], {}), ([], {})]], 1)
