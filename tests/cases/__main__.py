"""Record what the commands of the cases print now: ``python -m tests.cases [NAME...]``."""

import sys
import tempfile
from pathlib import Path

from tests.cases import Case, paths, prepared
from tests.program import shell


def main(names: list[str]) -> None:
    """Rewrite the named cases (default: all)."""
    for path in paths():
        if names and path.stem not in names and path.parent.name not in names:
            continue
        text = path.read_text(encoding="utf-8")
        # A new case may hold the sentence and the command alone.
        case = Case.parse(
            text if "--- stdout" in text else text.rstrip("\n") + "\n--- stdout\n--- stderr\n--- exit 0\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            ended = shell(case.command, cwd=prepared(Path(folder) / "case"))
        path.write_text(case.recorded(ended).text(), encoding="utf-8")
        print(f"{path.parent.name}/{path.stem}: exit {ended.code}")


main(sys.argv[1:])
