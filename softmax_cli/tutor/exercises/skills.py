"""What can be practised, skill by skill, in the order in which they are met."""

from typing import NamedTuple

LINES = ("worked", "last-two", "rule", "lines", "sign", "order", "number", "find")
"""The kinds of a derivative's exercises, from the worked example to finding the wrong line."""


class Skill(NamedTuple):
    """Something that can be practised.

    Parameters
    ----------
    name
        As it is given on the command line.
    title
        What it is.
    function
        The function whose derivative it is about.
    case
        same (i = j), other (i != j), either, or general: both in one line, for any number of classes.
    kinds
        The kinds of its exercises, the easier first.
    temperature
        Whether the logits are divided by T.
    """

    name: str
    title: str
    function: str
    case: str
    kinds: tuple[str, ...]
    temperature: bool = False


_GENERAL = ("worked", "last-two", "rule", "lines", "number")
_TEMPERED = ("worked", "last-two", "flatter", "rule", "lines", "tempered")
SKILLS = {
    skill.name: skill
    for skill in (
        Skill("log-softmax", "the derivative of log-softmax", "log-softmax", "either", LINES),
        Skill("softmax-same", "the derivative of softmax, i = j", "softmax", "same", LINES),
        Skill("softmax-other", "the derivative of softmax, i != j", "softmax", "other", LINES),
        Skill("cross-entropy", "the gradient of the cross-entropy", "cross-entropy", "either", LINES),
        Skill("sigmoid", "the derivative of the sigmoid", "sigmoid", "same", LINES),
        Skill("general-k", "the same for any number K of classes", "softmax", "general", _GENERAL),
        Skill(
            "temperature", "what the temperature does to it", "softmax", "either", _TEMPERED, temperature=True
        ),
        Skill("jacobian-rows", "what every row of the Jacobian has", "softmax", "either", ("row", "missing")),
        Skill("vjp", "a vector times the Jacobian", "softmax", "either", ("product",)),
        Skill("table", "reading a table of derivatives", "softmax", "other", ("reading", "largest")),
        Skill("calibration", "which way the temperature has to go", "softmax", "either", ("confidence",)),
        Skill("code", "which formula is right", "softmax", "either", ("formula",)),
    )
}

_LIKE = {
    "worked": "an example with the last line blank",
    "last-two": "the last two lines blank",
    "rule": "which rule it is",
    "lines": "all lines but the first blank",
    "sign": "which way it goes",
    "order": "lines out of order",
    "number": "as a number",
    "find": "one line of it wrong",
    "tempered": "as a number",
    "flatter": "which way it goes",
    "row": "their sum",
    "missing": "one of them missing",
    "largest": "which class loses most",
}
"""What an exercise of a kind is like; nothing if the skill says it all."""


def upcoming(skill: Skill, level: int, before: Skill) -> str:
    """Return what an exercise is about, after one of another skill.

    Examples
    --------
    >>> upcoming(SKILLS["softmax-same"], 1, SKILLS["softmax-other"])
    'the same with i = j, the last two lines blank'
    """
    kind = _LIKE.get(skill.kinds[level % len(skill.kinds)])
    subject = skill.title
    if skill == before:
        subject = "the same"
    elif skill.function == before.function and {skill.case, before.case} == {"same", "other"}:
        subject = f"the same with {'i = j' if skill.case == 'same' else 'i != j'}"
    return subject if kind is None else f"{subject}, {kind}"
