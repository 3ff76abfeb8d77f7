"""What administrators send about outcomes and meeting types."""

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from server.meetings.offer import ChoiceEdit, NewChoice

LABEL = "What people call it, at most 100 characters; no other has it."
POSITION = "Its place in the list, 0 for the first; the others keep their order around it."


@strawberry.input(description="An outcome that meetings may have from now on.")
class CreateOutcomeInput:
    label: str = needed(LABEL)
    position: int | None = optional(f"{POSITION} The last if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What is to be otherwise about an outcome; what is left out stays.")
class EditOutcomeInput:
    key: str = needed("The key of the outcome.")
    label: str | None = optional(LABEL)
    position: int | None = optional(POSITION)
    is_archived: bool | None = optional("Whether it is offered no more; not for the five that every account has.")


@strawberry.input(description="A type that meetings may have from now on.")
class CreateMeetingTypeInput:
    label: str = needed(LABEL)
    position: int | None = optional(f"{POSITION} The last if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="What is to be otherwise about a meeting type; what is left out stays.")
class EditMeetingTypeInput:
    key: str = needed("The key of the type.")
    label: str | None = optional(LABEL)
    position: int | None = optional(POSITION)
    is_archived: bool | None = optional("Whether it is offered no more.")


def new_choice_from(input: CreateOutcomeInput | CreateMeetingTypeInput) -> NewChoice:
    """The input as the verbs take it."""
    return NewChoice(input.label, input.position, input.idempotency_key)


def choice_edit_from(input: EditOutcomeInput | EditMeetingTypeInput) -> ChoiceEdit:
    """The input as the verbs take it."""
    return ChoiceEdit(input.key, input.label, input.position, input.is_archived)
