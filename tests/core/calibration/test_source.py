"""Where the rows of a calibration come from."""

from collections.abc import Iterator

import numpy as np
import pytest

from softmax_cli.core.calibration import samples
from softmax_cli.core.calibration.source import Here
from softmax_cli.core.labelled import Labelled


def test_the_head_is_read_no_further_than_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows are as many as a sample has; no part is read beyond them, and none is read twice."""
    monkeypatch.setattr(samples, "ROWS", 256)
    read = []

    def parts() -> Iterator[Labelled]:
        for i in range(5):
            read.append(i)
            yield Labelled(np.zeros((200, 2)), np.full(200, 0, np.intp), first_row=200 * i + 1)

    source = Here(parts)
    assert len(source.head()) == 256
    assert read == [0, 1]
    assert len(source.gather(samples.Sample()).rows()) == 256
    assert read == [0, 1, 2, 3, 4]
