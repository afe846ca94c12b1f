"""What a measurement says: the product's time beside its floor's, in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """One piece of work, done by the barest means (the floor) and by the portal.

    ``hold`` is what must hold: where bigger is better, the portal's speed as a share of
    the floor's is at least that; else its time is at most so many times the floor's.
    """

    name: str
    floor: str
    floor_seconds: float
    product_seconds: float
    hold: float
    bigger_is_better: bool

    @property
    def value(self) -> float:
        """Give the figure that is compared with ``hold``."""
        if self.bigger_is_better:
            return self.floor_seconds / self.product_seconds
        return self.product_seconds / self.floor_seconds

    @property
    def holds(self) -> bool:
        """Say whether it is as good as it must be."""
        if self.bigger_is_better:
            return self.value >= self.hold
        return self.value <= self.hold

    def __str__(self) -> str:
        """Write one row of the table."""
        bound = f"{'>=' if self.bigger_is_better else '<='} {self.hold:g}"
        verdict = "holds" if self.holds else "FAILS"
        return (
            f"{self.name:<44} {self.product_seconds:8.3f} s"
            f" {self.floor_seconds:8.3f} s  {self.value:5.2f} {bound:<8} {verdict}"
            f"   floor: {self.floor}"
        )
