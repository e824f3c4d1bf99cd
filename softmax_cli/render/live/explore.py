"""``softmax explore`` at a terminal: keys and mouse in, pictures out."""

import re
from collections.abc import Sequence

from softmax_cli.learning.exploration import Point
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.live.explore_frame import frame, slider_at
from softmax_cli.render.live.explorer import Explorer
from softmax_cli.render.live.terminal import TICK, Stage, stage

_LEFT, _WHEEL = "0", {"64": -1, "65": 1}
_MOUSE = re.compile(r"\x1b\[<(\d+);(\d+);(\d+)([Mm])")


def explore(point: Point, names: Sequence[str], screen: Screen) -> None:
    """Explore from a point until ``q`` is pressed or the input ends; the terminal is then as it was."""
    explorer = Explorer(point, [screen.clean(name) for name in names])
    with stage(screen, mouse=True) as taken:
        shown = True
        while shown:
            taken.show(lambda size: frame(explorer, screen, size))
            pressed = taken.read_key(TICK)
            shown = pressed is None or _take(explorer, pressed, taken)


def _take(explorer: Explorer, pressed: str, taken: Stage) -> bool:
    """Take what was pressed: a key, or a button or the wheel of the mouse."""
    click = _MOUSE.fullmatch(pressed)
    if click is None:
        return explorer.press(pressed)
    button, column, row, kind = click.groups()
    if kind == "M" and button in _WHEEL:
        explorer.choose(_WHEEL[button])
    elif kind == "M" and button == _LEFT:
        hit = slider_at(explorer, int(row) - 1, int(column) - 1, taken.size)
        if hit is not None:
            explorer.aim_at(*hit)
    return True
