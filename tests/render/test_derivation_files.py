"""Derivations as Markdown, LaTeX and HTML."""

import re
import shutil
import subprocess
from functools import cache
from html import escape
from pathlib import Path
from xml.dom import minidom

import pytest

from softmax_cli.render.derivation.formats import Telling, written
from softmax_cli.tutor.derive import derive, follow_ups
from softmax_cli.tutor.evaluated_derivation import Lesson
from softmax_cli.tutor.narratives.general import general
from tests.tutor.cases import ROUTES

STRANGE = (
    "50%",
    "a_b",
    "<b>&amp;",
    "Iris-virginica",
    "lambda",
    "S",
    "T",
    "p_1",
    "λ",
    "日本",
    "$x^2$",
    '\\evil{}#~"|',
)
INSTALL_TEX = "apt-get install texlive-latex-base"
INSTALL_BROWSER = "apt-get install chromium"


@cache
def lessons() -> list[Lesson]:
    """Return derivations of every kind, among them one with names of every kind."""
    classes = ("setosa", "versicolor", "virginica")
    logits = (1.43, -0.4, 0.23)
    found = [
        Lesson(
            derive(f, 3, 0, 1, temperature=True, route=r), classes, named=True, temperature=2.5, logits=logits
        )
        for f, r in ROUTES
    ]
    found += [
        Lesson(derivation, classes if derivation.members is None else classes[:2], named=True)
        for derivation in follow_ups(3, 0, 1)
    ]
    found.append(Lesson(general("softmax"), ()))
    k = len(STRANGE)
    numbers = tuple(float(m) for m in range(k))
    strange = [Lesson(derive("softmax", k, i, k - 1), STRANGE, named=True, logits=numbers) for i in (1, 2)]
    return [*found, *strange]


@cache
def file(format: str) -> str:
    """Return the file as text."""
    return b"".join(written(Telling((), lessons()), format)).decode()


@pytest.mark.parametrize("program", ["pdflatex", "lualatex"])
def test_latex_compiles(program: str, tmp_path: Path) -> None:
    """A real TeX sets the document as it stands, names with its own signs included."""
    if not shutil.which(program):
        pytest.skip(f"no {program}: {INSTALL_TEX}")
    (tmp_path / "lesson.tex").write_text(file("latex"), encoding="utf-8")
    ended = subprocess.run(
        [program, "-interaction=nonstopmode", "-halt-on-error", "lesson.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stdout.decode(errors="replace")[-2000:]
    assert (tmp_path / "lesson.pdf").stat().st_size > 10_000


def test_html_is_one_well_formed_file() -> None:
    """The page is well-formed, fetches nothing, runs nothing, and shows names as text."""
    page = file("html")
    body = page[page.index("<body>") : page.index("</html>")]
    minidom.parseString(body)
    assert not re.search(r"<script|http|<link|<img|src=|@import|url\(", page)
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;amp;" in page
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page


def test_html_is_drawn_by_a_browser(tmp_path: Path) -> None:
    """A real browser draws the formulas as high as fractions are; a phone need not scroll sideways."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip(f"no browser: {INSTALL_BROWSER}")
    frames = "".join(
        f'<iframe width="{width}" height="900" srcdoc="{escape(file("html"))}"></iframe>'
        for width in (360, 500, 1200)
    )
    probe = (
        "<script>onload = () => document.title = [...document.querySelectorAll('iframe')].map(frame => {"
        "const {document: page, innerWidth} = frame.contentWindow;"
        "const heights = [...page.querySelectorAll('mfrac')].map(e => e.getBoundingClientRect().height);"
        "return [page.documentElement.scrollWidth <= innerWidth, Math.min(...heights) > 8,"
        "heights.length > 50].join()}).join()</script>"
    )
    screens = tmp_path / "screens.html"
    screens.write_text(f"<!doctype html><title></title>{frames}{probe}", encoding="utf-8")
    ended = subprocess.run(
        [
            browser,
            *("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"),
            *("--window-size=1400,900", "--dump-dom", screens.as_uri()),
        ],
        capture_output=True,
        check=False,
        timeout=120,
    )
    told = re.search("<title>(.*?)</title>", ended.stdout.decode())
    assert told is not None
    assert told[1] == ",".join(["true"] * 9)


def test_markdown_has_nothing_that_a_host_would_take_away() -> None:
    """No formula holds a backslash before punctuation, and every dollar sign opens or closes one."""
    page = file("markdown")
    formulas = re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", page)
    assert len(formulas) > 200
    for formula in formulas:
        assert not re.search(r"\\[^A-Za-z]", "".join(formula)), formula
    for line in page.splitlines():
        assert line.count("$") % 2 == 0, line
    assert "<b>" not in page


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "html", "json"])
def test_every_file_is_utf8_without_escapes(format: str) -> None:
    """A file holds no control character but line ends."""
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", file(format))
