"""A delivery as the administrators' list shows it."""

import strawberry

from schema.reading import reads, shown
from schema.types.delivery import Delivery
from schema.types.meeting import Meeting
from server import models


@reads(models.Job)
@strawberry.type(description="A delivery that was given up, until somebody tries it again.")
class FailedDelivery(Delivery):
    meeting: Meeting | None = shown("The meeting it is about; null where it is about none.")
