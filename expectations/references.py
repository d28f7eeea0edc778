"""References between facts and master data.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectOrdersOfKnownStores(ExpectNoRows):
    """Every repair order comes from a known store."""

    rule_id: ClassVar[str] = "order_store_unknown"


class ExpectOrdersOfKnownVehicles(ExpectNoRows):
    """Every repair order belongs to a known vehicle."""

    rule_id: ClassVar[str] = "order_vehicle_unknown"


class ExpectOrdersOfKnownAdvisors(ExpectNoRows):
    """Every repair order belongs to a known service advisor."""

    rule_id: ClassVar[str] = "order_advisor_unknown"


class ExpectOrdersOfKnownCustomers(ExpectNoRows):
    """Every repair order belongs to a known customer."""

    rule_id: ClassVar[str] = "order_customer_unknown"


class ExpectLinesOfKnownTechnicians(ExpectNoRows):
    """Every labour line is credited to a known technician."""

    rule_id: ClassVar[str] = "line_technician_unknown"


class ExpectLinesOfKnownServiceItems(ExpectNoRows):
    """Every labour line names a known service item."""

    rule_id: ClassVar[str] = "line_service_item_unknown"


class ExpectLinesOfKnownParts(ExpectNoRows):
    """Every part line names a known part."""

    rule_id: ClassVar[str] = "line_part_unknown"


class ExpectStockOfKnownParts(ExpectNoRows):
    """Every stock row names a known part."""

    rule_id: ClassVar[str] = "stock_part_unknown"


class ExpectOccupancyOfKnownBays(ExpectNoRows):
    """Every bay occupancy stands in a known bay."""

    rule_id: ClassVar[str] = "occupancy_bay_unknown"


class ExpectClockEntriesOfKnownTechnicians(ExpectNoRows):
    """Every clock entry belongs to a known technician."""

    rule_id: ClassVar[str] = "clock_technician_unknown"


class ExpectAppointmentsToNameKnownOrders(ExpectNoRows):
    """An appointment names a repair order that exists."""

    rule_id: ClassVar[str] = "appointment_order_unknown"


class ExpectSurveysOfKnownOrders(ExpectNoRows):
    """Every survey judges a repair order that exists."""

    rule_id: ClassVar[str] = "survey_order_unknown"


class ExpectComplaintsOfKnownOrders(ExpectNoRows):
    """A complaint names a repair order that exists."""

    rule_id: ClassVar[str] = "complaint_order_unknown"


class ExpectVehiclesOfKnownOwners(ExpectNoRows):
    """The owner of a vehicle is a known customer."""

    rule_id: ClassVar[str] = "vehicle_owner_unknown"


class ExpectTargetsOfKnownStores(ExpectNoRows):
    """Every target belongs to a known store."""

    rule_id: ClassVar[str] = "target_store_unknown"


class ExpectCostLinesOfKnownStores(ExpectNoRows):
    """Every cost posting belongs to a known store."""

    rule_id: ClassVar[str] = "cost_line_store_unknown"


class ExpectLabourLinesToHaveTheirOrder(ExpectNoRows):
    """Every labour line belongs to a repair order that landed."""

    rule_id: ClassVar[str] = "labour_line_without_order"


class ExpectPartLinesToHaveTheirOrder(ExpectNoRows):
    """Every part line belongs to a repair order that landed."""

    rule_id: ClassVar[str] = "part_line_without_order"
