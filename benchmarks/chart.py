"""How many times cheaper than mercurius each server is, as bars. Plain SVG, with a text for whoever cannot see it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from benchmarks.gates import PEER
from benchmarks.results import Results

_WIDTH, _LEFT, _BAR, _GAP, _MOST = 720, 150, 18, 6, 480
_WORKLOADS = ("W1", "W2", "W3", "W4")
_OURS, _OTHER, _PEER, _INK = "#0a6a58", "#9aa7a3", "#c58b2b", "#1d2523"

Bar = tuple[str, float]


def picture(results: Results) -> str:
    """The chart; a group of bars for each workload, the longest bar the cheapest server."""
    groups = {workload: sorted(_bars(results, workload), key=lambda bar: -bar[1]) for workload in _WORKLOADS}
    groups = {workload: bars for workload, bars in groups.items() if bars}
    longest = max((times for bars in groups.values() for _, times in bars), default=1.0)
    lines: list[str] = []
    top = 44
    for workload, bars in groups.items():
        lines += _group(workload, bars, top, longest)
        top += 30 + len(bars) * (_BAR + _GAP)
    told = "; ".join(
        f"{workload}: " + ", ".join(f"{name} {times:.2f}" for name, times in bars) for workload, bars in groups.items()
    )
    return "\n".join([*_head(top + 8, told), *lines, "</svg>", ""])


def is_drawn(svg: Path, png: Path) -> bool:
    """The picture is there as pixels too, two for each of its own; False where there is no Chromium to draw it."""
    png.unlink(missing_ok=True)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
        except PlaywrightError:
            return False
        page = browser.new_page(viewport={"width": _WIDTH, "height": 100}, device_scale_factor=2)
        page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg.read_text()}")
        page.screenshot(path=png, full_page=True)
        browser.close()
    return True


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((found for name in names if (found := shutil.which(name))), None)


def _bars(results: Results, workload: str) -> Iterator[Bar]:
    if workload == "W4":
        costs = {name: results.middle_spread(name, lambda one: one.delivery_us) for name in results.spreads}
    else:
        names = [name for name, work in results.figures if work == workload]
        costs = {name: results.middle(name, workload, lambda one: one.server_us) for name in names}
    peer = costs.get(PEER)
    if peer:
        yield from ((name, peer / cost) for name, cost in costs.items() if cost)


def _head(height: int, told: str) -> Iterator[str]:
    title = f"Server CPU for one answer, {PEER} = 1; longer is cheaper"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{_INK}">'
    )
    yield f"<title>{escape(title)}</title>"
    yield f"<desc>{escape(told)}</desc>"
    yield f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="16" y="24" font-size="15" font-weight="600">{escape(title)}</text>'


def _group(workload: str, bars: list[Bar], top: int, longest: float) -> Iterator[str]:
    yield f'<text x="16" y="{top + 14}" font-weight="600">{workload}</text>'
    for number, (name, times) in enumerate(bars):
        y = top + 20 + number * (_BAR + _GAP)
        color = _OURS if name.startswith("parley") else _PEER if name == PEER else _OTHER
        width = max(1.0, times / longest * _MOST)
        yield f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
        yield f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{color}"/>'
        yield f'<text x="{_LEFT + width + 6:.1f}" y="{y + 13}">{times:.2f}</text>'
