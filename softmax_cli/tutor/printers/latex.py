r"""Expressions as LaTeX, for amsmath and for MathJax: \frac{e^{z_{\text{setosa}}}}{S}."""

from softmax_cli.tutor.printers.page import PagePrinter, Templates

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    '"': r"{\ttfamily\char34}",
}


def escaped(text: str) -> str:
    r"""Return text that LaTeX sets as it stands.

    Examples
    --------
    >>> print(escaped("50% of a_b"))
    50\% of a\_b
    """
    return "".join(_SPECIAL.get(sign, sign) for sign in text).replace("--", "-{}-")


class BoardLatexPrinter(PagePrinter):
    """Write LaTeX; what is highlighted has the colour ``changed``."""

    form = Templates(
        signs={"+": " + ", "−": " - ", "·": r" \cdot ", "⋯": r"\cdots"},
        letters={"δ": r"\delta"},
        escape=escaped,
        letter="{0}",
        digits="{0}",
        text=r"\text{{{0}}}",
        row="{0}",
        bracketed=r"\left({0}\right)",
        fraction=r"\frac{{{0}}}{{{1}}}",
        raised="{0}^{{{1}}}",
        lowered="{0}_{{{1}}}",
        primed="{0}'",
        derivative=r"\frac{{\partial {0}}}{{\partial {1}}}",
        second_derivative=r"\frac{{\partial^2 {0}}}{{\partial {1} \partial {2}}}",
        logarithm=r"\log{0}",
        logarithm_of_name=r"\log {0}",
        over=r"\sum_{{{0}=1}}^{{K}} {1}",
        changed=r"{{\color{{changed}} {0}}}",
    )

    def index(self, index: str) -> str:
        """Return what stands below a letter."""
        return self.text(index) if self.names.named and self.names.spelled else index
