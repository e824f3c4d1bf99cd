"""Names and glyphs made safe to print: one way to ASCII, no control characters, and widths in cells."""

import unicodedata

_ASCII = str.maketrans(
    {
        "▸": ">",
        "…": "~",
        "─": "-",
        "│": "|",
        "·": "-",
        "∂": "d",
        "×": "x",
        "█": "#",
        "▉": "#",
        "▊": "#",
        "▋": "#",
        "▌": "#",
        "▐": "#",
        "▍": ".",
        "▎": ".",
        "▏": ".",
        "▕": ".",
        "▁": ".",
        "▂": ":",
        "▄": "o",
        "▆": "O",
        "●": "O",
        "↑": "^",
        "↓": "v",
        "←": "<",
        "→": ">",
        "−": "-",
        "²": "2",
    }
)
_OWN = frozenset(map(chr, [*range(32, 127), *_ASCII]))
"""ASCII and our own glyphs, each of one cell."""

_ZERO_WIDTH_JOINER = "\u200d"
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def spell(text: str, *, unicode: bool) -> str:
    """Return the program's own text, its glyphs replaced by ASCII of the same width unless `unicode`.

    >>> spell("▸ 1 · 2", unicode=False)
    '> 1 - 2'
    """
    return text if unicode else text.translate(_ASCII)


def clean(text: str, encoding: str = "utf-8") -> str:
    r"""Return text of the input, with backslash escapes for what a terminal would obey or cannot print.

    Control and format characters (escape sequences, line ends, changes of direction) are escaped, so that a
    name can neither move the cursor nor turn a line around; so is what `encoding` cannot represent.

    >>> clean("a\x1b[31m\nb")
    'a\\x1b[31m\\nb'
    >>> clean("né", "ascii")
    'n\\xe9'
    """
    if text.isascii() and text.isprintable():
        return text
    safe = "".join(_escaped(character) if _unsafe(character) else character for character in text)
    return safe.encode(encoding, "backslashreplace").decode(encoding)


def _unsafe(character: str) -> bool:
    return unicodedata.category(character) in _UNSAFE and character != _ZERO_WIDTH_JOINER


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def cells(text: str) -> int:
    """Return how many cells of a terminal `text` covers: a wide character two, a combining one none."""
    if text.isascii() or _OWN.issuperset(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def shorten(name: str, most: int, *, unicode: bool = True) -> str:
    """Return a name in at most `most` cells: head, ellipsis, and tail, which often tells names apart.

    The ellipsis never stands beside a digit, so that no name reads as a number cut short.

    >>> shorten("versicolor", 8)
    'vers…lor'
    >>> shorten("digit_12345", 9)
    'digit_…'
    """
    if cells(name) <= most:
        return name
    ellipsis = spell("…", unicode=unicode)
    tail = _tail(name, (most - 1) // 2)
    head = cut(name, most - 1 - cells(tail)).rstrip("0123456789")
    return f"{head}{ellipsis}{tail}"


def cut(text: str, most: int) -> str:
    """Return the beginning of `text` that fits into `most` cells."""
    end = len(text)
    while end and cells(text[:end]) > most:
        end -= 1
    return text[:end]


def _tail(text: str, most: int) -> str:
    start = 0
    while start < len(text) and (cells(text[start:]) > most or unicodedata.combining(text[start])):
        start += 1
    return text[start:].lstrip("0123456789")


def left(text: str, width: int) -> str:
    """Return `text` padded on the right to `width` cells."""
    return text + " " * (width - cells(text))


def right(text: str, width: int) -> str:
    """Return `text` padded on the left to `width` cells."""
    return " " * (width - cells(text)) + text


def wrap(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """Break a paragraph into lines of at most `width` cells: the first behind `first`, the others `rest`.

    >>> wrap("Add them up: the sum is 3.", 20, first="4. ", rest="   ")
    ['4. Add them up: the', '   sum is 3.']
    """
    rest = first if rest is None else rest
    lines, line, blank = [], first, True
    for word in text.split():
        if not blank and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line, blank = rest, True
        line = line + word if blank else f"{line} {word}"
        blank = False
        while cells(line) > width:
            begun = cut(line, width)
            lines.append(begun)
            line = rest + line[len(begun) :]
    return [*lines, line]
