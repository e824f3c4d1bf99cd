"""Explanations as pages: the words and the numbers of the screen, well-formed in every format."""

from xml.dom import minidom

import pytest

from softmax_cli.render.layout.blocks import Block, Heading, Paragraph, Table, Title
from softmax_cli.render.layout.handout import FORMS, written
from softmax_cli.render.layout.table import Column
from tests.program import shell

PAGE: list[Block] = [
    Title("softmax, `p_i`: <b>", 2.0),
    Paragraph("Take `e^(z - max)` of each & all.", 3, "a_b: `e^(-0.5) = 0.6065`"),
    Heading("row 1"),
    Table([Column("class", ["50%", "<i>"], "left"), Column("`e^z`", ["-1.5e-7", "2"])]),
]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            "html",
            ["<h1>softmax, <i", "p<sub>i</sub>", "&lt;b&gt;", "e<sup>z − max</sup>", "<td>−1.5e−7</td>"],
        ),
        ("latex", [r"\section*{softmax, $p_{i}$", r"$e^{z - \max}$", r"50\% & $-1.5 \times 10^{-7}$"]),
        ("markdown", ["# softmax, $p_{i}$", "$e^{z - \\max}$", "| 50% | -1.5e-7 |", r"a\_b"]),
    ],
)
def test_formulas_are_set_and_names_stay_as_they_are(form: str, said: list[str]) -> None:
    """Formulas become formulas, text is escaped, and the temperature is in the title."""
    page = "".join(written(PAGE, form))
    assert set(FORMS) == {"html", "latex", "markdown"}
    assert all(words in page for words in [*said, "T = 2"]), page


@pytest.mark.parametrize("command", ["probs --steps", "jacobian", "jacobian --vjp 1,0,0"])
def test_commands_hand_out_pages(command: str) -> None:
    """A page has no script, fetches nothing, and can be read as XML."""
    page = shell(f"softmax {command} 1.43 -0.4 0.23 -f html").stdout
    minidom.parseString(page[page.index("<body>") : page.index("</html>")])
    assert "http" not in page
    assert "<script" not in page
