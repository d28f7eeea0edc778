"""Forecasts, staff months and ticket gaps computed a second time, day by day and order by order.

Written apart from the models, in loops: slow, and easy to read beside docs/forecast.md.
"""

import calendar
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PROFILE_MONTHS, PROFILE_PRIOR, LEVEL_PRIOR = 12, 10, 5
RANGE_SHARE, MIN_OWN_ERRORS = 0.8, 9
PACKAGE_TYPES = ("maintenance", "repair")


@dataclass(frozen=True)
class Day:
    """One known day of one store."""

    store: str
    day: date
    kind: str
    is_open: bool
    amount: float

    @property
    def month(self) -> date:
        return self.day.replace(day=1)


@dataclass(frozen=True)
class Forecast:
    """A month of a store seen from one of its days."""

    reached: float
    amount: float
    naive: float
    actual: float
    has_history: bool

    @property
    def error(self) -> float:
        return abs(self.amount - self.actual)


def length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def before(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


class Network:
    """The known days of every store, and what can be forecast from them."""

    def __init__(self, days: Iterable[Day]) -> None:
        self.days: dict[tuple[str, date], list[Day]] = defaultdict(list)
        for day in sorted(days, key=lambda one: one.day):
            self.days[day.store, day.month].append(day)
        self.stores = sorted({store for store, _ in self.days})

    def base(self, store: str, month: date) -> float:
        """What an ordinary open day of the month brought."""
        amounts = [
            day.amount
            for day in self.days[store, month]
            if day.is_open and day.kind.startswith("weekday_")
        ]
        return sum(amounts) / len(amounts)

    def seen(self, stores: Iterable[str], month: date, kind: str) -> tuple[float, float, int, int]:
        """Amount and expected amount of the open days of a kind, their count, and that of all."""
        amount = expected = 0.0
        open_days = all_days = 0
        for store in stores:
            for back in range(1, PROFILE_MONTHS + 1):
                earlier = before(month, back)
                for day in self.days.get((store, earlier), []):
                    if day.kind == kind:
                        all_days += 1
                        if day.is_open:
                            open_days += 1
                            amount += day.amount
                            expected += self.base(store, earlier)
        return amount, expected, open_days, all_days

    def profile(self, store: str, month: date, kind: str) -> tuple[float, float]:
        """Weight of an open day of a kind, and the share of such days the store is open on."""
        amount, expected, open_days, all_days = self.seen(self.stores, month, kind)
        network_weight = amount / expected if expected else 1.0
        network_share = open_days / all_days if all_days else 1.0
        amount, expected, open_days, all_days = self.seen([store], month, kind)
        own = amount / expected if expected else 0.0
        weight = (open_days * own + PROFILE_PRIOR * network_weight) / (open_days + PROFILE_PRIOR)
        share = (open_days + PROFILE_PRIOR * network_share) / (all_days + PROFILE_PRIOR)
        return weight, share

    def forecast(self, store: str, month: date, cutoff: int) -> Forecast:
        """A complete month, from its first days alone."""
        days = self.days[store, month]
        assert len(days) == length(month)
        profiles = {day.kind: self.profile(store, month, day.kind) for day in days}
        past, ahead = days[:cutoff], days[cutoff:]
        reached = sum(day.amount for day in past)
        worked = sum(profiles[day.kind][0] for day in past if day.is_open)
        left = sum(math.prod(profiles[day.kind]) for day in ahead)
        last = [day for day in self.days.get((store, before(month, 1)), []) if day.is_open]
        level_weight = sum(self.profile(store, month, day.kind)[0] for day in last)
        if level_weight:
            level = sum(day.amount for day in last) / level_weight
            rate = (reached + LEVEL_PRIOR * level) / (worked + LEVEL_PRIOR)
        else:
            rate = reached / worked
        return Forecast(
            reached=reached,
            amount=reached + rate * left,
            naive=reached * len(days) / cutoff,
            actual=sum(day.amount for day in days),
            has_history=bool(level_weight),
        )


def summed(forecasts: Iterable[Forecast]) -> Forecast:
    """The forecast of several stores."""
    several = list(forecasts)
    return Forecast(
        reached=sum(one.reached for one in several),
        amount=sum(one.amount for one in several),
        naive=sum(one.naive for one in several),
        actual=sum(one.actual for one in several),
        has_history=all(one.has_history for one in several),
    )


def range_ratio(own: list[float], pooled: list[float]) -> float | None:
    """Half width of the range, from relative errors of earlier months."""
    errors = sorted(own if len(own) >= MIN_OWN_ERRORS else pooled)
    rank = math.ceil(round(RANGE_SHARE * (len(errors) + 1), 9))
    return errors[rank - 1] if errors and rank <= len(errors) else None


def staff_days(hired: date | None, left: date | None, first: date, last: date) -> int:
    """Days of a span on which somebody is employed, counted one by one."""
    return sum(
        (hired is None or hired <= day) and (left is None or day <= left)
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    )


@dataclass(frozen=True)
class Order:
    """What a repair order says about the practices behind a ticket."""

    kind: str
    has_package: bool
    by_appointment: bool
    is_member: bool
    revenue: float
    labour: float
    parts: float
    discount: float
    hours: float


def ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


def gap(own: list[Order], base: list[Order], visits: tuple[int, int]) -> dict[str, float]:
    """Drivers of the gap between two tickets, by `decomposition/driver/member`."""
    sides = (own, base)

    def pair(
        tops: tuple[float, float], bottoms: tuple[float, float]
    ) -> tuple[float, float, float, float]:
        """The two ratios, their difference and their mean; one that is missing takes the other."""
        first, second = ratio(tops[0], bottoms[0]), ratio(tops[1], bottoms[1])
        one = first if first is not None else second or 0.0
        two = second if second is not None else first or 0.0
        return one, two, one - two, (one + two) / 2

    def count(orders: list[Order]) -> float:
        return float(len(orders))

    def both(wanted: Callable[[Order], float]) -> tuple[float, float]:
        return sum(wanted(order) for order in own), sum(wanted(order) for order in base)

    found: dict[str, float] = {}

    def split(
        name: str,
        drivers: tuple[str, str, str, str],
        whole: Callable[[Order], bool],
        part: Callable[[Order], bool],
    ) -> None:
        groups = [[order for order in orders if whole(order)] for orders in sides]
        with_it = [[order for order in orders if part(order)] for orders in groups]
        without = [[order for order in orders if not part(order)] for orders in groups]
        counts = (count(groups[0]), count(groups[1]))
        worth = [
            pair(
                (sum(o.revenue for o in some[0]), sum(o.revenue for o in some[1])),
                (count(some[0]), count(some[1])),
            )
            for some in (with_it, without)
        ]
        _, _, frequency_gap, frequency = pair(counts, (float(visits[0]), float(visits[1])))
        _, _, share_gap, share = pair((count(with_it[0]), count(with_it[1])), counts)
        values = [ratio(sum(o.revenue for o in group), len(group)) or 0.0 for group in groups]
        if not groups[0] or not groups[1]:
            known = values[0] or values[1]
            values = [known, known]
        found[f"{name}/{drivers[0]}/all"] = frequency_gap * sum(values) / 2
        found[f"{name}/{drivers[1]}/all"] = frequency * share_gap * (worth[0][3] - worth[1][3])
        found[f"{name}/{drivers[2]}/all"] = frequency * share * worth[0][2]
        found[f"{name}/{drivers[3]}/all"] = frequency * (1 - share) * worth[1][2]

    split(
        "package",
        ("eligible_orders_per_visit", "package_penetration", "package_order_value",
         "plain_order_value"),
        lambda order: order.kind in PACKAGE_TYPES,
        lambda order: order.has_package,
    )  # fmt: skip
    split(
        "channel",
        ("orders_per_visit", "appointment_share", "appointment_order_value",
         "walk_in_order_value"),
        lambda order: True,
        lambda order: order.by_appointment,
    )  # fmt: skip
    split(
        "member",
        ("orders_per_visit", "member_share", "member_order_value", "other_order_value"),
        lambda order: True,
        lambda order: order.is_member,
    )
    per_visit = (float(visits[0]), float(visits[1]))
    for kind in sorted({o.kind for orders in sides for o in orders} - set(PACKAGE_TYPES)):
        groups = [[order for order in orders if order.kind == kind] for orders in sides]
        counts = (count(groups[0]), count(groups[1]))
        _, _, more, often = pair(counts, per_visit)
        _, _, dearer, worth = pair(
            (sum(o.revenue for o in groups[0]), sum(o.revenue for o in groups[1])), counts
        )
        found[f"package/type_orders_per_visit/{kind}"] = more * worth
        found[f"package/type_order_value/{kind}"] = dearer * often
    hours = both(lambda order: order.hours)
    labour = both(lambda order: order.labour)
    _, _, longer, long = pair(hours, per_visit)
    _, _, dearer, rate = pair(labour, hours)
    found["work/hours_per_visit/all"] = longer * rate
    found["work/labour_rate/all"] = dearer * long
    found["work/parts_per_visit/all"] = pair(both(lambda order: order.parts), per_visit)[2]
    found["work/discount_per_visit/all"] = -pair(both(lambda order: order.discount), per_visit)[2]
    return found
