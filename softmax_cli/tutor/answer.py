"""From a question to its lessons: which derivatives, by which route, with which numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from softmax_cli.errors import InputError
from softmax_cli.tutor.derivation import Derivation
from softmax_cli.tutor.derive import derive, follow_ups, routes, topic
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.functions import FOLLOW_UPS, FOLLOWED, GENERAL, check_told
from softmax_cli.tutor.narratives.general import general
from softmax_cli.tutor.question import Question

MOST_SUMMED = 3
"""The most classes whose derivatives are all shown together."""


def lessons(question: Question) -> Iterator[Lesson]:
    """Yield the derivations that a question asks for.

    Raises
    ------
    InputError
        If the function does not have the route.

    Examples
    --------
    >>> [lesson.derivation.id for lesson in lessons(Question("softmax", ("1", "2"), of=0, wrt=0))]
    ['quotient-rule']
    """
    ways = routes(question.function)
    if question.route is not None and question.route not in ways:
        raise InputError(
            f"{question.function} has no route {question.route!r}",
            where="--route",
            hint=f"one of {', '.join(ways)}",
        )
    for i, j in question.pairs():
        yield _lesson(question, _derivation(question, i, j))


def _derivation(question: Question, i: int, j: int) -> Derivation:
    return derive(
        question.function,
        len(question.classes),
        i,
        j,
        temperature=question.temperature != 1,
        route=question.route,
    )


def general_lesson(question: Question) -> Lesson:
    """Return the derivation for any number of classes.

    Raises
    ------
    InputError
        If the function depends on one logit alone.
    """
    check_told(question.function)
    if question.function not in GENERAL:
        raise InputError(
            f"{question.function} has no sum over the classes: its derivation is the same for any number",
            where="--general",
            hint="leave it out",
        )
    derivation = general(question.function, temperature=question.temperature != 1)
    return Lesson(derivation, (), temperature=question.temperature)


def summary(question: Question) -> list[Lesson]:
    """Return all the derivatives of the function, row after row; none if they are too many to show."""
    k = len(question.classes)
    if not 1 < k <= MOST_SUMMED:
        return []
    targets = [question.target or 0] if question.scalar else range(k)
    pairs = [(i, j) for i in targets for j in range(k)]
    return [_lesson(question, _derivation(question, i, j)) for i, j in pairs]


def further_lessons(question: Question, names: Iterable[str] = FOLLOW_UPS) -> Iterator[Lesson]:
    """Yield follow-ups.

    Raises
    ------
    InputError
        If they are not about the function.
    """
    check_told(question.function)
    if question.function not in FOLLOWED:
        raise InputError(
            "the follow-ups are about softmax and cross-entropy",
            where="--follow-ups",
            hint="leave it out, or --function softmax",
        )
    i, j = question.pairs()[-1]
    written = question.temperature != 1
    for derivation in follow_ups(len(question.classes), i, j, temperature=written, names=names):
        yield _lesson(question, derivation)


def topic_lessons(name: str, classes: tuple[str, ...], *, named: bool) -> Iterator[Lesson]:
    """Yield the derivations of a topic, for these classes."""
    for derivation in topic(name, len(classes)):
        yield Lesson(derivation, classes, named)


def _lesson(question: Question, derivation: Derivation) -> Lesson:
    members = derivation.members or range(len(question.classes))
    logits = question.logits
    return Lesson(
        derivation,
        tuple(question.classes[m] for m in members),
        question.named,
        question.temperature,
        None if logits is None else tuple(logits[m] for m in members),
    )


def with_verdicts(lesson: Lesson) -> Lesson:
    """Return a lesson with SymPy's own verdict on every line."""
    from softmax_cli.tutor.sympy_check import verdicts

    return replace(lesson, verdicts=verdicts(lesson.derivation))
