"""What comes next, in words."""

from softmax_cli.tutor.exercises.skills import Skill

_KINDS = {
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
"""What an exercise of a kind is like; nothing where the skill says it all."""


def upcoming(skill: Skill, level: int, before: Skill) -> str:
    """Return what an exercise is about, after one of another skill.

    Examples
    --------
    >>> from softmax_cli.tutor.exercises.skills import SKILLS
    >>> upcoming(SKILLS["softmax-same"], 1, SKILLS["softmax-other"])
    'the same with i = j, the last two lines blank'
    """
    kind = _KINDS.get(skill.kinds[level % len(skill.kinds)])
    subject = skill.title
    if skill == before:
        subject = "the same"
    elif skill.function == before.function and {skill.case, before.case} == {"same", "other"}:
        subject = f"the same with {'i = j' if skill.case == 'same' else 'i != j'}"
    return subject if kind is None else f"{subject}, {kind}"
