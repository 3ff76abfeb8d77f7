"""How the cost of a list of slots grows with members, days and busy spans, as a picture.

`python -m benchmarks.slots_chart [--quick] [--out FILE]` writes `benchmarks/results/slots_growth.svg`: three panels,
milliseconds for members that were never asked before, everything else as in size M. A straight line is even growth."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.slots import GROWTH, Workload, measured

RESULTS = Path(__file__).parent / "results"
WIDTH, HEIGHT, LEFT, TOP = 280, 180, 50, 56
INK, LINE, FAINT = "#44546a", "#0a6a58", "#d5dbe3"
Point = tuple[float, float]


def figures(rounds: int) -> dict[str, list[Point]]:
    """For each of the three quantities its values, each with the milliseconds it costs."""
    found: dict[str, list[Point]] = {}
    for what, sizes in GROWTH.items():
        costs = measured([Workload(size) for size in sizes], rounds)
        found[what] = [(float(size.name), costs[size.name]["fresh"]) for size in sizes]
    return found


def picture(panels: dict[str, list[Point]]) -> str:
    """The panels side by side as SVG, all with the same scale of milliseconds."""
    width = len(panels) * (WIDTH + LEFT) + 20
    height = TOP + HEIGHT + 50
    most = _rounded(max(cost for points in panels.values() for _, cost in points))
    drawn = [
        line for number, (what, points) in enumerate(panels.items()) for line in _panel(number, what, points, most)
    ]
    title = "Milliseconds for a list of slots (round robin, 10 members, 30 days, 200 busy spans each unless varied)"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="11" fill="{INK}">',
            f"<title>{title}</title>",
            f'<rect width="{width}" height="{height}" fill="white"/>',
            f'<text x="{LEFT}" y="24" font-size="13">{title}</text>',
            *drawn,
            "</svg>\n",
        ]
    )


def _panel(number: int, what: str, points: Sequence[Point], most: float) -> Iterator[str]:
    left = LEFT + number * (WIDTH + LEFT)
    widest = max(value for value, _ in points)
    places = [(left + WIDTH * value / widest, TOP + HEIGHT * (1 - cost / most)) for value, cost in points]
    for step in range(5):
        height = TOP + HEIGHT * (1 - step / 4)
        yield f'<path d="M{left} {height:.1f}h{WIDTH}" stroke="{FAINT}"/>'
        yield f'<text x="{left - 6}" y="{height + 4:.1f}" text-anchor="end">{most * step / 4:g}</text>'
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    for (x, y), (value, cost) in zip(places, points, strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{LINE}"><title>{value:g}: {cost:.2f} ms</title></circle>'
    for (x, _), (value, _) in _apart(places, points):
        yield f'<text x="{x:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{value:g}</text>'
    yield f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 36}" text-anchor="middle">{what}</text>'


def _apart(places: Sequence[Point], points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Those points whose labels leave room for each other, the last one always."""
    next_left = float("inf")
    for place, point in reversed(list(zip(places, points, strict=True))):
        if place[0] <= next_left:
            yield place, point
            next_left = place[0] - 30


def _rounded(most: float) -> float:
    """The next number above that divides by four without a tail."""
    step = next(step for step in (0.4, 0.8, 2, 4, 8, 20, 40, 80, 200, 400, 800) if step >= most / 4)
    return step * -(-most // step)


def main() -> None:
    words = argparse.ArgumentParser(description="A chart of what a list of slots costs")
    words.add_argument("--quick", action="store_true", help="fewer rounds")
    words.add_argument("--out", type=Path, default=RESULTS / "slots_growth.svg", help="where to write it")
    given = words.parse_args()
    panels = figures(5 if given.quick else 25)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(picture(panels))
    for what, points in panels.items():
        print(f"{what}: " + ", ".join(f"{value:g} {cost:.2f} ms" for value, cost in points))
    print(given.out)


if __name__ == "__main__":
    main()
