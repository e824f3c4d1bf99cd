"""The file of practice: skills spaced by days, written whole or not at all."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from softmax_cli.io.progress_file import SPACING, SkillRecords, done, load

TODAY = date(2026, 3, 1)


def test_what_is_done_comes_back_later_each_time(tmp_path: Path) -> None:
    """The days grow from 1 to 35; what went badly comes back tomorrow, at the same level."""
    where = str(tmp_path / "folder" / "practice.json")
    day = TODAY
    for level, days in enumerate((*SPACING, SPACING[-1]), start=1):
        assert done(where, "vjp", day, well=True) is None
        record = load(where).records["vjp"]
        assert (record.level, record.due) == (level, day + timedelta(days=days))
        day = record.due
    done(where, "vjp", day, well=False)
    record = load(where).records["vjp"]
    assert (record.level, record.due) == (len(SPACING) + 1, day + timedelta(days=1))


def test_two_programs_keep_what_each_has_done(tmp_path: Path) -> None:
    """What another process recorded meanwhile is kept."""
    where = str(tmp_path / "practice.json")
    done(where, "vjp", TODAY, well=True)
    done(where, "table", TODAY, well=True)
    assert set(load(where).records) == {"vjp", "table"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": "x", "skills": {}}', "\x00", "[" * 9999]
)
def test_a_damaged_file_is_no_obstacle(tmp_path: Path, text: str) -> None:
    """A note says so, and the file is written anew."""
    where = tmp_path / "practice.json"
    where.write_text(text)
    found = load(str(where))
    assert found.records == {}
    assert found.note is not None
    assert done(str(where), "vjp", TODAY, well=True) is None
    assert load(str(where)).records["vjp"].level == 1


def test_a_damaged_record_is_left_out(tmp_path: Path) -> None:
    """A damaged record is left out, and the others are read."""
    where = tmp_path / "practice.json"
    skills = {"vjp": {"level": 2, "due": "2026-03-04"}, "table": {"level": "x"}, "code": 3}
    where.write_text(json.dumps({"version": 1, "skills": skills}))
    assert set(load(str(where)).records) == {"vjp"}


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    """A file of a newer version is not read and not written."""
    where = tmp_path / "practice.json"
    text = json.dumps({"version": 99, "skills": {}})
    where.write_text(text)
    assert load(str(where)).note is not None
    assert done(str(where), "vjp", TODAY, well=True) is None
    assert where.read_text() == text


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder in its place, or a file in place of its folder, gives a note, not an error."""
    (tmp_path / "practice.json").mkdir()
    (tmp_path / "file").write_text("")
    for where in (str(tmp_path / "practice.json"), str(tmp_path / "file" / "practice.json")):
        assert "keeps nothing" in str(load(where).note)
        assert done(where, "vjp", TODAY, well=True) is None


def test_nothing_is_known_without_a_file(tmp_path: Path) -> None:
    """A first run, without a file, has no records and no note."""
    assert load(str(tmp_path / "practice.json")) == SkillRecords()
