"""What `reliability` returns: measures and the diagram."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, and what a calibrated model with the same confidences would show.

    Parameters
    ----------
    measure
        Its name.
    value
        What it is here.
    expected, low, high
        The mean of calibrated models, and the interval that holds 95 % of them; None where none were drawn.
    p
        The share of calibrated models with a value at least as large, this one counted among them.
    """

    measure: str
    value: float
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class DiagramBlock:
    """A block of the reliability diagram: confidences that the isotonic regression takes together.

    Parameters
    ----------
    confidence_low, confidence_high, confidence
        The smallest, the largest, the mean confidence.
    observed
        How often the predictions came true.
    rows
        How many there are; the sum of the weights where there are weights.
    band_low, band_high
        Between these the regression of a calibrated model lies there in 95 of 100 cases.
    """

    confidence_low: float
    confidence_high: float
    confidence: float
    observed: float
    rows: float
    band_low: float | None
    band_high: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the confidence can be trusted, with the fields of ``softmax reliability -f json``.

    Parameters
    ----------
    rows
        How many rows there were.
    scope
        ``top``, ``classes``, or a class.
    temperature
        T.
    accuracy
        How often the predictions came true.
    mean_confidence
        The mean of their confidences.
    measures
        Each with what a calibrated model would show.
    diagram
        The blocks, by confidence.
    bound
        A bound of the error from counting pairs in cells; 0 where each was kept.
    """

    rows: int
    scope: str | int
    temperature: float
    accuracy: float
    mean_confidence: float
    measures: tuple[Measure, ...]
    diagram: tuple[DiagramBlock, ...]
    bound: float = 0.0

    def __getitem__(self, name: str) -> Measure:
        """Return a measure by its name."""
        for measure in self.measures:
            if measure.measure == name:
                return measure
        raise KeyError(name)
