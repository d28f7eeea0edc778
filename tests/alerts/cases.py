"""The planted case and the near miss of every rule, each in a store of its own."""

from alerts.company import NOTHING_FROM_DMS, Plant, Store

# rule, store, colour on the newest day
Case = tuple[str, str, str]
STORES: list[Store] = []
CASES: list[Case] = []


def plant(rule: str, name: str, colour: str, *plants: Plant, **more: object) -> None:
    """Add a store with something planted, and the colour the rule must give it."""
    key = f"{rule} {name}"
    STORES.append(Store(key, list(plants), **more))  # type: ignore[arg-type]
    CASES.append((rule, key, colour))


def october(**values: float) -> Plant:
    """The whole of October."""
    return Plant("2025-10-01", "2025-10-31", values)


def csi(first: str, last: str, score: float) -> Plant:
    """A satisfaction score on some days."""
    return Plant(first, last, {"csi_score_sum": 20 * score})


def nps(first: str, last: str, score: float) -> Plant:
    """A net promoter score on some days."""
    return Plant(first, last, {"promoter_count": 20 + 2 * score, "detractor_count": 20})


def visits(first: str, last: str, count: float) -> Plant:
    """Visits a day on some days, in per cent of the target of 1,000."""
    return Plant(first, last, {"visit_count": 10 * count})


def missing(day: str) -> Plant:
    """A day the store's DMS sent nothing for."""
    return Plant(day, day, NOTHING_FROM_DMS)


# A1, A2, A3: the boundaries of the requirement, and its attainments of 78, 85 and 88 %.
for _name, _share, _colour in (
    ("exactly 15", 0.85, "yellow"),
    ("15.1", 0.849, "red"),
    ("exactly 10", 0.90, "yellow"),
    ("9.9", 0.901, "green"),
    ("78 attained", 0.78, "red"),
    ("88 attained", 0.88, "yellow"),
):
    plant("A1_visits", _name, _colour, october(visit_count=1000 * _share))
    plant("A1_revenue", _name, _colour, october(revenue_amount=100000 * _share))
    plant("A7_visits", _name, "green" if _share > 0.9 else "yellow", october(
        visit_count=1000 * _share
    ))  # fmt: skip
plant("A1_csi", "exactly 15", "yellow", csi("2025-10-01", "2025-10-31", 76.5))
plant("A1_csi", "red", "red", csi("2025-10-01", "2025-10-31", 76.4))
plant("A1_csi", "82 against 88", "green", csi("2025-10-01", "2025-10-31", 90 * 82 / 88))
plant("A1_nps", "exactly 15", "yellow", nps("2025-10-01", "2025-10-31", 59.5))
plant("A1_nps", "red", "red", nps("2025-10-01", "2025-10-31", 59))
plant("A1_nps", "9.3", "green", nps("2025-10-01", "2025-10-31", 63.5))
# A fix rate is known after thirty days: September's is judged at the end of October.
for _name, _count, _colour in (
    ("exactly 15", 47, "yellow"),
    ("15.6", 48, "red"),
    ("9.4", 37, "green"),
):
    plant("A1_first_time_fix_rate", _name, _colour, Plant(
        "2025-10-01", "2025-10-31", {"comeback_order_count": 20}
    ), Plant("2025-09-01", "2025-10-31", {"comeback_order_count": _count}))  # fmt: skip
plant(
    "A1_gross_margin", "exactly 15", "yellow", october(gross_profit_amount=34000, cost_amount=66000)
)
plant("A1_gross_margin", "red", "red", october(gross_profit_amount=33900, cost_amount=66100))
plant("A1_gross_margin", "9.9", "green", october(gross_profit_amount=36040, cost_amount=63960))

# A4: three days in a row, each at least 15 % below.
plant("A4_visits", "three days", "red", visits("2025-10-29", "2025-10-31", 85))
plant("A4_visits", "two days", "green", visits("2025-10-30", "2025-10-31", 70))
plant("A4_visits", "one day 14", "green", visits("2025-10-29", "2025-10-31", 85),
      visits("2025-10-30", "2025-10-30", 86))  # fmt: skip

