"""How people write a line: plain, with Unicode signs, in LaTeX or as in Python, cut into the same tokens."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from softmax_cli.core.formula.lines.signs import (
    COMMANDS,
    INDEXED,
    LETTERS,
    LOWERED,
    NAMES,
    RAISED,
    SAME,
    SIGNS,
    SILENT,
    TWO_INDICES,
)
from softmax_cli.core.formula.tokens import LONGEST, Token
from softmax_cli.errors import FormulaError

_SPACE = re.compile(
    r"(?:\s|\\[,;:! ]|\\(?:q?quad|left|right|displaystyle|limits|nolimits|[bB]igg?[lr]?)(?![A-Za-z])|[$~])+"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\d.])")
_INDEX = re.compile(r"\d+")
_LETTERS = re.compile(r"[A-Za-z]+")
_PYTHON = re.compile(r"(?:np|numpy|math|torch|jnp|tf|sp|sympy)\.(?=[a-z])")
_HELD = re.compile(r"\s*\{([A-Za-z]+)\}")
_SIGN = re.compile(r"\*\*|==|!=|<=|>=|//|[-+*/^_()\[\]{}|,=<>']")
_ENDING = " .,;"
"""What may stand at the end of a line, as at that of a sentence."""
_HAT = re.compile(r"\\hat\s*(?:\{\s*([yp])\s*\}|([yp])(?![A-Za-z]))|[yp]\u0302")
"""The prediction, as many books write it: p."""
_NAME = re.compile("|".join(NAMES))


def line_tokens(line: str, classes: Sequence[str] = ()) -> list[Token]:
    r"""Return the tokens of a line as people write it, an "end" last.

    The names of the `classes` become tokens of the kind "class" after an underscore.

    Raises
    ------
    FormulaError
        If the line is too long, or has a word or a sign that no such line has.

    Examples
    --------
    >>> [token.text for token in line_tokens(r"-\frac{∂p₁}{S²}")]
    ['-', 'frac', '{', 'partial', 'p', '_', '1', '}', '{', 'S', '^', '(', '2', ')', '}', '']
    """
    if len(line) > LONGEST:
        raise FormulaError(f"a line of {len(line):,} characters: {LONGEST:,} are read", column=LONGEST)
    line = line.rstrip(_ENDING)
    return list(_Cutter(line, classes).tokens())


class _Cutter:
    """A line and how far it is cut."""

    def __init__(self, line: str, classes: Sequence[str]) -> None:
        self.line = line
        self.at = 0
        self.last = Token("sign", "", 0, spaced=False)
        self.before = self.last
        self.classes = classes
        self.names = _class_pattern(tuple(classes))
        self.braces = 0
        self.index_from = -1

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens."""
        while True:
            start = self.at
            space = _SPACE.match(self.line, self.at)
            if space:
                self.at = space.end()
            spaced = self.at > start
            if self.at >= len(self.line):
                yield Token("end", "", len(self.line), spaced)
                return
            for kind, text, column in self._next(spaced):
                self.before, self.last = self.last, Token(kind, text, column, spaced)
                self._count()
                yield self.last
                spaced = False

    def _count(self) -> None:
        """Keep account of the braces that an index stands in."""
        if self.last.text == "{":
            self.braces += 1
            if self.before.text == "_":
                self.index_from = self.braces
        elif self.last.text == "}":
            if self.braces == self.index_from:
                self.index_from = -1
            self.braces -= 1

    @property
    def _in_index(self) -> bool:
        return self.last.text == "_" or self.index_from > 0

    def _next(self, spaced: bool) -> Iterator[tuple[str, str, int]]:
        """Yield the one or more tokens that come next, and go past them."""
        column, sign = self.at, self.line[self.at]
        whole = self._whole()
        if whole is not None:
            yield whole
        elif sign.isascii() and (sign.isdigit() or (sign == "." and not self._after_letter(spaced))):
            yield self._number(spaced)
        elif sign == "\\":
            yield from self._command()
        elif sign in RAISED or sign in LOWERED:
            yield from self._raised(RAISED if sign in RAISED else LOWERED)
        elif sign in SIGNS:
            self.at += 1
            text = SIGNS[sign]
            yield ("word" if text.isalpha() else "sign"), text, column
        elif sign in '"″':
            self.at += 1
            yield "sign", "'", column
            yield "sign", "'", column
        elif sign.isalpha():
            yield from self._word()
        else:
            match = _SIGN.match(self.line, self.at)
            if match is None:
                raise FormulaError(f"{_shown(sign)} has no meaning in a line of mathematics", column=column)
            self.at = match.end()
            yield "sign", match.group(), column

    def _whole(self) -> tuple[str, str, int] | None:
        """Return the name of a class in an index, or a letter with a hat, and go past it; None for others."""
        column = self.at
        name = self.names.match(self.line, column) if self._in_index and self.names is not None else None
        found = name or _HAT.match(self.line, column)
        if found is None:
            return None
        self.at = found.end()
        return ("class", found.group(), column) if name else ("word", "p", column)

    def _after_letter(self, spaced: bool) -> bool:
        return not spaced and self.last.kind == "word" and self.last.text in INDEXED

    def _number(self, spaced: bool) -> tuple[str, str, int]:
        column = self.at
        pattern = _INDEX if self._in_index or self._after_letter(spaced) else _NUMBER
        match = pattern.match(self.line, self.at)
        if match is None:
            raise FormulaError("this is no number", column=column)
        self.at = match.end()
        return "number", match.group(), column

    def _command(self) -> Iterator[tuple[str, str, int]]:
        column = self.at
        match = _COMMAND.match(self.line, self.at)
        name = match.group(1) if match else self.line[self.at + 1 : self.at + 2]
        self.at += 1 + len(name)
        if name in ("(", ")", "[", "]"):
            return
        if name in SILENT:
            yield from self._silent()
            return
        if name in ("{", "}"):
            yield "sign", {"{": "(", "}": ")"}[name], column
            return
        text = COMMANDS.get(name)
        if text is None:
            raise FormulaError(f"\\{name} has no meaning here", column=column)
        yield ("word" if text.isalpha() else "sign"), text, column

    def _silent(self) -> Iterator[tuple[str, str, int]]:
        r"""Yield what a command such as \mathrm{e} holds, without its braces."""
        held = _HELD.match(self.line, self.at)
        if held is None:
            return
        column, self.at = held.start(1), held.end()
        if self._in_index and held.group(1) in self.classes:
            yield "class", held.group(1), column
        else:
            yield from self._names(held.group(1), range(column, held.end(1)))

    def _raised(self, signs: dict[str, str]) -> Iterator[tuple[str, str, int]]:
        """Yield what small signs stand for: ² is ^(2), ₁ is _1."""
        start = self.at
        while self.at < len(self.line) and self.line[self.at] in signs:
            self.at += 1
        plain = "".join(signs[sign] for sign in self.line[start : self.at])
        if signs is LOWERED:
            yield "sign", "_", start
            yield ("number" if plain.isdigit() else "word"), plain, start
            return
        yield "sign", "^", start
        yield "sign", "(", start
        for token in line_tokens(plain)[:-1]:
            yield token.kind, token.text, start
        yield "sign", ")", start

    def _word(self) -> Iterator[tuple[str, str, int]]:
        """Yield the names that a run of letters is made of."""
        if self.line[self.at].isascii():
            python = _PYTHON.match(self.line, self.at)
            self.at = python.end() if python else self.at
            match = _LETTERS.match(self.line, self.at)
            word = match.group() if match else ""
        else:
            word = unicodedata.normalize("NFKC", self.line[self.at])
            if not (word.isascii() and word.isalpha()):
                said = f"{_shown(self.line[self.at])} has no meaning in a line of mathematics"
                raise FormulaError(said, column=self.at)
            start, self.at = self.at, self.at + 1
            yield from self._names(word, [start] * len(word))
            return
        columns = range(self.at, self.at + len(word))
        self.at += len(word)
        yield from self._names(word, columns)

    def _names(self, word: str, columns: Sequence[int]) -> Iterator[tuple[str, str, int]]:
        done = 0
        if self._in_index or (self.last.text == "delta" and word[0] in LETTERS):
            letters = len(word) - len(word.lstrip(f"{LETTERS}K"))
            both = self.index_from > 0 or bool(TWO_INDICES & {self.before.text, self.last.text})
            most = letters if both else min(letters, 1)
            if not most:
                raise self._unknown_class(word, columns[0])
            for done in range(1, most + 1):
                yield "word", word[done - 1], columns[done - 1]
        while done < len(word):
            match = _NAME.match(word, done)
            if match is None:
                raise self._unknown(word, columns[0])
            name = match.group()
            text, index = _apart(name)
            yield "word", text, columns[done]
            if index:
                yield "sign", "_", columns[done]
                yield "word", index, columns[done]
            done += len(name)

    def _unknown_class(self, word: str, column: int) -> FormulaError:
        known = next((name for name in self.classes if name and word.startswith(name)), None)
        hint = f"the classes are {', '.join(self.classes)}" if self.classes else "the classes are i and j"
        if known is not None:
            hint = f"with a space: {known} {word.removeprefix(known)}"
        return FormulaError(f"there is no class {word!r}", column=column, hint=hint)

    def _unknown(self, word: str, column: int) -> FormulaError:
        hint = "the names are p, z, y, e, S, f, g, L, T, exp, log, sum, delta; a class follows _: p_1"
        return FormulaError(f"{word!r} is no name here", column=column, hint=hint)


@lru_cache(maxsize=64)
def _class_pattern(classes: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what matches the name of a class where it ends."""
    names = sorted({name for name in classes if name}, key=len, reverse=True)
    if not names:
        return None
    return re.compile("(?:" + "|".join(re.escape(name) for name in names) + rf")(?![^\W_{''.join(RAISED)}])")


def _apart(name: str) -> tuple[str, str]:
    """Return a name's word and its index letters: pi is p and i, dij is delta and ij."""
    if name in ("dij", "dji", "dii", "djj"):
        return "delta", name[1:]
    if len(name) == 2 and name[1] in "ijk":
        return name[0], name[1]
    return SAME.get(name, name), ""


def _shown(sign: str) -> str:
    """Return a sign as it can be printed."""
    return repr(sign) if sign.isprintable() else f"the sign U+{ord(sign):04X}"
