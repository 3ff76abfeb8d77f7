"""What a meeting keeps of the form by which it was booked."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry


@strawberry.type(description="What a visitor answered to a question of the page.")
class MeetingAnswer:
    question: str = strawberry.field(description="The key of the question.")
    label: str = strawberry.field(description="The question as it was asked.")
    value: str = strawberry.field(
        description="The answer as text; `true` or `false` for a CHECKBOX, the chosen options after each other for "
        "MULTI_SELECT."
    )
    values: list[str] = strawberry.field(
        description="The chosen options of a MULTI_SELECT question, for any other the one answer. At most 100."
    )


@strawberry.type(description="What a visitor was asked to agree to, in the words that they saw.")
class MeetingConsent:
    key: str = strawberry.field(
        description="The key of the box; `notice` for a text beside the button, to which whoever books agrees, and "
        "`processing` where that text had a box."
    )
    text: str = strawberry.field(description="What was shown.")
    is_given: bool = strawberry.field(description="Whether they agreed.")


@strawberry.type(description="What the link carried by which a meeting was booked.")
class MeetingTracking:
    campaign: str | None = strawberry.field(description="The campaign.")
    source: str | None = strawberry.field(description="Where the visitor came from.")
    medium: str | None = strawberry.field(description="How they came.")


def answers_from(kept: Sequence[Mapping[str, Any]]) -> list[MeetingAnswer]:
    """The answers of a meeting, in the order of the questions."""
    return [
        MeetingAnswer(
            question=one["question"],
            label=one.get("label") or one["question"],
            value=one["value"],
            values=one.get("values") or [one["value"]],
        )
        for one in kept
    ]


def consents_from(kept: Sequence[Mapping[str, Any]]) -> list[MeetingConsent]:
    """What was put to the visitor, in the order shown."""
    return [MeetingConsent(key=one["key"], text=one["label"], is_given=one["given"]) for one in kept]


def tracking_from(kept: Mapping[str, str]) -> MeetingTracking | None:
    """What the link carried; None where it carried nothing."""
    if not kept:
        return None
    return MeetingTracking(campaign=kept.get("campaign"), source=kept.get("source"), medium=kept.get("medium"))