# A5: 88, 85, 82 is three points (weeks); 70, 67, 65 two drops and 70, 67, 65, 62 three (months).
_WEEKS = ("2025-10-13", "2025-10-19"), ("2025-10-20", "2025-10-26"), ("2025-10-27", "2025-10-31")
plant("A5_csi", "88 85 82", "yellow", Plant("2025-05-01", "2025-10-12", {"csi_score_sum": 1760}),
      *[csi(*week, score) for week, score in zip(_WEEKS, (88, 85, 82), strict=True)])  # fmt: skip
plant("A5_csi", "91 88 85 82", "red", Plant("2025-05-01", "2025-10-12", {"csi_score_sum": 1820}),
      *[csi(*week, score) for week, score in zip(_WEEKS, (88, 85, 82), strict=True)])  # fmt: skip
plant("A5_csi", "88 85 86", "green",
      *[csi(*week, score) for week, score in zip(_WEEKS, (88, 85, 86), strict=True)])  # fmt: skip
plant("A5_csi", "too little", "green", Plant("2025-05-01", "2025-10-12", {"csi_score_sum": 1760}),
      *[csi(*week, score) for week, score in zip(_WEEKS, (88, 87, 86), strict=True)])  # fmt: skip
_MONTHS = (
    ("2025-05-01", "2025-07-31"), ("2025-08-01", "2025-08-31"), ("2025-09-01", "2025-09-30"),
    ("2025-10-01", "2025-10-31"),
)  # fmt: skip
for _rule, _name, _scores, _colour in (
    ("A5_nps", "70 67 65", (70, 70, 67, 65), "yellow"),
    ("A5_nps", "70 67 65 62", (70, 67, 65, 62), "red"),
    ("A5_nps", "70 67 68", (70, 70, 67, 68), "green"),
    # A13: -2 and then -3 is falling faster; -3, -2 and -3, -3 are not.
    ("A13_nps", "faster", (70, 70, 68, 65), "red"),
    ("A13_nps", "slower", (70, 70, 67, 65), "green"),
    ("A13_nps", "as fast", (70, 70, 67, 64), "green"),
    ("A13_nps", "too little", (70, 70, 69, 67), "green"),
    ("A6_nps", "85 78", (85, 85, 85, 78), "red"),
    ("A6_nps", "exactly 5", (85, 85, 85, 80), "yellow"),
    ("A6_nps", "4.5", (85, 85, 85, 80.5), "green"),
):
    plant(_rule, _name, _colour,
          *[nps(*month, score) for month, score in zip(_MONTHS, _scores, strict=True)])  # fmt: skip
plant("A6_csi", "exactly 5", "yellow", csi("2025-10-01", "2025-10-31", 85))
plant("A6_csi", "4.9", "green", csi("2025-10-01", "2025-10-31", 85.1))
plant("A6_csi", "exactly 7", "red", csi("2025-10-01", "2025-10-31", 83))
plant("A6_csi", "rises", "green", csi("2025-10-01", "2025-10-31", 97))

plant("A7_revenue", "exactly 10", "yellow", october(revenue_amount=90000))
plant("A7_revenue", "9.9", "green", october(revenue_amount=90100))
plant("A7_accessories", "85 attained", "yellow", accessories_per_day=8500)
plant("A7_accessories", "9 behind", "green", accessories_per_day=9100)

plant("A8_churn", "ten", "yellow", customers=10)
plant("A8_churn", "nine and near ones", "green", customers=9, near_customers=True)

# A9: 85 against 110 is -22.73 %, here 773, 773 and 772 against 1,000.
plant("A9_visits", "85 of 110", "red", visits("2025-10-29", "2025-10-30", 77.3),
      visits("2025-10-31", "2025-10-31", 77.2))  # fmt: skip
plant("A9_visits", "exactly 15", "yellow", visits("2025-10-29", "2025-10-31", 85))
plant("A9_visits", "exactly 10", "yellow", visits("2025-10-29", "2025-10-31", 90))
plant("A9_visits", "9", "green", visits("2025-10-29", "2025-10-31", 91))

