"""Which classes a line speaks of, and how its indices name them."""

from dataclasses import dataclass

from softmax_cli.core.formula.parser import Parser
from softmax_cli.core.formula.tokens import Token
from softmax_cli.core.formula.tree import Node, Number, Symbol
from softmax_cli.errors import FormulaError


@dataclass(frozen=True)
class IndexNames:
    """What a line is about.

    Parameters
    ----------
    classes
        The names of the classes; none where there are K of them, and letters alone name them.
    of, wrt
        The classes, counted from 1, that the letters i and j stand for; None where they stay letters.
    """

    classes: tuple[str, ...] = ("1", "2", "3")
    of: int | None = None
    wrt: int | None = None

    def index(self, name: str) -> int | None:
        """Return the number of a class, counted from 1, by its name."""
        return self.classes.index(name) + 1 if name in self.classes else None

    @property
    def letters(self) -> dict[str, Node]:
        """What the index letters stand for."""
        given = {"i": self.of, "j": self.wrt}
        return {letter: Symbol(letter) if k is None else Number(k) for letter, k in given.items()}


class IndexParser(Parser):
    """A parser that knows the classes."""

    def __init__(self, line: list[Token], setting: IndexNames) -> None:
        super().__init__(line)
        self.setting = setting
        self.letters = setting.letters

    def index(self, token: Token) -> Node:
        """Return one index, of a name that has one."""
        found = self.indices(token)
        if len(found) != 1:
            raise FormulaError(f"{token.text} has one index", column=token.column)
        return found[0]

    def indices(self, token: Token, most: int = 1) -> list[Node]:
        """Return the indices after an underscore, or the digits directly after a name."""
        self.takes("_")
        if (
            self.token.kind == "sign"
            and self.token.text in ("{", "(")
            and self.tokens[self.at - 1].text == "_"
        ):
            return self.listed({"{": "}", "(": ")"}[self.next().text])
        found: list[Node] = []
        while len(found) < most and (not found or not self.token.spaced):
            if self.token.kind not in ("number", "word", "class"):
                break
            found += self.numbered(self.next(), most)
        if not found:
            raise FormulaError(f"an index is expected after {token.text}_", column=self.token.column)
        return found

    def listed(self, closing: str) -> list[Node]:
        """Return the indices up to a closing bracket."""
        found: list[Node] = []
        while not self.takes(closing):
            token = self.next()
            if token.text in (",", "{", "}") and token.kind == "sign":
                continue
            if token.kind not in ("number", "word", "class"):
                raise FormulaError(f"{closing} is missing", column=token.column)
            found += self.numbered(token, 2)
        return found

    def numbered(self, token: Token, most: int) -> list[Node]:
        """Return the classes that a token names."""
        own = self.setting.index(token.text)
        if own is not None:
            return [Number(own)]
        if token.kind == "word":
            return [self._letter(letter, token) for letter in token.text]
        k = len(self.setting.classes)
        if token.text.isdecimal():
            if most > 1 and len(token.text) == 2 and k < 10:
                return [self._class(int(digit), token) for digit in token.text]
            return [self._class(int(token.text[:9]), token)]
        raise FormulaError(f"there is no class {token.text!r}", column=token.column)

    def _class(self, k: int, token: Token) -> Node:
        count = len(self.setting.classes)
        if 1 <= k <= count:
            return Number(k)
        if not count:
            raise FormulaError("the classes are called i and j here", column=token.column, hint="p_i, or p_j")
        hint = "a product is written p_1 p_2" if k > 9 else None
        raise FormulaError(f"there is no class {k}: there are {count}", column=token.column, hint=hint)

    def _letter(self, letter: str, token: Token) -> Node:
        if letter in self.letters:
            return self.letters[letter]
        raise FormulaError(f"{letter} is no class here: i and j are", column=token.column)
