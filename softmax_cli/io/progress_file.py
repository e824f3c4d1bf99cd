"""The small file in which practice keeps what is due when; written whole or not at all."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from softmax_cli.errors import SoftmaxError

VERSION = 1
SPACING = (1, 3, 7, 16, 35)
"""Days until a skill is due again, after each time that it is done."""


@dataclass(frozen=True)
class SkillRecord:
    """How often a skill has been done, and when it is due."""

    level: int = 0
    due: date = date.min


@dataclass(frozen=True)
class SkillRecords:
    """The records by skill, and what was wrong with the file; one that cannot be read is not written."""

    records: Mapping[str, SkillRecord] = field(default_factory=dict)
    note: str | None = None
    writable: bool = True


def path() -> str:
    """Return where the file is kept: the user's data folder."""
    from platformdirs import user_data_path

    return os.fspath(user_data_path("softmax") / "practice.json")


def load(where: str) -> SkillRecords:
    """Return the file's content, nothing for a missing or a damaged file."""
    try:
        with open(where, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        return SkillRecords()
    except OSError as error:
        note = f"{where}: {error.strerror or error}: practice starts anew, and keeps nothing"
        return SkillRecords(note=note, writable=False)
    except (ValueError, RecursionError):
        return SkillRecords(note=f"{where} is damaged: practice starts anew")
    version = found.get("version") if isinstance(found, dict) else None
    if isinstance(version, int) and version > VERSION:
        note = f"{where} is of a newer version of softmax: it is left as it is"
        return SkillRecords(note=note, writable=False)
    skills = found.get("skills") if isinstance(found, dict) else None
    if version != VERSION or not isinstance(skills, dict):
        return SkillRecords(note=f"{where} is damaged: practice starts anew")
    return SkillRecords(
        {name: record for name, value in skills.items() if (record := _record(value)) is not None}
    )


def _record(value: Any) -> SkillRecord | None:
    try:
        return SkillRecord(max(0, int(value["level"])), date.fromisoformat(value["due"]))
    except (TypeError, ValueError, KeyError):
        return None


def days_after(level: int) -> int:
    """Return the days until a skill is due again that had been done `level` times, and is done once more."""
    return SPACING[min(level, len(SPACING) - 1)]


def done(where: str, skill: str, today: date, *, well: bool) -> str | None:
    """Record that a skill was practised, and return what went wrong, if anything.

    If it was not done `well`, it is due again tomorrow. What another process recorded meanwhile is kept.
    """
    progress = load(where)
    if not progress.writable:
        return None
    record = progress.records.get(skill, SkillRecord())
    days = days_after(record.level) if well else 1
    record = replace(record, level=record.level + well, due=today + timedelta(days=days))
    records = {**progress.records, skill: record}
    skills = {name: {"level": one.level, "due": one.due.isoformat()} for name, one in records.items()}
    text = json.dumps({"version": VERSION, "skills": skills}, indent=1) + "\n"
    return _write(where, text)


def _write(where: str, text: str) -> str | None:
    from softmax_cli.io.streams.output import open_output

    try:
        with suppress(FileExistsError):
            os.makedirs(os.path.dirname(where), exist_ok=True)
        with open_output(where, binary_format=False) as sink:
            sink.write(text.encode())
    except (OSError, SoftmaxError) as error:
        return f"what was practised is not kept: {error}"
    return None
