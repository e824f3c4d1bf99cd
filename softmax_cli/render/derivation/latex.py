"""Derivations as a LaTeX document that compiles as it stands, with pdflatex, xelatex and lualatex."""

import unicodedata
from collections.abc import Iterator, Sequence

from softmax_cli.render.derivation.formats import Telling
from softmax_cli.render.derivation.tex import TexPage
from softmax_cli.tutor.derivation import Step
from softmax_cli.tutor.printers.latex import escaped

_HEAD = r"""\documentclass[a4paper]{article}
\usepackage{amsmath}
\usepackage{color}
\definecolor{changed}{rgb}{0,0.33,0.64}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\textwidth}{16cm}
\setlength{\oddsidemargin}{0cm}
\setlength{\textheight}{24cm}
\setlength{\topmargin}{-1cm}
\sloppy
"""
_NEEDED = r"""% Needs \usepackage{amsmath,color} and \definecolor{changed}{rgb}{0,0.33,0.64}.
"""
_ACCENTS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0307\u0308\u030a\u030b\u030c\u0327")
_LETTERS = frozenset("æøåßœłÆØÅŒŁ")


def write(telling: Telling) -> Iterator[str]:
    r"""Yield the document, block by block; of a fragment, what can be \\input."""
    blocks = list(_LatexPage.blocks(telling.lessons))
    if telling.fragment:
        yield _NEEDED
        yield from blocks
        return
    yield _HEAD
    yield from _stand_ins("".join(blocks))
    yield "\\begin{document}\n\n"
    yield from blocks
    yield "\\end{document}\n"


def _stand_ins(text: str) -> Iterator[str]:
    """Declare stand-ins for the signs that pdflatex's fonts lack; other engines have other fonts."""
    strange = sorted(sign for sign in set(text) if not sign.isascii() and not _known(sign))
    if strange:
        yield "\\ifdefined\\DeclareUnicodeCharacter\n"
        yield from (
            f"\\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{{_stand_in(sign)}}}\n" for sign in strange
        )
        yield "\\fi\n"


def _known(sign: str) -> bool:
    parts = unicodedata.normalize("NFD", sign)
    return sign in _LETTERS or (parts[0].isascii() and parts[0].isalpha() and parts[1:] in _ACCENTS)


def _stand_in(sign: str) -> str:
    name = unicodedata.name(sign, "")
    word = name.rsplit(" ", 1)[-1].lower()
    if name.startswith("GREEK SMALL LETTER ") and " WITH " not in name and word in _GREEK:
        return rf"\ensuremath{{\{word}}}"
    return rf"\texttt{{U+{ord(sign):04X}}}"


_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu", "xi"}
    | {"pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"}
)


class _LatexPage(TexPage):
    name = "latex"
    rule = "\n{}"
    part = "\\begin{{quote}}\n{}\n{}\n\\end{{quote}}"

    def escape(self, text: str) -> str:
        return escaped(unicodedata.normalize("NFC", text)).replace("≠", r"$\neq$")

    def equation(self, step: Step) -> str:
        return rf"\[ {self.line(step, highlighted=True)} \]"

    def table(self, rows: Sequence[tuple[str, str, str] | None]) -> str:
        lines = [f"{self.escape(row[0])} & ${row[1]}$ & ${row[2]}$" if row else r"\dots & & " for row in rows]
        body = " \\\\\n".join(["class & $z$ & $p$ \\\\ \\hline", *lines]).replace("\\hline \\\\", "\\hline")
        return f"\\begin{{center}}\n\\begin{{tabular}}{{lrr}}\n{body}\n\\end{{tabular}}\n\\end{{center}}"
