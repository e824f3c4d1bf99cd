"""One object about the whole input, in every format."""

from pathlib import Path

import pytest

from softmax_cli.commands.command_line.delivery import Delivery
from softmax_cli.commands.running.pipeline import deliver_summary
from softmax_cli.io.table.results.summary import Summary

SUMMARY = Summary({"nll": 0.1, "classes": ["a,b", "c"]}, [{"class": "a,b", "n": 1, "p": 0.25}])


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("csv", 'class,n,p\n"a,b",1,0.25\n'),
        ("tsv", "class\tn\tp\na,b\t1\t0.25\n"),
        ("jsonl", '{"class":"a,b","n":1,"p":0.25}\n'),
        ("json", '{"nll": 0.1, "classes": ["a,b", "c"]}\n'),
    ],
)
def test_written(tmp_path: Path, ending: str, text: str) -> None:
    """JSON holds the whole object, the flat formats its lines."""
    path = tmp_path / f"summary.{ending}"
    deliver_summary(SUMMARY, Delivery(output=str(path)), lambda _: ())
    assert path.read_text() == text


def test_drawn(tmp_path: Path) -> None:
    """A table for people is drawn by the command's own picture."""
    path = tmp_path / "s"
    deliver_summary(SUMMARY, Delivery("table", str(path)), lambda screen: [f"{screen.width} columns"])
    assert path.read_text() == "80 columns\n"
