"""What a meeting keeps of the form by which it was booked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import strawberry

from server.accounts.viewer import Viewer
from server.booking.answers import answer_in_words


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
    text: str = strawberry.field(
        description="The answer as people read it, in the viewer's language: Yes or No for a CHECKBOX."
    )


@strawberry.type(
    description="What a visitor was asked to agree to, or told of what is done with their data, in the words that they "
    "saw."
)
class MeetingConsent:
    key: str = strawberry.field(
        description="The key of the box; `notice` for a text beside the button, to which whoever books agrees, "
        "`processing` where that text had a box, and `interest` where it said on what ground data is kept."
    )
    text: str = strawberry.field(description="What was shown.")
    is_given: bool = strawberry.field(
        description="Whether they agreed; false for `interest`, where nobody was asked to."
    )
    locale: str = strawberry.field(description="The language in which it was shown.")
    shown_at: datetime = strawberry.field(description="When the form was sent on which it was shown.")


@strawberry.type(description="What the link carried by which a meeting was booked.")
class MeetingTracking:
    campaign: str | None = strawberry.field(description="The campaign.")
    source: str | None = strawberry.field(description="Where the visitor came from.")
    medium: str | None = strawberry.field(description="How they came.")


def answers_from(viewer: Viewer, kept: Sequence[Mapping[str, Any]]) -> list[MeetingAnswer]:
    """The answers of a meeting, in the order of the questions."""
    return [
        MeetingAnswer(
            question=one["question"],
            label=one.get("label") or one["question"],
            value=one["value"],
            values=one.get("values") or [one["value"]],
            text=answer_in_words(one, viewer.locale),
        )
        for one in kept
    ]


def consents_from(kept: Sequence[Mapping[str, Any]]) -> list[MeetingConsent]:
    """What was put to the visitor, in the order shown."""
    return [
        MeetingConsent(
            key=one["key"],
            text=one["label"],
            is_given=one["given"],
            locale=one["locale"],
            shown_at=datetime.fromtimestamp(one["at"], UTC),
        )
        for one in kept
    ]


def tracking_from(kept: Mapping[str, str]) -> MeetingTracking | None:
    """What the link carried; None where it carried nothing."""
    if not kept:
        return None
    return MeetingTracking(campaign=kept.get("campaign"), source=kept.get("source"), medium=kept.get("medium"))
