"""Which days a report is of."""

import datetime

import strawberry

from schema.inputs.given import needed


@strawberry.input(description="Days of the account's zone, at most 400 of them.")
class ReportRange:
    from_: datetime.date = strawberry.field(name="from", description="The first day.")
    to: datetime.date = needed("The last day.")
