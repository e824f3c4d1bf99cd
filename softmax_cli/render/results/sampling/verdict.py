"""The verdict of ``softmax check`` on a gradient of a sampled objective."""

from collections.abc import Iterator

from softmax_cli.checking.sampled import RIGHT, SamplingVerdict, formula
from softmax_cli.render.layout.console import Line, Screen
from softmax_cli.render.layout.rows import paragraph


def report(verdict: SamplingVerdict, subject: str, screen: Screen) -> Iterator[Line]:
    """Yield the verdict on a gradient of a sampled objective, and the one cause of what is wrong."""
    cause = verdict.cause
    said = "right" if verdict.passed else "wrong" if cause is None else f"wrong: {cause.title}"
    yield from paragraph(f"{subject}: {said}, called as {verdict.called}.", screen)
    agree = (
        f"{verdict.entries} numbers agree"
        if verdict.passed
        else f"{verdict.wrong} of {verdict.entries} numbers differ"
    )
    yield from paragraph(f"Held against {verdict.function} at 6 labels with their noise: {agree}.", screen)
    yield ""
    yield from paragraph(f"Right: {formula(verdict.function, RIGHT[verdict.function][0])}.", screen)
    if cause is not None:
        yield from paragraph(cause.explanation, screen)
        yield from paragraph(f"Fix: {cause.fix}.", screen)
    elif not verdict.passed:
        yield from paragraph("No known mistake gives these numbers.", screen)
