"""What was found out about the temperature, and each step on the way."""

from dataclasses import dataclass

from softmax_cli.core.calibration.limits import Status


@dataclass(frozen=True, slots=True)
class NewtonStep:
    """One step in numbers: the mean loss, its slope and curvature in b = 1 / T, and where they lead.

    Parameters
    ----------
    rows
        How many rows the step looked at.
    """

    rows: int
    temperature: float
    loss: float
    slope: float
    curvature: float
    next_temperature: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was found out about the temperature.

    Parameters
    ----------
    status
        ``ok``, or why no finite temperature above 0 is best.
    temperature, standard_error
        The temperature and its standard error, or None.
    error
        A bound of the temperature's relative error, or None.
    before, after
        The mean loss at T = 1 and at the temperature.
    limit
        What the mean loss tends to where there is no temperature, or None.
    rows
        How many rows there are.
    passes
        How often the rows were read.
    first_masked
        The 1-based number of the first row whose label is masked, or None.
    steps
        Each step, in numbers.
    """

    status: Status
    before: float
    rows: int
    passes: int
    steps: tuple[NewtonStep, ...] = ()
    temperature: float | None = None
    standard_error: float | None = None
    error: float | None = None
    after: float | None = None
    limit: float | None = None
    first_masked: int | None = None
