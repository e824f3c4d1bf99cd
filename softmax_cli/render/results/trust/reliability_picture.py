"""`reliability -o`: the diagram as a picture by matplotlib, or as a page that needs nothing else."""

import html
import io
from collections.abc import Iterator
from typing import Any

from softmax_cli.core.reliability.results import Reliability
from softmax_cli.errors import InputError
from softmax_cli.render.layout.numbers import number, percent
from softmax_cli.render.results.trust.reliability import heading, verdict

_BLUE, _ORANGE = "#0087d7", "#d75f00"


def picture(found: Reliability, scope: str, form: str) -> bytes:
    """Return the diagram as ``png``, ``svg`` or ``html``.

    Raises
    ------
    InputError
        If matplotlib is needed and not installed.
    """
    return page(found, scope).encode() if form == "html" else _plotted(found, scope, form)


def _plotted(found: Reliability, scope: str, form: str) -> bytes:
    try:
        import matplotlib as mpl  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise InputError(
            f"a {form} picture needs matplotlib",
            where="--output",
            hint="-o diagram.html needs nothing, or pip install 'softmax-tutor[plot]'",
        ) from None
    mpl.use("Agg")
    from matplotlib.figure import Figure  # type: ignore[import-not-found,unused-ignore]

    mpl.rcParams["svg.hashsalt"] = "softmax"  # the same bytes each time
    figure = Figure(figsize=(6, 6.6), layout="constrained")
    axes, counts = figure.subplots(2, 1, height_ratios=[5, 1], sharex=True)
    _draw_blocks(found, axes)
    _draw_counts(found, counts)
    axes.set_title(heading(found, scope), fontsize=10)
    figure.text(0.5, -0.01, verdict(found), ha="center", va="top", wrap=True, fontsize=8)
    stream = io.BytesIO()
    metadata = {"Date": None} if form == "svg" else None
    figure.savefig(stream, format=form, dpi=150, metadata=metadata, bbox_inches="tight")
    return stream.getvalue()


def _draw_blocks(found: Reliability, axes: Any) -> None:
    blocks = found.diagram
    axes.plot([0, 1], [0, 1], ":", color="grey", label="as said")
    if blocks[0].band_low is not None:
        ends = [x for block in blocks for x in (block.confidence_low, block.confidence_high)]
        low = [block.band_low for block in blocks for _ in range(2)]
        high = [block.band_high for block in blocks for _ in range(2)]
        label = "95 % of calibrated models"
        axes.fill_between(ends, low, high, color=_BLUE, alpha=0.2, linewidth=0, label=label)
    for i, block in enumerate(blocks):
        ends = [block.confidence_low, block.confidence_high]
        name = "came true" if i == 0 else None
        axes.plot(ends, [block.observed] * 2, color=_ORANGE, linewidth=3, solid_capstyle="round", label=name)
    axes.set_ylabel("how often it came true")
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlim(-0.02, 1.02)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(loc="upper left", fontsize=8)


def _draw_counts(found: Reliability, axes: Any) -> None:
    for block in found.diagram:
        width = max(block.confidence_high - block.confidence_low, 0.004)
        axes.bar(block.confidence_low, block.rows, width, align="edge", color=_BLUE, alpha=0.6)
    axes.set_yscale("log")
    axes.set_ylabel("rows")
    axes.set_xlabel("confidence: how sure the model was")


def page(found: Reliability, scope: str) -> str:
    """Return the diagram as an HTML page with its own SVG; it loads nothing."""
    title = html.escape(heading(found, scope))
    rows = "\n".join(_measure_rows(found))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44em; margin: 2em auto; padding: 0 1em; }}
