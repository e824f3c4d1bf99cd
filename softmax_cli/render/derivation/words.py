"""What all formats say in the same words: names of steps, the key, the logits, what was proved."""

from collections.abc import Iterator

from softmax_cli.core.formula.tree import names
from softmax_cli.render.derivation.drawing import Drawing, people
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.notation import named

TITLES = {
    "sum": "The sum, S",
    "naming": "Name parts",
    "f-prime": "Top, f'",
    "g-prime": "Bottom, g'",
    "s-prime": "The sum, S'",
    "inner": "First term",
    "logarithm": "Logarithm rule",
    "log-sum": "Log of sum",
    "factor": "Factor out",
    "tidy": "Tidy the top",
    "split": "Split in two",
    "recognise": "Recognise p",
    "join": "One formula",
    "take-apart": "Log of quotient",
    "jacobian": "The Jacobian",
    "one-hot": "One-hot target",
    "one": "Sum is 1",
    "weighted-sum": "Second sum",
    "result": "Result",
}
"""The headings of steps, three words at most; of the others, the id."""
MOST_CLASSES = 8
MOST_DIGITS = 12


def title(step: Step) -> str:
    """Return the heading of a step."""
    return TITLES.get(step.id, step.id.replace("-", " ").capitalize())


def rule(step: Step, drawing: Drawing) -> str:
    """Return a step's rule as formulas, or nothing if it needs none."""
    return ", ".join(f"{drawing.formula(lhs)} = {drawing.formula(rhs)}" for lhs, rhs in step.rule.formulas)


def proof(lesson: Lesson) -> str:
    """Return what was proved, in one sentence."""
    lines = sum(1 for _ in lesson.derivation.walk())
    words = f"All {lines} lines are proved: both sides are equal for all logits"
    if not lesson.derivation.k:
        words += ", for every i and j at K = 2, 3, 4 and 5"
    if lesson.verdicts:
        agreed = sum(verdict == "equal" for verdict in lesson.verdicts.values())
        words += f"; SymPy itself says so of {agreed}"
    return words + "."


def check(lesson: Lesson) -> str:
    """Return what the complex-step derivative says; nothing without numbers."""
    found = lesson.check
    if found is None or lesson.result is None:
        return ""
    from softmax_cli.io.cells.floats import float_text
    from softmax_cli.render.layout.numbers import number

    exactly = lesson.value(lesson.derivation.result)
    if exactly and not lesson.result:
        return (
            f"This derivation gives {people(exactly)}, which is too small for a double; the complex-step "
            f"derivative, reckoned in doubles, gives {float_text(found.complex_step)}."
        )
    return (
        f"This derivation gives {float_text(lesson.result)}, the complex-step derivative "
        f"{float_text(found.complex_step)}: a difference of {number(found.difference, digits=2)}."
    )


def key(drawing: Drawing) -> str:
    """Return which number stands for which class, if formulas have numbers, and what e_1 is short for."""
    lesson = drawing.lesson
    words = ""
    if drawing.numbered:
        everyone = len(lesson.classes) <= 2 * MOST_CLASSES
        places = range(len(lesson.classes)) if everyone else sorted(drawing.kept)
        names = ", ".join(f"{m + 1} = {drawing.screen.clean(lesson.classes[m])}" for m in places)
        words = f"Classes: {names}{'' if everyone else ' and so on'}."
    if not drawing.manner.exponentials and _has_exponentials(lesson):
        inside = "z_k/T" if lesson.derivation.temperature else "z_k"
        inside = f"{drawing.line.minus}{inside}" if lesson.derivation.function == "sigmoid" else inside
        words += f" e_k is short for e^({inside})."
    if lesson.derivation.temperature and lesson.logits is not None:
        words += f" T = {shortest(lesson.temperature)}."
    return words.strip()


def _has_exponentials(lesson: Lesson) -> bool:
    sides = (side for step in lesson.derivation.walk() for side in (step.lhs, step.rhs))
    return any(name.name == "e" for side in sides for name in names(side))


def numbers(drawing: Drawing) -> Iterator[tuple[str, str, str] | None]:
    """Yield class, logit and probability of the classes that are shown; None for those left out."""
    lesson = drawing.lesson
    for m in drawing.places(MOST_CLASSES):
        if m is None:
            yield None
            continue
        value = lesson.value(named(f"p_{m + 1}"))
        if value is not None and lesson.logits is not None:
            yield lesson.classes[m], shortest(lesson.logits[m]), people(value)


def shortest(number: float) -> str:
    """Return a number as it was given, or to six digits where it is long."""
    text = repr(number).removesuffix(".0")
    return text if len(text) <= MOST_DIGITS else f"{number:.6g}"
