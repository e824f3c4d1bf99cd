"""The page for a browser: one file, its numbers the core's, driven in a real Chromium if there is one."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_cli.core.softmax import softmax
from softmax_cli.errors import InputError
from softmax_cli.learning.exploration import Point
from softmax_cli.render.live.page import page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

DRIVER = """<script>
const told = [];
const tell = () => told.push({
  logits: [...document.querySelectorAll("#classes input")].map(e => +e.value),
  p: [...document.querySelectorAll("#classes data")].map(e => +e.value),
  said: document.getElementById("said").textContent,
  asked: document.getElementById("question").textContent });
tell();
const third = document.getElementById("z2");
third.value = 1.25; third.dispatchEvent(new Event("input")); third.dispatchEvent(new Event("change"));
tell();
third.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", shiftKey: true, cancelable: true }));
tell();
const heat = document.getElementById("temperature");
heat.value = Math.log(2); heat.dispatchEvent(new Event("input")); heat.dispatchEvent(new Event("change"));
tell();
const begun = performance.now();
for (let i = 0; i < 200; i++) {
  third.value = i / 50; third.dispatchEvent(new Event("input")); document.body.offsetHeight;
}
const frame = (performance.now() - begun) / 200;
document.getElementById("reset").click();
document.getElementById("guess").value = 0.5;
document.getElementById("answer").click();
tell();
document.getElementById("first").click();
third.value = third.value > 0 ? -1.5 : 1.5; third.dispatchEvent(new Event("input"));
tell();
document.getElementById("guess").value = "";
document.getElementById("answer").click();
tell();
const pre = document.createElement("pre");
pre.id = "told";
pre.textContent = JSON.stringify({ told, frame, bold: document.querySelectorAll("b").length });
document.body.append(pre);
</script>"""


def driven(text: str, folder: Path) -> dict[str, Any]:
    """Open a page in Chromium, drive it, and return what it told."""
    file = folder / "live.html"
    file.write_text(text.replace("</body>", DRIVER + "</body>"), "utf-8")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ]
    flags += ["--disable-background-networking", "--disable-component-update", "--virtual-time-budget=5000"]
    command = [str(CHROMIUM), *flags, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="told">(.*?)</pre>', shown, re.DOTALL)
    assert found is not None, shown[-2000:]
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_sliders_move_the_numbers(tmp_path: Path) -> None:
    """Sliders, keys and the temperature give the core's probabilities to 1e-12, and say what happened."""
    names = ("</script><b>x", "versicolor", "virginica")
    start = Point([1.43, -0.4, 0.23])
    result = driven(page(start, names), tmp_path)
    first, moved, back, heated, predicted, pending, gone = result["told"]
    assert first["logits"] == [1.43, -0.4, 0.23]
    for told, temperature in ((first, 1), (moved, 1), (back, 1), (heated, 2)):
        np.testing.assert_allclose(
            told["p"], softmax(told["logits"], temperature=temperature), rtol=1e-12, atol=0
        )
    assert moved["logits"][2] == 1.25
    assert moved["said"].startswith("virginica, logit 0.23 to 1.25: slope 0.1636 says 0.3729")
    assert back["logits"][2] == 0.25
    assert heated["said"].startswith("Temperature 1 to 2: the probabilities even out")
    assert predicted["said"].startswith("You said 0.5: ")
    assert "what will it have then?" in first["asked"]
    assert "what will it have then?" in predicted["asked"]  # the next round
    assert pending["p"] == predicted["p"]  # nothing moves before the prediction
    assert pending["asked"].startswith("virginica has ")
    assert gone["said"].startswith("virginica, logit ")
    np.testing.assert_allclose(gone["p"], softmax(gone["logits"]), rtol=1e-12, atol=0)
    assert result["bold"] == 0  # a class's name is text


def test_page_is_one_small_file() -> None:
    """At most 48 kB with the derivation, nothing from elsewhere, names escaped, live regions and labels."""
    names = tuple(f"<i>class {i}</i>" for i in range(10))
    text = page(Point(list(map(float, range(10)))), names)
    assert len(text.encode()) <= 48_000
    assert not re.search(r"(?:src|href)=|url\(|@import|fetch\(|XMLHttp", text)
    assert "default-src 'none'" in text
    assert "<i>class 1</i>" not in text
    assert text.count("<math") > 20
    for needed in ('aria-live="polite"', 'lang="en"', "prefers-color-scheme: dark", "width=device-width"):
        assert needed in text


def test_too_many_classes_for_a_page() -> None:
    """More than 60 classes have no room; the error says so."""
    with pytest.raises(InputError, match="61 classes have no room"):
        page(Point([0.0] * 61), tuple(map(str, range(61))))
