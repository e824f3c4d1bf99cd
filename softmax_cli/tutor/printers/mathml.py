"""Expressions as presentation MathML, which browsers draw without a script."""

from functools import partial
from html import escape

from softmax_cli.tutor.printers.page import PagePrinter, Templates

_SIGNS = {sign: f"<mo>{sign}</mo>" for sign in "+−·⋯"}


class BoardMathMLPrinter(PagePrinter):
    """Write MathML, the inside of a ``math`` element.

    What is highlighted is an ``mrow`` of the class ``changed``.
    """

    form = Templates(
        signs={**_SIGNS, "-": _SIGNS["−"], " ": '<mspace width="0.2em"/>'},
        letters={},
        escape=partial(escape, quote=False),
        letter="<mi>{0}</mi>",
        digits="<mn>{0}</mn>",
        text="<mtext>{0}</mtext>",
        row="<mrow>{0}</mrow>",
        bracketed="<mrow><mo>(</mo>{0}<mo>)</mo></mrow>",
        fraction="<mfrac>{0}{1}</mfrac>",
        raised="<msup>{0}{1}</msup>",
        lowered="<msub>{0}{1}</msub>",
        primed="<msup>{0}<mo>′</mo></msup>",
        derivative="<mfrac><mrow><mi>∂</mi>{0}</mrow><mrow><mi>∂</mi>{1}</mrow></mfrac>",
        second_derivative="<mfrac><mrow><msup><mi>∂</mi><mn>2</mn></msup>{0}</mrow>"
        "<mrow><mi>∂</mi>{1}<mi>∂</mi>{2}</mrow></mfrac>",
        logarithm='<mrow><mi>log</mi><mspace width="0.2em"/>{0}</mrow>',
        logarithm_of_name='<mrow><mi>log</mi><mspace width="0.2em"/>{0}</mrow>',
        over="<mrow><munderover><mo>∑</mo><mrow>{0}<mo>=</mo><mn>1</mn></mrow><mi>K</mi></munderover>{1}</mrow>",
        changed='<mrow class="changed">{0}</mrow>',
    )

    def index(self, index: str) -> str:
        """Return what stands below a letter."""
        if index.isdecimal():
            return super().index(index)
        return self.text(index) if self.names.named else self.letter(index)
