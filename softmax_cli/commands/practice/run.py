"""The runs of ``softmax practice``: the skills that are due, their list, the proof of every exercise."""

import random
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from softmax_cli.commands.running.pipeline import note
from softmax_cli.errors import ExitCode
from softmax_cli.io import progress_file
from softmax_cli.tutor.exercises.skills import SKILLS, Skill, upcoming

if TYPE_CHECKING:
    from softmax_cli.commands.practice.command import PracticeOptions
    from softmax_cli.commands.practice.session import Stream
    from softmax_cli.tutor.exercises.exercise import Exercise

_MOST = 3
"""The most skills of one run, besides a new one."""
_SEEDS = 3
"""The exercises of each kind that --verify solves and breaks."""


def run(asked: "PracticeOptions") -> int:
    """Go through the exercises, and return the exit code."""
    from softmax_cli.commands.practice.session import code, teller

    if asked.skill is not None and asked.skill not in SKILLS:
        return _on_a_mistake(asked.skill, asked)
    today = date.today()
    where = None if asked.seed is not None else progress_file.path()
    progress = progress_file.SkillRecords() if where is None else progress_file.load(where)
    told = teller(asked.json)
    if progress.note is not None:
        note(progress.note)
    skills, due, new = _chosen(asked, progress.records, today)
    told.opening(due, new)
    done = True
    levels = [_level(skill, asked, progress.records) for skill in skills]
    for turn, (skill, level) in enumerate(zip(skills, levels, strict=True)):
        seed = asked.seed if asked.seed is not None else today.toordinal() + level
        if turn + 1 < len(skills):
            after = f"Next: {upcoming(skills[turn + 1], levels[turn + 1], skill)}."
        else:
            after = "" if where is None else _another_day(skill, level)
        how = _practise(_maker(skill, level, seed), told, after)
        done = done and how == "done"
        if where is not None and how in ("done", "given"):
            trouble = progress_file.done(where, skill.name, today, well=how == "done")
            if trouble is not None:
                note(trouble)
        if how == "quit":
            break
    return code(done)


def _level(skill: Skill, asked: "PracticeOptions", records: Mapping[str, progress_file.SkillRecord]) -> int:
    """Return how often a skill has been done, or else the seed if there is one."""
    return (
        asked.seed if asked.seed is not None else records.get(skill.name, progress_file.SkillRecord()).level
    )


def _another_day(skill: Skill, level: int) -> str:
    """Say what comes after this run."""
    days = progress_file.days_after(level)
    when = "tomorrow" if days == 1 else f"in {days} days"
    return f"Next, {when}: {upcoming(skill, level + 1, skill)}."


def _maker(skill: Skill, level: int, seed: int) -> "Callable[[int], Exercise]":
    """Return the function that makes an exercise, and others like it with other classes."""
    from softmax_cli.checking.catalogue.tables import rows
    from softmax_cli.tutor.exercises.making import make

    return lambda again: make(skill, level, seed + 1000 * again, rows)


def _on_a_mistake(mistake: str, asked: "PracticeOptions") -> int:
    """Do the exercise on a mistake that `check` named."""
    from softmax_cli.checking.catalogue.tables import rows
    from softmax_cli.commands.practice.session import Play, code, teller
    from softmax_cli.tutor.exercises.choices import make_against

    exercise = make_against(mistake, asked.function, asked.seed or 0, rows)
    if exercise is None:
        from softmax_cli.io.cells.wording import unknown

        raise unknown(mistake, tuple(SKILLS), "skill", where="SKILL")
    return code(Play(exercise, teller(asked.json)).run() == "done")


def _practise(make_another: "Callable[[int], Exercise]", told: "Stream", after: str) -> str:
    """Do one exercise, and once more with other classes if its line was given away."""
    from softmax_cli.commands.practice.session import Play

    for again in range(2):
        play = Play(make_another(again), told, after)
        how = play.run()
        if how != "done" or not play.given_away:
            return how
        if not again:
            told.say("The third hint was the answer: once more, with other classes.")
    return "given"


def _chosen(
    asked: "PracticeOptions", records: Mapping[str, progress_file.SkillRecord], today: date
) -> tuple[list[Skill], int, int]:
    """Return the skills of a run, and how many are due and how many are new."""
    if asked.skill is not None:
        skill = SKILLS[asked.skill]
        return [skill], int(skill.name in records), int(skill.name not in records)
    if asked.seed is not None:
        return random.Random(asked.seed).sample(list(SKILLS.values()), _MOST), 0, _MOST
    due = [skill for skill in SKILLS.values() if skill.name in records and records[skill.name].due <= today]
    new = [skill for skill in SKILLS.values() if skill.name not in records][:1]
    due.sort(key=lambda skill: records[skill.name].due)
    if not due and not new:
        return [min(SKILLS.values(), key=lambda skill: records[skill.name].due)], 0, 0
    return [*due[:_MOST], *new], len(due), len(new)


def listed(as_json: bool) -> int:
    """List the skills, and return the exit code."""
    records = progress_file.load(progress_file.path()).records
    if as_json:
        from softmax_cli.commands.practice.lines import write

        for skill in SKILLS.values():
            record = records.get(skill.name)
            write(
                {
                    "skill": skill.name,
                    "title": skill.title,
                    "kinds": list(skill.kinds),
                    "done": 0 if record is None else record.level,
                    "due": None if record is None else record.due.isoformat(),
                }
            )
        return ExitCode.OK
    wide = max(map(len, SKILLS))
    for skill in SKILLS.values():
        record = records.get(skill.name)
        when = "" if record is None else f"  (done {record.level} times, due {record.due.isoformat()})"
        sys.stdout.write(f"{skill.name:{wide}}  {skill.title}{when}\n")
    return ExitCode.OK


def verified(as_json: bool) -> int:
    """Derive every line, solve and break every exercise, and return the exit code."""
    from softmax_cli.checking.catalogue.tables import rows
    from softmax_cli.commands.practice.lines import write
    from softmax_cli.tutor.exercises.lines import every_row
    from softmax_cli.tutor.exercises.making import make

    lines = sum(1 for _ in every_row())
    count, unsolved, unbroken = 0, [], []
    for skill in SKILLS.values():
        for level in range(len(skill.kinds)):
            for seed in range(_SEEDS):
                exercise = make(skill, level, seed, rows)
                marks = [exercise.mark(answer).verdict for answer in exercise.solution()]
                count += 1
                if marks[-1] != "done" or set(marks) - {"right", "done"}:
                    unsolved.append(exercise.id)
                if exercise.mark(exercise.mistake()).verdict != "wrong":
                    unbroken.append(exercise.id)
    if as_json:
        write({"exercises": count, "lines": lines, "unsolved": unsolved, "unbroken": unbroken})
    else:
        sys.stdout.write(f"{lines} lines derived and proved; {count} exercises, each solved and broken.\n")
        for name in (*unsolved, *unbroken):
            sys.stdout.write(f"not as it should be: {name}\n")
    return ExitCode.DIFFERENT if unsolved or unbroken else ExitCode.OK
