"""What happens to vehicles, bays and technicians.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectBaysWhereOrdersAre(ExpectNoRows):
    """A store-day with orders has bay time available."""

    rule_id: ClassVar[str] = "store_without_capacity"


class ExpectStagesInTheirOrder(ExpectNoRows):
    """The stages of an order follow each other: arrived, in the bay, finished, delivered."""

    rule_id: ClassVar[str] = "stage_times_out_of_order"


class ExpectOrdersToBeSettledInTime(ExpectNoRows):
    """An order is settled within the days allowed."""

    rule_id: ClassVar[str] = "order_open_too_long"


class ExpectOdometersNotToFall(ExpectNoRows):
    """The odometer of a vehicle does not fall from one order to the next."""

    rule_id: ClassVar[str] = "odometer_rolled_back"


class ExpectComebacksToFitTheirFirstOrder(ExpectNoRows):
    """A comeback names an order of the same vehicle and fault system within the window."""

    rule_id: ClassVar[str] = "comeback_link_broken"


class ExpectOneVehicleInABayAtATime(ExpectNoRows):
    """Two vehicles do not stand in one bay at one time."""

    rule_id: ClassVar[str] = "bay_intervals_overlap"


class ExpectAppointmentsToBeEnteredOnce(ExpectNoRows):
    """An appointment stands in the calendar once: same vehicle, same booking, same due time."""

    rule_id: ClassVar[str] = "appointment_entered_twice"


class ExpectBayTimeWithinOpeningHours(ExpectNoRows):
    """A bay is not productive for longer than its opening hours allow."""

    rule_id: ClassVar[str] = "bay_utilisation_above_limit"


class ExpectWorkedTimeWithinPresence(ExpectNoRows):
    """A technician does not work on orders for longer than present."""

    rule_id: ClassVar[str] = "technician_worked_above_limit"
