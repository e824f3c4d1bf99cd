"""The reliability diagram at a terminal and as a page."""

import io

import numpy as np
import pytest

from softmax_cli.core.reliability.reliability import reliability
from softmax_cli.core.reliability.results import Reliability
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.results.trust.reliability import reliability as drawn
from softmax_cli.render.results.trust.reliability import verdict
from softmax_cli.render.results.trust.reliability_picture import picture


def found(scale: float) -> Reliability:
    """Return the reliability of a model whose logits are `scale` times those of a calibrated one."""
    rng = np.random.default_rng(8)
    z = rng.normal(size=(400, 3)) * 2
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    labels = (p.cumsum(axis=1) < rng.random((400, 1))).sum(axis=1).clip(0, 2)
    return reliability(z * scale, labels, resamples=100)


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("unicode", [True, False])
def test_the_picture_fits(width: int, unicode: bool) -> None:
    """No line is wider than the screen, and without Unicode every character is ASCII."""
    stream = io.StringIO()
    screen = Screen(stream, width=width, unicode=unicode)
    screen.show(drawn(found(3.0), "top", screen))
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert unicode or text.isascii()


def test_the_verdict() -> None:
    """Too sure, not sure enough and calibrated models are told apart, in words."""
    assert "too sure" in verdict(found(3.0))
    assert "not sure enough" in verdict(found(0.3))
    assert "no more off than chance" in verdict(found(1.0))


def test_the_page_stands_alone() -> None:
    """The page holds a drawing, every measure, escaped names, and loads nothing."""
    page = picture(found(1.0), "<b>", "html").decode()
    assert "<svg" in page
    assert "brier_mcb" in page
    assert "&lt;b&gt;" in page
    assert "src=" not in page
    assert "http" not in page


@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures(form: str, begins: bytes) -> None:
    """With matplotlib the diagram is a PNG or an SVG."""
    pytest.importorskip("matplotlib")
    assert picture(found(1.0), "top", form).startswith(begins)
