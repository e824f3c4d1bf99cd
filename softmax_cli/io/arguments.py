"""Logits on the command line: numbers, ``a,b,c``, ``name=value``, or the name of a file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from softmax_cli.errors import InputError
from softmax_cli.io.cells.numbers import NotANumberError, is_meant_as_number, read_number, with_point
from softmax_cli.io.cells.wording import shown
from softmax_cli.io.options import ReadOptions, first_given
from softmax_cli.io.streams.source import is_address, near_file
from softmax_cli.io.table.class_lookup import name_classes
from softmax_cli.io.table.columns import first_twin

if TYPE_CHECKING:
    from softmax_cli.io.table.batch import Batch

STANDARD_INPUT = "-"
_FILE_ONLY = {
    "columns": "--columns",
    "header": "--header/--no-header",
    "delimiter": "--delimiter",
    "input_format": "--input-format",
    "target_column": "--target-column",
    "weight_column": "--weight-column",
    "soft": "--soft",
    "long": "--long",
}


def file_names(words: Sequence[str]) -> list[str] | None:
    """Return the files that the words name (``-`` for standard input), or None if they are a vector.

    A glob that the shell has not expanded, and that is not itself the name of a file, stands for its matches.

    Raises
    ------
    InputError
        If the words are neither.
    """
    if not words:
        return [STANDARD_INPUT]
    if all(map(_is_vector, words)):
        return None
    words = [name for word in words for name in _matching(word)]
    files = [
        word
        for word in words
        if not _is_vector(word) and (word == STANDARD_INPUT or is_address(word) or os.path.exists(word))
    ]
    if len(words) == 1 and (files or _looks_like_file(words[0])):
        return words
    if len(files) == len(words):
        twin = first_twin(files)
        if twin is not None:
            raise InputError(f"the file {shown(files[twin[0]])} is there twice")
        return files
    if files and any(map(_is_vector, words)):
        raise InputError(f"numbers and the file {shown(files[0])}", hint="give numbers, or files")
    if files and (missing := next((w for w in words if w not in files and _looks_like_file(w)), None)):
        raise InputError("no such file", where=missing, hint=near_file(missing))
    raise _neither(next(word for word in words if not _is_vector(word) and word not in files))


def _matching(word: str) -> list[str]:
    """Return the files that a glob matches, in order, or any other word itself."""
    if is_address(word):
        from softmax_cli.io.streams.store import matching

        return matching(word) if any(sign in word for sign in "*?[") else [word]
    if not any(sign in word for sign in "*?[") or "=" in word or os.path.exists(word):
        return [word]
    import glob

    return sorted(glob.glob(word, recursive=True)) or [word]


def read_arguments(words: Sequence[str], options: ReadOptions) -> Batch:
    """Return the one vector of the command line."""
    import numpy as np

    from softmax_cli.io.table.batch import Batch

    values, classes, named = read_vector(words, options)
    return Batch(np.array([values]), classes, named, from_arguments=True, where=lambda _: "")


def read_vector(words: Sequence[str], options: ReadOptions) -> tuple[list[float], tuple[str, ...], bool]:
    """Return the logits of the command line, their classes, and whether those have names; without numpy."""
    option = first_given({option: getattr(options, field) for field, option in _FILE_ONLY.items()})
    if option is not None:
        raise InputError("there is no file or standard input that it could be about", where=option)
    parts = _parts(words, options.decimal)
    pairs = [_pair(part) for part in parts]
    names = [name for name, _ in pairs]
    own = [name for name in names if name is not None]
    if own and len(own) < len(names):
        raise InputError(
            f"{shown(parts[names.index(None)])} has no name, where other logits have one",
            hint="name all of them, as in a=1 b=2, or none",
        )
    twin = first_twin(own)
    if twin is not None:
        raise InputError(f"classes {twin[0] + 1} and {twin[1] + 1} are both called {shown(own[twin[1]])}")
    values = [read_number(text) for _, text in pairs]
    return values, *name_classes(len(values), own or None, options)


def _parts(words: Sequence[str], decimal: str | None = None) -> list[str]:
    """Cut words into their numbers: at commas, and at blanks and brackets within a word.

    A comma at the end of a word (``1, 2``) only separates it from the next.
    """
    parts: list[str] = []
    for i, word in enumerate(words):
        text = word.removesuffix(",") if i + 1 < len(words) else word
        if decimal == ",":
            parts += [with_point(part) for part in re.split(r"[\s;]+", text.strip())]
        else:
            parts += _listed(text) or text.split(",")
    return parts


def _listed(word: str) -> list[str] | None:
    """Return the numbers of a word that holds several, in brackets or separated by blanks."""
    if not any(sign in word for sign in "[( ;\t\n"):
        return None
    from softmax_cli.io.cells.lists import bare_list_texts, list_texts

    return list_texts(word) or bare_list_texts(word)


def _pair(part: str) -> tuple[str | None, str]:
    name, equals, value = part.rpartition("=")
    return (name.strip(), value) if equals else (None, part)


def _is_vector(word: str) -> bool:
    return all(_part_error(part) is None for part in _parts([word, ""])[:-1])


def _part_error(part: str) -> str | None:
    """Return what is wrong with a part of a vector, or None."""
    name, value = _pair(part)
    if name == "":
        return f"{shown(part)} gives a logit to a class without a name"
    try:
        read_number(value)
    except NotANumberError as error:
        return str(error)
    return None


def _looks_like_file(word: str) -> bool:
    """Return whether a word was probably meant as a file: it has a folder or an ending."""
    ending = os.path.splitext(word)[1]
    return (os.sep in word or ending[1:2].isalpha()) and "," not in word and "=" not in word


def _neither(word: str) -> InputError:
    """Return the error for a word that is neither a number nor a file."""
    parts = _parts([word, ""])[:-1]
    if len(parts) > 1 or "=" in word or is_meant_as_number(word):
        for part in parts:
            reason = _part_error(part)
            if reason is not None:
                empty = not _pair(part)[1].strip()  # then the reason quotes nothing
                return InputError(reason, where=shown(word) if empty else None)
    return InputError(f"{shown(word)} is not a number, nor a file", hint=near_file(word))
