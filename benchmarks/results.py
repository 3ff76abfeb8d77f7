"""What a run has found so far, and what of it a gate is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from benchmarks.fan_out import Spread
from benchmarks.load.pressure import Figures


@dataclass(frozen=True, slots=True)
class BookingsHeard:
    """Of one database: bookings a second with nobody listening and with 500 subscribers, the server's microseconds for
    a booking, and milliseconds until a subscriber hears of one while only `pace` a second are made: from its commit
    (not a number where the database does not tell when that was) and from the visitor's asking."""

    bookings_a_second: float
    server_us: float
    heard_bookings_a_second: float
    pace: float
    commit_p50: float
    commit_p99: float
    asked_p50: float
    asked_p99: float


@dataclass(slots=True)
class Results:
    """Figures by contestant and workload, one for each round; `singles` are gates measured in another way; `missing`
    says why something could not be measured."""

    figures: dict[tuple[str, str], list[Figures]] = field(default_factory=dict)
    spreads: dict[str, list[Spread]] = field(default_factory=dict)
    bookings: dict[str, BookingsHeard] = field(default_factory=dict)
    singles: dict[str, float] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def keep(self, name: str, workload: str, figures: Figures) -> None:
        self.figures.setdefault((name, workload), []).append(figures)

    def keep_spread(self, name: str, spread: Spread) -> None:
        self.spreads.setdefault(name, []).append(spread)

    def middle(self, name: str, workload: str, what: Callable[[Figures], float]) -> float | None:
        """The median over the rounds; None if it was not measured."""
        rounds = self.figures.get((name, workload))
        return median(what(one) for one in rounds) if rounds else None

    def middle_spread(self, name: str, what: Callable[[Spread], float]) -> float | None:
        """The same of W4."""
        rounds = self.spreads.get(name)
        return median(what(one) for one in rounds) if rounds else None

    def ratio(self, above: tuple[str, str], below: tuple[str, str], what: Callable[[Figures], float]) -> float | None:
        """The median of the rounds' ratios: each is of two figures taken within a minute of each other."""
        pairs = zip(self.figures.get(above, ()), self.figures.get(below, ()), strict=False)
        ratios = [what(one) / what(other) for one, other in pairs if what(other)]
        return median(ratios) if ratios else None

    def ratio_of_spreads(self, above: str, below: str) -> float | None:
        """The same of the cost of a delivery."""
        pairs = zip(self.spreads.get(above, ()), self.spreads.get(below, ()), strict=False)
        ratios = [one.delivery_us / other.delivery_us for one, other in pairs if other.delivery_us]
        return median(ratios) if ratios else None

    def plain(self) -> dict[str, Any]:
        """Everything, as JSON can hold it."""
        return {
            "figures": {f"{name} {work}": [asdict(one) for one in rounds] for (name, work), rounds in self._sorted()},
            "W4": {name: [asdict(one) for one in rounds] for name, rounds in sorted(self.spreads.items())},
            "bookings": {name: asdict(one) for name, one in sorted(self.bookings.items())},
            "singles": self.singles,
            "missing": self.missing,
            "notes": self.notes,
        }

    def _sorted(self) -> list[tuple[tuple[str, str], list[Figures]]]:
        return sorted(self.figures.items())
