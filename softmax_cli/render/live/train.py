"""``softmax train`` watched at a terminal."""

import time

from softmax_cli.learning.experiment import Experiment
from softmax_cli.render.layout.console import Screen
from softmax_cli.render.live.player import Player
from softmax_cli.render.live.terminal import TICK, Stage, stage
from softmax_cli.render.live.train_frame import frame

_FRAME = 0.04
"""The least seconds between two pictures: the eye sees no more."""


def watch(experiment: Experiment, row: int, screen: Screen) -> None:
    """Show a training as it runs, until ``q`` is pressed; then take the remaining steps.

    The probabilities of `row` (0-based) are followed.
    """
    player = Player(experiment, row)
    with stage(screen) as taken:
        shown = True
        while shown:
            taken.show(lambda size: frame(player, screen, size))
            shown = _until_next(player, taken)
    player.finish()


def _until_next(player: Player, taken: Stage) -> bool:
    """Take keys and steps until the next picture is due; return False to leave."""
    due = time.monotonic() + max(player.pause, _FRAME) if player.playing else None
    while True:
        left = TICK if due is None else max(0.0, due - time.monotonic())
        pressed = taken.read_key(left)
        if pressed is not None:
            return player.press(pressed)
        if due is None:
            return True
        if time.monotonic() >= due:
            steps = max(1, round(_FRAME / player.pause)) if player.pause > 0 else 25
            for _ in range(steps):
                player.forward()
            return True
