"""A function of the user's under one binding: ask it at any inputs, as often as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from softmax_cli.checking import test_points
from softmax_cli.checking.calling import losses
from softmax_cli.checking.calling.arguments import argument, arguments, result_of
from softmax_cli.checking.calling.code.running import run
from softmax_cli.checking.calling.results import ShapeError, read
from softmax_cli.checking.check import Conditions, Criteria
from softmax_cli.checking.inputs import Array, Inputs, Kind
from softmax_cli.checking.verdict import Verdict, judge
from softmax_cli.errors import InputError

if TYPE_CHECKING:
    from softmax_cli.checking.calling.binding import Binding
    from softmax_cli.checking.calling.code.subject import Subject
    from softmax_cli.checking.diagnosis.experiments.theory import BlackBox
    from softmax_cli.checking.reference import Truth

_STRESS = (ArithmeticError, FloatingPointError, ValueError)


@dataclass(slots=True, eq=False, repr=False)
class Invocation:
    """A subject and how it is called.

    Parameters
    ----------
    subject
        What is called: a function, or the stages of an object.
    binding
        What its parameters are given, and what its answer is.
    conditions
        How it is judged.
    coarse
        The coarsest type of an answer: float32, float16, bfloat16; or empty for double.
    integers
        Whether an answer was in whole numbers.
    fitting
        How many arrays of one answer fitted, where it held several.
    beside
        Whether a number came beside the arrays of one answer, as a loss does.
    remarks
        What was odd about its answers, in sentences, each once.
    used
        Whether the object that is asked was asked before, at other logits.
    guard
        Of a loss, the least p that it takes the logarithm of; 0 for no such bound, None where that is not
        known yet.

    Examples
    --------
    >>> from softmax_cli.checking.calling.binding import Binding, Given
    >>> from softmax_cli.checking.calling.code.subject import Subject
    >>> def double(z):
    ...     return 2.0 * z
    >>> call = Invocation(Subject.of(double), Binding("softmax", "probabilities", (Given(0, "z", "z"),)))
    >>> call.answers(Inputs.of([[1.0, 2.0], [3.0, 4.0]]))
    array([[2., 4.],
           [6., 8.]])
    """

    subject: Subject
    binding: Binding
    conditions: Conditions = field(default_factory=Conditions)
    coarse: str = ""
    integers: bool = False
    fitting: int = 0
    beside: bool = False
    remarks: dict[str, None] = field(default_factory=dict)
    used: bool = False
    guard: float | None = None

    @property
    def name(self) -> str:
        """The function's name, as the user wrote it."""
        return self.subject.name

    @property
    def path(self) -> str:
        """The file it is in, for errors."""
        return self.subject.path

    @property
    def kind(self) -> Kind:
        """What its answers are."""
        return self.binding.kind

    @property
    def batch(self) -> bool:
        """Whether it takes all rows at once, (n, k), not one, (k,)."""
        return self.binding.batch

    @property
    def temperature(self) -> str | None:
        """The name of its parameter for the temperature, or of its constructor's, or None."""
        return self.binding.named("T") or self.subject.tempered

    @property
    def called(self) -> str:
        """How it is called, in words."""
        said = self.binding.words(self.subject.said, self.subject.before)
        weights = " and ".join(f"{name} is the identity matrix" for name in self.subject.weights or ())
        return f"{said}, where {weights}" if weights else said

    @property
    def criteria(self) -> Criteria:
        """What is checked, and how strictly."""
        sought, asked = self.binding.sought, self.conditions.asked
        return asked._replace(sought=sought, how=asked.how.of(sought.function))

    def truth(self, inputs: Inputs) -> Truth:
        """Return the right answers at these inputs."""
        return self.criteria.truth(inputs)

    def judged(self, inputs: Inputs, got: Array, *, explain: bool = True, stressed: int = 0) -> Verdict:
        """Judge answers at these inputs; to find the cause, it is asked again."""
        box = self.black_box() if explain else None
        truth = self.truth(inputs)
        return judge(truth, got, coarse=self.coarse, explain=explain, stressed=stressed, subject=box)

    def bound(self, **changes: Any) -> Invocation:
        """Return the same subject, called in another way."""
        return Invocation(self.subject, self.binding._replace(**changes), self.conditions)

    @property
    def tempering(self) -> tuple[float, bool]:
        """T to ask at, and whether each row has one of its own: of what takes T, where the user gave none."""
        t = self.conditions.temperature
        takes = self.temperature is not None and t == 1.0
        return (2.0 if takes and self.batch else t), takes and not self.batch

    def telling(self) -> Inputs:
        """Return inputs that tell mistakes apart."""
        t, varied = self.tempering
        rows = test_points.telling(self.kind, temperature=t, varied=varied, k=self.conditions.k)
        return self.targeted(rows)

    def targeted(self, inputs: Inputs) -> Inputs:
        """Return the inputs with the target that is written into the function, where there is one."""
        fixed = self.binding.fixed
        return inputs if fixed is None else inputs._replace(target=np.full(inputs.n, fixed))

    def once(self, inputs: Inputs, **indices: int) -> Any:
        """Call it once and return what it gave, unread: at all rows of a batch, or at the one row of inputs.

        `indices` are the classes i and j of an entry or a row of a Jacobian.
        """
        stages, t = len(self.subject.stages), float(inputs.temperature[0])
        given, changed = arguments(self.binding, inputs, indices, stages)
        others = inputs._replace(z=0.7 * inputs.z[:, ::-1])
        before = [arguments(self.binding, others, indices, stages)[0]] if self.used else []
        result, owner = self.subject.run([*before, given], inputs.k, t)
        if self.binding.answer == "pullback":
            result = self._pulled_back(result, inputs)
        got = result_of(self.binding, given, result, owner)
        for what, array in changed():
            if got is None:
                got = array  # it is the answer
            self.remarks[
                f"{self.name} changes its input in place: the {what} it was given are overwritten; "
                "work on a copy (z = z - z.max(), not z -= z.max())"
            ] = None
        if owner.overwrote:
            self.remarks[
                f"{self.name} changes in place what {self.subject.before[-1]} returned: whoever still "
                "holds it finds it overwritten; work on a copy (dz = p - y, not p -= y)"
            ] = None
        return got

    def _pulled_back(self, result: Any, inputs: Inputs) -> Any:
        """Return what the function that was returned, alone or with values, gives for g."""
        returned = result if isinstance(result, tuple) else (result,)
        pullback = next((part for part in returned if callable(part)), None)
        if pullback is None:
            raise InputError(f"{self.name} returned no function", where=self.path)
        g = argument("g", self.binding, inputs)
        return run(lambda: pullback(g), self.name, self.path)

    def answers(self, inputs: Inputs, *, stress: bool = False) -> Array:
        """Return the answers at all rows: (n, k), of a Jacobian (n, k, k), of losses (n, 1).

        Under `stress` the logits are meant to be hard: an arithmetic error is an answer, of nan, and a batch
        is asked a row at a time.

        Raises
        ------
        InputError
            Where the function raises, or returns something other than an answer of its kind.
        """
        if self.batch and not stress:
            got = np.concatenate([self._together(part) for part in _of_one_temperature(inputs, self)])
        else:
            got = self._one_by_one(inputs, stress=stress)
        return losses.unguarded(self, inputs, got) if self.kind == "loss" else got

    def _one_by_one(self, inputs: Inputs, *, stress: bool) -> Array:
        rows = []
        for i in range(inputs.n):
            if self.conditions.on_row is not None:
                self.conditions.on_row()
            one = inputs.rows([i])
            try:
                rows.append(self._together(one)[0] if self.batch else self._row(one))
            except _STRESS as error:
                if not stress or (isinstance(error, InputError) and not isinstance(error.__cause__, _STRESS)):
                    raise
                shape = {"jacobian": (inputs.k, inputs.k), "loss": (1,)}.get(self.kind, (inputs.k,))
                rows.append(np.full(shape, np.nan))
        return np.stack(rows)

    def told(self, inputs: Inputs) -> Array:
        """Return the answers; where a vector comes in place of a Jacobian, the vectors."""
        try:
            return self.answers(inputs)
        except ShapeError:
            return self.bound(kind="probabilities").answers(inputs)

    def values(self, z: Array, inputs: Inputs, row: int) -> NDArray[Any]:
        """Return the bare values at z, which may be complex, with what row `row` has besides."""
        one = inputs.rows([row])._replace(z=np.asarray(z)[None])
        return np.asarray(self.once(one)).reshape(-1)

    def black_box(self) -> BlackBox:
        """Return the function as diagnosis asks it again, at inputs of its own choice."""
        from softmax_cli.checking.diagnosis.experiments.theory import BlackBox

        binding, conditions = self.binding, self.conditions
        takes, fixed = self.temperature is not None, binding.fixed
        how = (takes, self.batch, fixed, conditions.classes, conditions.temperature)
        return BlackBox(binding.sought, self.answers, *how)

    def repeated(self, inputs: Inputs) -> bool:
        """Return whether it gives the same again at the same input."""
        rows = inputs if self.batch else inputs.rows([0])
        try:
            return np.array_equal(self.answers(rows), self.answers(rows), equal_nan=True)
        except InputError:
            return True

    def _row(self, one: Inputs) -> Array:
        k = one.k
        if self.binding.answer == "row":
            return np.array([read(self, self.once(one, i=i), (k,)) for i in range(k)])
        if self.binding.answer == "entry":
            each = [read(self, self.once(one, i=i, j=j), ()) for i in range(k) for j in range(k)]
            return np.array(each).reshape(k, k)
        if self.binding.answer == "backward":
            return self._backpropagated(one)
        if self.binding.answer == "diagonal":
            return np.diag(read(self, self.once(one), (k,)))
        if self.kind == "loss":
            return losses.of_row(self, self.once(one))
        whole = read(self, self.once(one), (k, k) if self.kind == "jacobian" else (k,))
        return np.asarray(self._as_asked(whole[None], one)[0])

    def _backpropagated(self, one: Inputs) -> Array:
        """Return the gradients that backward leaves on the logits: of each probability, or of the loss."""
        found = []
        for i in range(one.k if self.kind == "jacobian" else 1):
            given, _ = arguments(self.binding, one, {}, len(self.subject.stages))
            result, _ = self.subject.run([given], one.k)
            run((result[i] if self.kind == "jacobian" else result).backward, self.name, self.path)
            found.append([float(z.grad) for z in given[-1][0][self.binding.roles.index("z")]])
        return np.array(found if self.kind == "jacobian" else found[0])

    def _together(self, inputs: Inputs) -> Array:
        n, k = inputs.n, inputs.k
        if self.kind == "loss":
            return losses.of_batch(self, inputs)
        wanted = (n, k, k) if self.kind == "jacobian" else (n, k)
        return self._as_asked(read(self, self.once(inputs), wanted), inputs)

    def _as_asked(self, got: Array, inputs: Inputs) -> Array:
        """Return a gradient as that of the sum of the losses with respect to z."""
        if self.binding.loss == "mean":
            got = np.asarray(got * inputs.n)
        return losses.through_softmax(got, inputs) if self.binding.of_p else got


def _of_one_temperature(inputs: Inputs, call: Invocation) -> Iterator[Inputs]:
    """Yield the rows in runs of one temperature, which a function for batches takes as a number."""
    if call.temperature is None or np.all(inputs.temperature == inputs.temperature[0]):
        yield inputs
        return
    edges = np.flatnonzero(np.diff(inputs.temperature)) + 1
    for same in np.split(np.arange(inputs.n), edges):
        yield inputs.rows(same)
