"""What a diagnosis says: causes, or the causes that fit equally and an input that would tell them apart."""

from typing import NamedTuple

from softmax_cli.checking.catalogue.tables import rows


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

    @classmethod
    def of(cls, name: str, /, **found: object) -> "Cause":
        """Return a line of the table ``causes``, with what was found where a name stands in braces.

        Lines of one id have another word behind it each: ``over-norm squared``.

        Examples
        --------
        >>> Cause.of("batch-size", n=1, error="no axis 1").title
        'a batch of n = 1 rows fails, others are right: no axis 1'
        """
        row = next(row for row in rows("causes") if row["id"] == name)
        told = (row.get(column, "") for column in ("title", "why", "fix", "theirs", "right"))
        return cls(name.partition(" ")[0], *(text.format_map(found) for text in told))


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
