"""The records of the worked examples: each store stands for one table of the requirements.

Days carry sums only, as the store day does; which day of a month they stand on does not matter. The
board of the operations cockpit is a running month, twelve days of 31: so the company is as known on
12 December 2025, and every other month is over and mature.
"""

from dataclasses import dataclass

AS_OF = "2025-12-12"
KNOWN_FROM = "2024-06-01"
JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (
    f"2025-{month:02d}-01" for month in range(7, 13)
)


@dataclass(frozen=True)
class Day:
    """Sums of a store on a day; what is not named is zero."""

    store: str
    day: str
    sums: dict[str, float]


# Store: region, class.
STORES: dict[str, tuple[str, str]] = {}
DAYS: list[Day] = []


def store(key: str, region: str, store_class: str = "B") -> str:
    """Add a store."""
    STORES[key] = (region, store_class)
    return key


def day(key: str, on: str, **sums: float) -> None:
    """Add a day of a store; its cost is what the profit leaves of the revenue."""
    if "gross_profit_amount" in sums:
        sums["cost_amount"] = sums["revenue_amount"] - sums["gross_profit_amount"]
    DAYS.append(Day(key, on, sums))


def first_days(month: str, count: int) -> list[str]:
    """The first days of a month."""
    return [f"{month[:8]}{number:02d}" for number in range(1, count + 1)]


def nps(points: int) -> dict[str, float]:
    """A hundred answers with a net promoter score."""
    return {"promoter_count": points, "nps_response_count": 100}


# Eight stores and their ticket. Weights in August make the mean the simple one; in September it is
# the 7,500 that is stated, in October 7,480, near the middle of what all eight percentages allow.
TICKETS = {
    "海淀店": 9850, "朝阳店": 9200, "西城店": 8600, "东城店": 7800,
    "丰台店": 7500, "石景山店": 7100, "通州店": 6800, "大兴店": 6200,
}  # fmt: skip
TICKET_VISITS = {
    AUGUST: (100,) * 8,
    SEPTEMBER: (60, 70, 60, 100, 186, 225, 120, 140),
    OCTOBER: (64, 77, 61, 116, 186, 184, 180, 157),
}
TICKET_REGION = "八店"
for _name in TICKETS:
    store(_name, TICKET_REGION)
for _month, _visits in TICKET_VISITS.items():
    for (_name, _ticket), _count in zip(TICKETS.items(), _visits, strict=True):
        day(_name, _month, revenue_amount=_ticket * _count, visit_count=_count)
# 大兴 after its plan.
day("大兴店", NOVEMBER, revenue_amount=750_000, visit_count=100)

# 25 stores by class. October: the table. September: old stores at 72 and new at 55. August and
# July: five and seven new stores at 58 among stores at 68.
CLASS_REGION = "分类"
CLASSES = "A" * 5 + "B" * 10 + "C" * 7 + "D" * 3
for _number, _class in enumerate(CLASSES):
    _name = store(f"E{_number + 1:02d}", CLASS_REGION, _class)
    day(_name, OCTOBER, **nps({"A": 78, "B": 68, "C": 58, "D": 45}[_class]))
    day(_name, SEPTEMBER, **nps(72 if _class in "AB" else 55))
    day(_name, AUGUST, **nps(58 if _number in range(15, 20) else 68))
    day(_name, JULY, **nps(58 if _number in range(15, 22) else 68))

# NPS by month, and that of the year before.
TREND_STORE = store("时序店", "时序")
for _month, _points, _year_before in (
    (JULY, 70, 67), (AUGUST, 67, 66), (SEPTEMBER, 65, 66), (OCTOBER, 62, 67),
):  # fmt: skip
    day(TREND_STORE, _month, **nps(_points))
    day(TREND_STORE, _month.replace("2025", "2024"), **nps(_year_before))

# The region that is scored and held against benchmarks.
HEALTH_REGION = "华东"
_name = store("健康店", HEALTH_REGION)
day(_name, "2024-10-01", revenue_amount=100_000)
day(_name, OCTOBER, revenue_amount=108_000, gross_profit_amount=41_040,
    bay_productive_minutes=72, bay_available_minutes=100, order_count=320,
    technician_day_count=100, comeback_eligible_order_count=100, comeback_order_count=22,
    **nps(65))  # fmt: skip

