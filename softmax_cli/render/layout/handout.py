"""An explanation as a page to hand out: Markdown, LaTeX without a preamble, or one HTML file."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from softmax_cli.io.text.markup import latex_number, latex_text, markdown_text
from softmax_cli.render.layout.blocks import Block, Heading, Paragraph, Table, Title
from softmax_cli.render.layout.numbers import number
from softmax_cli.render.layout.page import HEAD, TAIL

_POWER = re.compile(r"\^(?:\(([^()]*)\)|([A-Za-z0-9.]+))")
_INDEX = re.compile(r"([A-Za-z]|delta)_([A-Za-z]+)")
_NUMBER = re.compile(r"[-+]?(?:\d[\d.e+-]*|inf)")


class Form(NamedTuple):
    """How a page is written in one format; `end` stands behind each block."""

    text: Callable[[str], str]
    formula: Callable[[str], str]
    number: Callable[[str], str]
    heading: Callable[[str, int], str]
    paragraph: Callable[[str], str]
    table: Callable[[Sequence[Sequence[str]], Sequence[bool]], str]
    end: str


def written(blocks: Iterable[Block], form: str) -> Iterator[str]:
    """Yield a page as text, block by block, a title first; `form` is ``markdown``, ``latex`` or ``html``."""
    setting = FORMS[form]
    for n, block in enumerate(blocks):
        if n == 0 and form == "html":
            yield HEAD.format(title=escape(block.text if isinstance(block, Title) else ""))
        yield from (part + setting.end for part in _parts(block, setting))
    if form == "html":
        yield TAIL


def _parts(block: Block, form: Form) -> Iterator[str]:
    match block:
        case Title():
            at = f", temperature T = {number(block.temperature)}" if block.temperature != 1 else ""
            yield form.heading(_sentence(block.text + at, form), 1)
        case Heading():
            yield form.heading(_sentence(block.text, form), 2)
        case Paragraph():
            first = f"{block.number}. " if block.number else ""
            yield form.paragraph(first + _sentence(block.text, form))
            if block.example:
                yield form.paragraph(_sentence(block.example, form))
        case Table():
            lines = zip(*([column.head, *column.texts] for column in block.columns), strict=True)
            rows = [[_cell(text, form) for text in line] for line in lines]
            yield form.table(rows, [column.align != "left" for column in block.columns])


def _sentence(text: str, form: Form) -> str:
    parts = text.split("`")
    return "".join(form.formula(part) if n % 2 else form.text(part) for n, part in enumerate(parts))


def _cell(text: str, form: Form) -> str:
    """Write a cell: a number, a formula of ours, or a name as it stands."""
    if len(text) > 2 and text[0] == text[-1] == "`":
        return form.formula(text.strip("`"))
    if _NUMBER.fullmatch(text):
        return form.number(text)
    return form.text(text)


def _latex_formula(text: str) -> str:
    formula = _POWER.sub(lambda found: f"^{{{found[1] or found[2]}}}", text)
    formula = _INDEX.sub(lambda found: f"{found[1]}_{{{found[2]}}}", formula)
    for word in ("delta", "log", "max"):
        formula = re.sub(rf"\b{word}(?![a-z])", rf"\\{word}", formula)
    return f"${formula}$"


def _html_formula(text: str) -> str:
    formula = _INDEX.sub(lambda found: f"{found[1]}<sub>{found[2]}</sub>", escape(text))
    formula = _POWER.sub(lambda found: f"<sup>{found[1] or found[2]}</sup>", formula)
    return f'<i class="formula">{formula.replace("-", "−").replace("delta", "δ")}</i>'


def _markdown_table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    lines = [rows[0], ["--:" if one else ":--" for one in right], *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _latex_table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    shape = "".join("r" if one else "l" for one in right)
    head, *body = (" & ".join(line) + r" \\" for line in rows)
    lines = [rf"\begin{{tabular}}{{{shape}}}", r"\hline", head, r"\hline", *body, r"\hline", r"\end{tabular}"]
    return "\n".join([r"\begin{center}", *lines, r"\end{center}"])


def _html_table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    body = "\n".join(line(row, "td") for row in rows[1:])
    return f"<table>\n<thead>{line(rows[0], 'th')}</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


FORMS = {
    "markdown": Form(
        markdown_text,
        _latex_formula,
        str,
        lambda words, level: f"{'#' * level} {words}",
        str,
        _markdown_table,
        "\n\n",
    ),
    "latex": Form(
        latex_text,
        _latex_formula,
        latex_number,
        lambda words, level: rf"\{'sub' * (level - 1)}section*{{{words}}}",
        str,
        _latex_table,
        "\n\n",
    ),
    "html": Form(
        escape,
        _html_formula,
        lambda text: text.replace("-", "−"),
        lambda words, level: f"<h{level}>{words}</h{level}>",
        lambda words: f"<p>{words}</p>",
        _html_table,
        "\n",
    ),
}