# A10: 32 complaints in 21 days after 20 are +60 %; 31 are not, and 8 after 4 are too few to tell.
_BEFORE, _NOW = ("2025-09-20", "2025-10-10"), ("2025-10-11", "2025-10-31")
for _name, _before, _now, _colour in (("exactly 60", 20, 32, "yellow"), ("55", 20, 31, "green")):
    plant("A10_complaints", _name, _colour,
          Plant(*_BEFORE, {"complaint_count": 0}), Plant(*_NOW, {"complaint_count": 0}),
          Plant("2025-10-10", "2025-10-10", {"complaint_count": _before}),
          Plant("2025-10-31", "2025-10-31", {"complaint_count": _now}))  # fmt: skip
plant("A10_complaints", "too few", "green",
      Plant(*_BEFORE, {"complaint_count": 0}), Plant(*_NOW, {"complaint_count": 0}),
      Plant("2025-10-10", "2025-10-10", {"complaint_count": 4}),
      Plant("2025-10-31", "2025-10-31", {"complaint_count": 8}))  # fmt: skip

for _name, _minutes, _colour in (
    ("70", 4200, "green"), ("80", 4800, "green"), ("69", 4140, "yellow"), ("81", 4860, "yellow"),
    ("65", 3900, "yellow"), ("85", 5100, "yellow"), ("64", 3840, "red"), ("86", 5160, "red"),
):  # fmt: skip
    plant("A11_bay_utilisation", _name, _colour, october(bay_productive_minutes=_minutes))

for _score, _colour in ((69, "red"), (70, "yellow"), (89, "yellow"), (90, "green")):
    plant("A12_health_score", str(_score), _colour, score=_score)

# A14: two stores of a region, as many visits each, so the mean lies in the middle.
for _name, _ticket, _colour in (
    ("exactly 5", 950, "yellow"), ("4.9", 951, "green"), ("exactly 15", 850, "yellow"),
    ("15.1", 849, "red"),
):  # fmt: skip
    plant("A14_average_ticket", _name, _colour, october(revenue_amount=100 * _ticket),
          region=f"pair {_name}")  # fmt: skip
    STORES.append(Store(f"other of {_name}", [october(revenue_amount=100 * (2000 - _ticket))],
                        region=f"pair {_name}"))  # fmt: skip

# Classification: what the records under an alert say about it.
STORES += [
    Store("data missing day", [missing("2025-10-30")]),
    Store(
        "data missing in a fall",
        [visits("2025-10-29", "2025-10-31", 60), missing("2025-10-30")],
    ),
    Store(
        "data missing before a fall",
        [visits("2025-10-30", "2025-10-31", 60), missing("2025-10-29")],
    ),
    Store("data two missing of three", [missing("2025-10-29"), missing("2025-10-30")]),
    Store("data none", [visits("2025-10-29", "2025-10-31", 60)]),
    Store("data late", [visits("2025-10-29", "2025-10-31", 60)],
          late=["2025-10-29", "2025-10-30", "2025-10-31"]),
    Store("data quarantined", [visits("2025-10-31", "2025-10-31", 20)], quarantined=["2025-10-31"]),
    Store("data incomplete", [Plant("2025-10-31", "2025-10-31",
                                    {"visit_count": 200, "order_count": 240})]),
    Store("missing last of four", [visits("2025-10-28", "2025-10-31", 80), missing("2025-10-30")]),
]  # fmt: skip
# Episodes: yellow, then red, closed by green days, and opened again.
STORES += [
    Store("episode escalates", [visits("2025-10-20", "2025-10-22", 88),
                                visits("2025-10-23", "2025-10-25", 70)]),
    Store("episode returns", [visits("2025-10-10", "2025-10-12", 70),
                              visits("2025-10-20", "2025-10-22", 70)]),
    Store("cause appointments", [Plant("2025-10-29", "2025-10-31",
                                       {"visit_count": 750, "appointment_due_count": 36})]),
    Store("cause nothing", [visits("2025-10-29", "2025-10-31", 75)]),
]  # fmt: skip