# Before and after the programme.
PROGRAMME_STORE = store("项目店", "项目")
day(PROGRAMME_STORE, SEPTEMBER, revenue_amount=100_000, gross_profit_amount=35_000,
    visit_count=100, new_customer_visit_count=15, customer_wait_minutes_sum=4500,
    customer_wait_order_count=100, comeback_eligible_order_count=1000, comeback_order_count=42,
    hours_sold=70, **nps(52))  # fmt: skip
day(PROGRAMME_STORE, OCTOBER, revenue_amount=100_000, gross_profit_amount=52_000,
    visit_count=100, new_customer_visit_count=8, customer_wait_minutes_sum=2700,
    customer_wait_order_count=100, comeback_eligible_order_count=1000, comeback_order_count=13,
    hours_sold=42, **nps(72))  # fmt: skip

# Before and after the pilot.
PILOT_STORE = store("试点店", "试点")
day(PILOT_STORE, SEPTEMBER, revenue_amount=3_200_000, csi_score_sum=8600, csi_response_count=100,
    hours_sold=60, customer_wait_minutes_sum=13_800, customer_wait_order_count=100)  # fmt: skip
day(PILOT_STORE, OCTOBER, revenue_amount=3_850_000, csi_score_sum=9200, csi_response_count=100,
    hours_sold=45, customer_wait_minutes_sum=6600, customer_wait_order_count=100)  # fmt: skip

# A fix rate that falls, and what falls with it.
CAUSE_STORE = store("因果店", "因果")
day(CAUSE_STORE, SEPTEMBER, comeback_eligible_order_count=100, comeback_order_count=15,
    visit_count=100, new_customer_visit_count=35, **nps(70))  # fmt: skip
day(CAUSE_STORE, OCTOBER, comeback_eligible_order_count=100, comeback_order_count=22,
    visit_count=100, new_customer_visit_count=42, **nps(65))  # fmt: skip

# The operations board on day 12 of 31.
BOARD_STORE = store("看板店", "看板")
BOARD_DAYS = 12
for _day in first_days(DECEMBER, BOARD_DAYS):
    day(BOARD_STORE, _day, revenue_amount=2_375_000, visit_count=710, new_customer_visit_count=140)
BOARD_TARGETS = {
    "revenue": 32_000_000, "visits": 9200, "revenue_service": 18_640_776.70,
    "revenue_accessories": 6_823_529.41, "revenue_insurance": 4_487_179.49,
}  # fmt: skip
BOARD_LINES = {"repair": 19_200_000, "beauty_accessories": 5_800_000, "insurance": 3_500_000}

# Visits 18 % below the same days of the month before.
VISITS_STORE = store("进厂店", "进厂")
for _number, (_before, _now) in enumerate(
    zip(first_days(NOVEMBER, BOARD_DAYS), first_days(DECEMBER, BOARD_DAYS), strict=True)
):
    day(VISITS_STORE, _before, visit_count=104 if _number < 8 else 103)
    day(VISITS_STORE, _now, visit_count=85)

# A month of the board's size with its staff: 59 advisors and one from the 19th of a month of 30
# days on, 370 technicians and one.
STAFF_STORE = store("人效店", "人效")
day(STAFF_STORE, NOVEMBER, revenue_amount=28_500_000, visit_count=8520)
ADVISORS, TECHNICIANS, LAST_HIRED_ON = 59, 370, "2025-11-19"

# Stock at month end and what was issued in the month.
PARTS_STORE = store("配件店", "配件")
PARTS_MONTHS = ((SEPTEMBER, 45_000), (OCTOBER, 63_000))
PARTS_ISSUED = 30_000

# Service lines: share of revenue, margin, NPS. Answers come in the shares of revenue.
LINES_STORE = store("业务店", "业务")
LINES = {
    "maintenance": (35, 45, 75), "repair": (45, 38, 58),
    "beauty_accessories": (12, 55, 72), "parts_sale": (8, 25, 68),
}  # fmt: skip

# 48,000 customers by class, each with the revenue that gives the stated shares, of which 10,000 of
# one store answered a survey; and some who came long ago.
CUSTOMER_STORE = store("客户店", "客户")
ANSWER_STORE = store("问卷店", "问卷")
RETENTION_STORE = store("留存店", "留存")
WORTH_STORE = store("价值店", "价值")
