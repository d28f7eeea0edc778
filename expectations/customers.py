"""Customers, their vehicles and their answers.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectOneRecordPerPerson(ExpectNoRows):
    """One person has one customer record in the DMS."""

    rule_id: ClassVar[str] = "customer_keyed_repeatedly"


class ExpectNamesakesWithOnePhoneToBeMerged(ExpectNoRows):
    """Two customers do not have the same name and the same reachable phone."""

    rule_id: ClassVar[str] = "customer_not_merged"


class ExpectOneCustomerPerRecord(ExpectNoRows):
    """Every customer record belongs to exactly one customer."""

    rule_id: ClassVar[str] = "customer_record_resolved_twice"


class ExpectFirstVisitsBeforeLastVisits(ExpectNoRows):
    """A customer's first visit is not after the last, and both are known when there are visits."""

    rule_id: ClassVar[str] = "customer_visits_differ"


class ExpectOneVehiclePerVin(ExpectNoRows):
    """One VIN belongs to one vehicle record."""

    rule_id: ClassVar[str] = "vin_on_two_vehicles"


class ExpectPlausibleResponseShares(ExpectNoRows):
    """The share of surveys answered in a store-month is plausible."""

    rule_id: ClassVar[str] = "survey_response_share_unusual"