svg {{ width: 100%; max-width: 34em; }} text {{ font-size: 12px; fill: currentColor; }}
td, th {{ text-align: right; padding: 0 .8em; font-variant-numeric: tabular-nums; }}
td:first-child, th:first-child {{ text-align: left; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111; color: #eee; }} }}
</style></head><body>
<h1>{title}</h1>
<p>Among predictions made with confidence 80 %, eight in ten should come true: on the dotted line.
The bars show what did come true; the shaded band is where a calibrated model would lie by chance.</p>
{_svg(found)}
<p>{html.escape(verdict(found))}</p>
<table><thead>
<tr><th>measure</th><th>value</th><th>calibrated</th><th>95 % of them</th><th>p</th></tr>
</thead><tbody>
{rows}
</tbody></table>
</body></html>
"""


def _measure_rows(found: Reliability) -> Iterator[str]:
    for measure in found.measures:
        cells = [measure.measure, number(measure.value)]
        if measure.expected is None or measure.low is None or measure.high is None or measure.p is None:
            cells += ["", "", ""]
        else:
            cells += [number(measure.expected), f"{number(measure.low)} to {number(measure.high)}"]
            cells += [number(measure.p, digits=2)]
        yield "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


_SIDE, _LEFT, _TOP, _COUNTS = 400.0, 50.0, 10.0, 60.0


def _svg(found: Reliability) -> str:
    parts = [*_frame(), *_bands(found), *_bars(found)]
    width, height = _LEFT + _SIDE + 20, _TOP + _SIDE + _COUNTS + 50
    label = html.escape(verdict(found), quote=True)
    body = "\n".join(parts)
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}">\n{body}\n</svg>'


def _frame() -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _x(share), _y(share)
        yield f'<line x1="{x:g}" y1="{_y(1):g}" x2="{x:g}" y2="{_y(0):g}" stroke="#8884"/>'
        yield f'<line x1="{_x(0):g}" y1="{y:g}" x2="{_x(1):g}" y2="{y:g}" stroke="#8884"/>'
        yield f'<text x="{x:g}" y="{_y(0) + _COUNTS + 18:g}" text-anchor="middle">{100 * share:g} %</text>'
        yield f'<text x="{_LEFT - 6:g}" y="{y + 4:g}" text-anchor="end">{100 * share:g} %</text>'
    yield f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="grey" stroke-dasharray="2 4"/>'
    middle, below = _x(0.5), _y(0) + _COUNTS + 38
    yield f'<text x="{middle:g}" y="{below:g}" text-anchor="middle">confidence: how sure the model was</text>'


def _bands(found: Reliability) -> Iterator[str]:
    for block in found.diagram:
        if block.band_low is None or block.band_high is None:
            continue
        x, width = _x(block.confidence_low), _width(block.confidence_low, block.confidence_high)
        top, bottom = _y(block.band_high), _y(block.band_low)
        yield (
            f'<rect x="{x:.2f}" y="{top:.2f}" width="{width:.2f}" height="{max(bottom - top, 1):.2f}" '
            f'fill="{_BLUE}" opacity="0.25"/>'
        )


def _bars(found: Reliability) -> Iterator[str]:
    import math

    most = max(math.log1p(block.rows) for block in found.diagram)
    for block in found.diagram:
        x, width = _x(block.confidence_low), _width(block.confidence_low, block.confidence_high)
        said = f"said {percent(block.confidence)}, true {percent(block.observed)}, {number(block.rows)} rows"
        yield (
            f'<rect x="{x:.2f}" y="{_y(block.observed) - 3:.2f}" width="{width:.2f}" height="6" rx="2" '
            f'fill="{_ORANGE}"><title>{said}</title></rect>'
        )
        height = (_COUNTS - 10) * math.log1p(block.rows) / most
        yield (
            f'<rect x="{x:.2f}" y="{_y(0) + _COUNTS - height:.2f}" width="{width:.2f}" '
            f'height="{height:.2f}" fill="{_BLUE}" opacity="0.6"/>'
        )


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1.0 - share)


def _width(low: float, high: float) -> float:
    return max(_SIDE * (high - low), 3.0)
