"""A binding: what each parameter is given, in which layout, and what the answer is; and its words."""

from typing import Any, Literal, NamedTuple, TypeAlias

from softmax_cli.checking.inputs import Kind, Sought

Layout: TypeAlias = Literal["vector", "column", "batch", "columns"]
"""One row (k,), one column (k, 1), rows (n, k), or columns (k, n)."""
Container: TypeAlias = Literal["array", "list", "tensor", "values"]
Answer: TypeAlias = Literal["whole", "row", "entry", "diagonal", "pullback", "backward"]
Loss: TypeAlias = Literal["sum", "mean", "each"]

_LETTERS = {
    **{role: role for role in ("z", "p", "log p", "g", "i", "j", "T")},
    "index": "y",
    "one-hot": "one-hot y",
}
_SAID = {
    "z": "the logits",
    "g": "the upstream gradient",
    "index": "the class's index",
    "one-hot": "the one-hot target",
    "i": "the class i",
    "j": "the class j",
    "T": "the temperature",
    "identity": "the identity matrix",
}
_LOSSES = {
    "sum": "as the sum of the losses of the batch",
    "mean": "as the mean loss over the batch",
    "each": "as the losses of the rows",
}
_LAYOUTS = {"column": "column vectors (k, 1)", "columns": "samples in columns (k, n)"}
_CONTAINERS = {"list": "lists", "tensor": "torch tensors", "values": "lists of {}"}


def probabilities(function: str, z: str = "z") -> str:
    """Return what p stands for, in a formula: of the sigmoid, s."""
    return f"s = sigmoid({z})" if function == "sigmoid" else f"p = softmax({z})"


class Given(NamedTuple):
    """What one parameter is given.

    Parameters
    ----------
    stage
        Which stage of the subject it belongs to: 0 is the first that is called.
    parameter
        Its name.
    role
        What it takes: z, p, log p, g, index, one-hot, i, j, T, buffer, ...; or ``constant``.
    by_name
        Whether it is passed by keyword.
    plain
        Whether its name says as much.
    constant
        The value of a ``constant``.
    """

    stage: int
    parameter: str
    role: str
    by_name: bool = False
    plain: bool = True
    constant: Any = None


class Binding(NamedTuple):
    """How a function is called, and what its answer is read as.

    Parameters
    ----------
    function, kind
        What the answer is: the Jacobian of softmax, the gradient of the cross-entropy.
    given
        What each parameter gets.
    layout, container
        One row or several, and of which type.
    answer
        The whole of an answer; a row, an entry, the diagonal of a Jacobian; or the function that was
        returned, called with g; or the gradients that `backward` leaves on numbers of an autograd.
    loss
        Whether a gradient over a batch is that of the sum of the losses or of their mean; or a loss is their
        sum, their mean, or one each.
    of_p
        Whether a gradient is with respect to p, not z.
    pick
        Which of several arrays that fit is the answer, where a tuple or an object holds more than one.
    fixed
        The target that is written into the function, which has no parameter for it; or None.
    cost
        How far it is from what the names suggest: 0 is what they say.
    against
        Where it contradicts a plain name: that name, and what it was given; or None.
    wrap
        The class of numbers of an autograd, as micrograd's Value, of which ``values`` are lists.
    """

    function: str
    kind: Kind
    given: tuple[Given, ...] = ()
    layout: Layout = "vector"
    container: Container = "array"
    answer: Answer = "whole"
    loss: Loss = "sum"
    of_p: bool = False
    pick: int = 0
    fixed: int | None = None
    cost: float = 0.0
    against: tuple[str, str] | None = None
    wrap: Any = None

    @property
    def sought(self) -> Sought:
        """What its answer is."""
        return Sought(self.function, self.kind)

    @property
    def batch(self) -> bool:
        """Whether several rows are given at once."""
        return self.layout in ("batch", "columns")

    @property
    def mode(self) -> bool:
        """Whether a flag of its asks for the derivative."""
        return any(given.role == "constant" and given.constant is True for given in self.given)

    @property
    def roles(self) -> tuple[str, ...]:
        """What the parameters get, in their order."""
        return tuple(given.role for given in self.given)

    def takes(self, role: str) -> bool:
        """Return whether a parameter gets this."""
        return any(given.role == role for given in self.given)

    def named(self, role: str) -> str | None:
        """Return the name of the parameter that gets this, or None."""
        return next((given.parameter for given in self.given if given.role == role), None)

    def words(self, name: str, stages: tuple[str, ...] = ()) -> str:
        """Return how the function was called, as it stands after "right, ".

        Examples
        --------
        >>> given = (Given(0, "dout", "g"), Given(0, "x", "z"))
        >>> Binding("softmax", "vjp", given).words("softmax_backward")
        'called as softmax_backward(dout, x)'
        >>> Binding("softmax", "jacobian", (Given(0, "s", "p"),)).words("f")
        'given p = softmax(z)'
        """
        said = []
        if self.fixed is not None:
            said.append(f"with its target fixed at class {self.fixed + 1}")
        of_p = " with respect to p" if self.of_p else ""
        if self.kind == "loss" and self.batch:
            said.append(_LOSSES[self.loss])
        elif self.loss == "mean":
            said.append(f"as the gradient of the mean loss over the batch{of_p}")
        elif self.of_p:
            said.append(f"as the gradient{of_p}")
        if self.takes("log p"):
            said.append("given log p = log_softmax(z)")
        elif self.takes("p"):
            said.append(f"given {probabilities(self.function)}")
        odd = self.container != "array" or self.layout in _LAYOUTS or self.answer == "pullback"
        if not said or odd or sum(given.role != "constant" for given in self.given) > 1:
            said.append(self._called(name, stages))
        return ", ".join(said)

    def _called(self, name: str, stages: tuple[str, ...]) -> str:
        calls = []
        last = len(stages)
        alone = any(given.stage == last and given.role in ("z", "p", "log p") for given in self.given)
        for stage, title in enumerate((*stages, name)):
            if alone and stage < last:
                continue  # it ran, but the last takes all that it needs
            words = [_argument(given) for given in self.given if given.stage == stage]
            calls.append(f"{title}({', '.join(words)})")
        if self.answer == "pullback":
            calls.append("what it returns, with g")
        said = f"called as {', then '.join(calls)}"
        meanings = {**_SAID, "g": "the tangent"} if self.kind == "jvp" else _SAID
        unclear = [
            f"{given.parameter} is {meanings[given.role]}"
            for given in self.given
            if not given.plain and given.role in meanings
        ]
        if unclear:
            said += f", where {' and '.join(unclear)}"
        if self.layout in _LAYOUTS:
            said += f", with {_LAYOUTS[self.layout]}"
        if self.container in _CONTAINERS:
            said += f", with {_CONTAINERS[self.container].format(getattr(self.wrap, '__name__', ''))}"
        if self.answer == "backward":
            said += ", then backward()"
        return said


def _argument(given: Given) -> str:
    if given.role == "constant":
        return f"{given.parameter}={given.constant!r}" if given.by_name else repr(given.constant)
    named = given.by_name and given.role in _LETTERS
    return f"{given.parameter}={_LETTERS[given.role]}" if named else given.parameter
