"""How big a demo company is: stores, months, orders a day, vehicles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from aftersales.errors import AftersalesError

BEIJING_STORES = 8
LARGEST_NETWORK = 160


@dataclass(frozen=True)
class Scale:
    """The size of a demo company."""

    name: str
    store_count: int
    starts_on: date
    base_months: int
    orders_per_day: float
    vehicles_per_store: int
    new_share: float
    leave_scale: float

    @property
    def base_ends_on(self) -> date:
        """Give the last day of the base horizon."""
        months = self.starts_on.year * 12 + self.starts_on.month - 1 + self.base_months
        return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)

    @property
    def base_days(self) -> int:
        """Give the number of days of the base horizon."""
        return (self.base_ends_on - self.starts_on).days + 1

    @property
    def mean_interval_days(self) -> int:
        """Give the days between two visits of a vehicle that fill the workshops."""
        return round(self.vehicles_per_store / self.orders_per_day)


def scale_of(name: str) -> Scale:
    """Give the scale called `small`, `region`, `nation`, or N stores for a whole number."""
    if name == "region":
        return Scale("region", 25, date(2022, 11, 1), 36, 55.0, 3000, 0.02, 0.5)
    if name == "nation":
        return Scale("nation", 150, date(2022, 11, 1), 36, 30.0, 950, 0.011, 0.3)
    if name == "small":
        return Scale("small", BEIJING_STORES, date(2024, 11, 1), 12, 30.0, 2500, 0.06, 1.0)
    if name.isdecimal() and 1 <= int(name) <= LARGEST_NETWORK:
        return Scale(name, int(name), date(2024, 11, 1), 12, 30.0, 2500, 0.06, 1.0)
    raise AftersalesError(
        f"There is no demo scale {name!r}. Use small, region, nation "
        f"or a number of stores from 1 to {LARGEST_NETWORK}."
    )
