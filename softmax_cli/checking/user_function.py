"""Somebody's function: found in a .py file, called with arrays, and its answers made comparable.

The file is run because the user named it, in this process; what it prints goes to stderr.
"""

import contextlib
import inspect
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking.inputs import Array, Inputs, Kind, softmax
from softmax_cli.errors import InputError

_LAST_AXIS = re.compile(r"\b(?:axis|dim)\s*=\s*(?:-1|1)\b")
_STRESS = (ArithmeticError, FloatingPointError, ValueError)


@dataclass(slots=True)
class Theirs:
    """A function of the user's.

    Parameters
    ----------
    path, name
        Where it came from, for errors.
    function
        What is called.
    kind
        What its answers are.
    temperature, target
        The names of its parameters for them, or None where it has none.
    one_hot
        Whether the target is passed as a one-hot vector.
    batch
        Whether it takes all rows at once, (n, k), not one, (k,).
    single
        Whether an answer was float32.
    remarks
        What was odd about its answers, in sentences, each once.
    on_row
        Called before each row, for who counts them.
    """

    path: str
    name: str
    function: Callable[..., Any]
    kind: Kind
    temperature: str | None = None
    target: str | None = None
    one_hot: bool = False
    batch: bool = False
    single: bool = False
    integers: bool = False
    tensors: bool = False
    remarks: dict[str, None] = field(default_factory=dict)
    on_row: Callable[[], None] | None = None

    def answers(self, inputs: Inputs, *, stress: bool = False) -> Array:
        """Return the answers at all rows, (n, k) or (n, k, k).

        Parameters
        ----------
        inputs
            Where to ask.
        stress
            Whether an arithmetic error is an answer, of nan: the logits are meant to be hard.

        Raises
        ------
        InputError
            Where the function raises, or returns what is no answer of its kind.
        """
        if self.batch:
            return self._checked(self._called(inputs.z, inputs, slice(None)), (inputs.n,), inputs.k)
        vectors = self.kind == "jacobian"
        rows = []
        for i in range(inputs.n):
            if self.on_row is not None:
                self.on_row()
            try:
                result = self._called(inputs.z[i], inputs, i)
                rows.append(
                    self._checked(
                        self._unfolded(result, inputs.rows([i])) if vectors else result, (), inputs.k
                    )
                )
            except _STRESS as error:
                if not stress or (isinstance(error, InputError) and not isinstance(error.__cause__, _STRESS)):
                    raise
                rows.append(np.full(self._shape((), inputs.k), np.nan))
        return np.stack(rows)

    def values(self, z: Array, inputs: Inputs, row: int) -> NDArray[Any]:
        """Return the bare values at z, which may be complex, with what row `row` has besides."""
        named = self._named(inputs, row)
        with quietly():
            return np.asarray(self.function(z, **named))

    def settle(self, inputs: Inputs) -> None:
        """Find out whether it takes one row or all, and an index or a one-hot target, at the first rows.

        Raises
        ------
        InputError
            Where no way of calling it works.
        """
        try:
            self.answers(inputs.rows([0]))
        except InputError as first:
            if not self._takes_batch(inputs):
                raise first from None

    def knows_axes(self) -> bool:
        """Tell whether its source names the last of several axes, as that of a function for batches does.

        One of a single vector may name axis 0.
        """
        try:
            source = inspect.getsource(self.function)
        except (OSError, TypeError):
            return False
        return _LAST_AXIS.search(source) is not None

    def _takes_batch(self, inputs: Inputs) -> bool:
        self.batch = True
        try:
            self.answers(inputs)
        except InputError:
            self.batch = False
            return False
        self.remarks[f"{self.name} takes a batch: it is called with shape (n, k), not (k,)"] = None
        return True

    def _shape(self, leading: tuple[int, ...], k: int) -> tuple[int, ...]:
        return (*leading, k, k) if self.kind == "jacobian" else (*leading, k)

    def _called(self, z: Array, inputs: Inputs, row: Any) -> Any:
        arguments: list[Any] = [np.array(z)]
        if self.kind in ("vjp", "jvp"):
            assert inputs.vector is not None
            arguments.append(np.array(inputs.vector[row]))
        before = [argument.copy() for argument in arguments]
        named = self._named(inputs, row)
        with quietly():
            try:
                result = self._result(arguments, named)
            except (KeyboardInterrupt, BrokenPipeError):
                raise
            except BaseException as error:
                raise self.raised(error) from error
        for now, then, what in zip(arguments, before, ("logits", "vector"), strict=False):
            if not np.array_equal(now, then, equal_nan=True):
                self.remarks[
                    f"{self.name} changes its input in place: the {what} it was given are overwritten; "
                    "work on a copy (z = z - z.max(), not z -= z.max())"
                ] = None
        return result

    def _result(self, arguments: list[Any], named: dict[str, Any]) -> Any:
        """Call the function with arrays or, where it wants tensors and torch is there, with tensors."""
        torch = sys.modules.get("torch")
        if self.tensors and torch is not None:
            return self.function(*map(torch.from_numpy, arguments), **named)
        try:
            return self.function(*arguments, **named)
        except (TypeError, AttributeError):
            if torch is None:
                raise
        self.tensors = True
        self.remarks[f"{self.name} takes torch tensors, not arrays"] = None
        return self.function(*map(torch.from_numpy, arguments), **named)

    def _named(self, inputs: Inputs, row: Any) -> dict[str, Any]:
        named: dict[str, Any] = {}
        if self.temperature is not None:
            t = np.asarray(inputs.temperature[row])
            named[self.temperature] = float(t.flat[0])
        if self.target is not None:
            if inputs.target is None:
                raise InputError(f"{self.name} has a parameter {self.target!r}", hint="--target CLASS")
            target = inputs.target[row]
            if self.one_hot:
                named[self.target] = np.eye(inputs.k)[target]
            else:
                named[self.target] = target if isinstance(row, slice) else int(target)
        return named

    def raised(self, error: BaseException) -> InputError:
        """Return the error of the user's code as one line, at its own line."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if os.path.abspath(frame.filename) == os.path.abspath(self.path)]
        frame = own[-1] if own else None
        where = f"{self.path}:{frame.lineno}" if frame is not None else self.path
        said = " ".join(str(error).split())
        what = f"{self.name} raised {type(error).__name__}" + (f": {said}" if said else "")
        return InputError(what, where=where)

    def _checked(self, result: Any, leading: tuple[int, ...], k: int) -> Array:
        """Return the result as float64 of the right shape, or say what it is in place of that."""
        array = self._as_array(result)
        wanted = self._shape(leading, k)
        if array.shape == wanted:
            return array
        squeezed = (
            array.reshape(wanted)
            if array.size == np.prod(wanted) and _only_ones(array.shape, wanted)
            else None
        )
        if squeezed is not None:
            self.remarks[f"{self.name} returns shape {array.shape}; read as {wanted}"] = None
            return squeezed
        raise InputError(
            f"{self.name} returned shape {array.shape}: {_wanted(self.kind)} of shape {wanted} is meant",
            where=self.path,
            hint=_fitting_kind(self.kind, array, k),
        )

    def _unfolded(self, result: Any, one: Inputs) -> Any:
        """Return a vector that is the Jacobian's diagonal, or its row sums, as a diagonal matrix.

        That is a wrong derivative with a cause. A vector of probabilities is another answer, and is refused.
        """
        vector = self._as_array(result)
        if vector.shape != (one.k,) or one.k < 2:
            return vector
        p = softmax(one.z / one.temperature[:, None])[0]
        diagonal = np.allclose(vector, p * (1.0 - p), rtol=1e-4, atol=0.0)
        if not diagonal and np.abs(vector).max() > 1e-9:
            return result
        what = "the diagonal alone" if diagonal else "the sums of the rows, which are 0"
        self.remarks[f"{self.name} returns a vector where a matrix is meant: {what}"] = None
        return np.diag(vector if diagonal else 0.0 * vector)

    def _as_array(self, result: Any) -> Array:
        if result is None:
            raise InputError(f"{self.name} returned None: is the return missing?", where=self.path)
        if hasattr(result, "detach") and hasattr(result, "cpu"):  # a torch tensor
            result = result.detach().cpu().numpy()
        if inspect.iscoroutine(result):
            result.close()
            raise InputError(f"{self.name} is a coroutine", where=self.path, hint="def, not async def")
        if isinstance(result, tuple):
            raise InputError(
                f"{self.name} returned a tuple of {len(result)}, not an array",
                where=self.path,
                hint="return the derivative alone",
            )
        try:
            array = np.asarray(result)
        except ValueError:
            raise InputError(f"{self.name} returned lists of unequal lengths", where=self.path) from None
        if isinstance(result, list):
            self.remarks[f"{self.name} returns lists; read as an array"] = None
        return self._as_float(array, f"a {type(result).__name__}")

    def _as_float(self, array: NDArray[Any], said: str) -> Array:
        """Return an array of what was `said` to be returned as real numbers."""
        kind: str = array.dtype.kind
        if kind == "c":
            if np.any(array.imag != 0.0):
                raise InputError(
                    f"{self.name} returned complex numbers", where=self.path, hint="take their real part"
                )
            self.remarks[f"{self.name} returns complex numbers without an imaginary part"] = None
            array = array.real
        elif kind in "iub":
            self.integers = True
            self.remarks[
                f"{self.name} returns whole numbers ({array.dtype}): an integer array cuts decimals off"
            ] = None
        elif kind == "O":
            try:
                array = array.astype(np.float64)
            except (TypeError, ValueError):
                kind = "?"
        if kind not in "fciubO":
            raise InputError(f"{self.name} returned {said}, not numbers", where=self.path)
        if array.dtype in (np.float32, np.float16):
            self.single = True
        return np.array(array, np.float64)


def _only_ones(shape: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return [n for n in shape if n != 1] == [n for n in wanted if n != 1]


def _wanted(kind: Kind) -> str:
    return "a matrix" if kind == "jacobian" else "a vector"


def _fitting_kind(kind: Kind, array: Array, k: int) -> str:
    if kind == "jacobian" and array.shape == (k,):
        return "a vector is: --as probabilities, gradient or log-probabilities; or --as vjp for NAME(z, g)"
    if array.shape == (k, k):
        return "a matrix is: --as jacobian"
    return f"z has shape ({k},)"


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Send what the user's code prints to stderr, and keep its numerical warnings to ourselves."""
    with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
