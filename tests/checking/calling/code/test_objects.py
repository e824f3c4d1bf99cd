"""Which methods of a class are checked, and which forward they stand on."""

from typing import Any

from softmax_cli.checking.calling.code.objects import methods_of, subject_of_method


class _Activation:
    """A base whose methods have to be written, which it says in its own words."""

    def forward(self, z: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has to say what its forward is")

    def backward(self, g: Any) -> Any:
        raise NotImplementedError


class _Softmax(_Activation):
    """What is written goes by other names than the base's."""

    def forward_pass(self, z: Any) -> Any:
        return z

    def backward_pass(self, g: Any) -> Any:
        return g


class _Guarded:
    """A forward that refuses some logits, and has to be written for none."""

    def forward(self, z: Any) -> Any:
        if z is None:
            raise NotImplementedError
        return z

    def backward(self, g: Any) -> Any:
        return g


def test_what_only_raises_is_no_method() -> None:
    """Whatever the error says: the methods that are written are checked, after the forward that is."""
    assert methods_of(_Softmax) == ["forward_pass", "backward_pass"]
    assert subject_of_method(_Softmax, "backward_pass", "", "").before == ("forward_pass",)


def test_what_raises_for_some_input_is_a_method() -> None:
    """However short it is."""
    assert methods_of(_Guarded) == ["forward", "backward"]
    assert subject_of_method(_Guarded, "backward", "", "").before == ("forward",)


def test_the_call_of_a_framework_is_no_method() -> None:
    """A module of torch is called through its own ``__call__``, which runs forward."""
    base = type("Module", (), {"__module__": "torch.nn.modules.module", "__call__": lambda self, z: z})
    own = type("Own", (base,), {"__call__": lambda self, z: z, "forward": lambda self, z: z})
    assert methods_of(own) == ["forward"]
    assert methods_of(type("Plain", (), {"__call__": lambda self, z: z})) == ["__call__"]
