"""What a diagnosis says: causes, or the causes that fit equally and an input that would tell them apart."""

from typing import NamedTuple


class Cause(NamedTuple):
    """One thing that is wrong.

    Parameters
    ----------
    id, title
        A name for machines, and a few words for people.
    explanation
        Why it is wrong.
    fix
        What to write in its place.
    theirs, right
        The wrong formula and the right one; empty where the cause is a structure, not a formula.
    factor
        What everything is multiplied by on top, or None.
    """

    id: str
    title: str
    explanation: str
    fix: str
    theirs: str = ""
    right: str = ""
    factor: str | None = None


class Separating(NamedTuple):
    """Logits and a temperature at which causes differ that the answer cannot tell apart."""

    z: tuple[float, ...]
    temperature: float


class Diagnosis(NamedTuple):
    """The causes, the likeliest first; more than one fit equally unless `certain`.

    Parameters
    ----------
    causes
        At least one where something is wrong.
    certain
        Whether the causes hold together, not in place of each other.
    apart
        An input that would tell them apart.
    notes
        What else was seen, in sentences: that large logits overflow as well.
    laws
        Every law of a right answer that is broken, each as a cause.
    """

    causes: tuple[Cause, ...] = ()
    certain: bool = True
    apart: Separating | None = None
    notes: tuple[str, ...] = ()
    laws: tuple[Cause, ...] = ()
