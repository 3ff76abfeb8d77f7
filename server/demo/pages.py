"""The scheduling pages of Fernhill Robotics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from server.models import LinkMember, LinkSlug, MeetingLink, Rotation, RotationMember, User
from server.models.enums import LocationKind, MeetingLinkKind

# Every day of the week, so that whoever tries the demo finds a time within two days whenever that is.
EVERY_DAY = {str(weekday): [[8 * 60, 20 * 60]] for weekday in range(7)}
ROTATION = "Demo tours"


@dataclass(frozen=True, slots=True)
class Page:
    """A meeting link to be made: whose it is, who is in it, and what differs from the defaults."""

    slug: str
    name: str
    title: str
    owner: str
    kind: MeetingLinkKind = MeetingLinkKind.PERSONAL
    members: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_paid_for(self) -> bool:
        """Whether a meeting on it costs something; nobody of the story has paid, that is left to whoever tries it."""
        return "price_amount" in self.more


FIRST = "ines-almeida"

PAGES = (
    Page(
        FIRST, "Intro call", "Intro call with Ines Almeida", "ines.almeida",
        more={
            "description": "A first talk to find out whether a robot is what you need. Bring a photo of the line.",
            "durations_minutes": [15, 30, 60],
            "location_kind": LocationKind.VIDEO,
            "location_text": "https://meet.fernhill.example/ines-almeida",
            "weekly_hours": EVERY_DAY,
            "notice_minutes": 60,
            "buffer_after_minutes": 10,
            "guests_max": 3,
            "is_default": True,
            "questions": [
                {"key": "line", "label": "What does the line make?", "kind": "TEXT", "required": False},
                {"key": "when", "label": "When should it run?", "kind": "SELECT", "required": False,
                 "options": ["This quarter", "This year", "Later"]},
            ],
        },
    ),
    Page(
        "ines-almeida-review", "Customer review", "Customer review", "ines.almeida",
        more={"durations_minutes": [45], "location_kind": LocationKind.PHONE, "buffer_before_minutes": 5,
              "buffer_after_minutes": 15, "daily_limit": 3},
    ),
    Page(
        "jonas-weber", "Technical questions", "Technical questions to Jonas Weber", "jonas.weber",
        more={"durations_minutes": [30], "location_kind": LocationKind.VIDEO, "is_default": True,
              "location_text": "https://meet.fernhill.example/jonas-weber"},
    ),
    Page(
        "aiko-tanaka", "Customer success", "Time with Aiko Tanaka", "aiko.tanaka",
        more={"durations_minutes": [30, 60], "location_kind": LocationKind.VIDEO, "is_default": True},
    ),
    Page(
        "priya-raman", "Intro call, Americas", "Intro call with Priya Raman", "priya.raman",
        more={"durations_minutes": [30], "location_kind": LocationKind.PHONE, "is_default": True},
    ),
    Page(
        "piotr-zielinski", "Wizyta u klienta", "Wizyta u klienta", "piotr.zielinski",
        more={"durations_minutes": [60], "location_kind": LocationKind.ADDRESS, "locale": "pl", "is_default": True,
              "location_text": "U Państwa w zakładzie"},
    ),
    Page(
        "fernhill-kick-off", "Project kick-off", "Project kick-off", "ines.almeida", MeetingLinkKind.GROUP,
        ("ines.almeida", "jonas.weber"),
        more={"durations_minutes": [30, 60], "location_kind": LocationKind.VIDEO, "notice_minutes": 1440},
    ),
    Page(
        "fernhill-demo", "Product tour", "Product tour", "ines.almeida", MeetingLinkKind.ROUND_ROBIN,
        ("jonas.weber", "ines.almeida", "priya.raman"),
        more={"durations_minutes": [30], "location_kind": LocationKind.VIDEO, "contact_owner_first": True},
    ),
    Page(
        "jonas-weber-review", "Line review", "Line review with Jonas Weber", "jonas.weber",
        more={"durations_minutes": [60], "location_kind": LocationKind.VIDEO, "weekly_hours": EVERY_DAY,
              "description": "An hour on the line that you have: what can be automated, and what had better not be.",
              "location_text": "https://meet.fernhill.example/jonas-weber", "notice_minutes": 60,
              "price_amount": 12000, "price_currency": "EUR"},
    ),
)  # fmt: skip


async def make_pages(account_id: int, users: Mapping[str, User]) -> dict[str, MeetingLink]:
    """Every page by its slug, with its members, and the rotation behind the product tour."""
    return {page.slug: await _make(account_id, page, users) for page in PAGES}


async def _make(account_id: int, page: Page, users: Mapping[str, User]) -> MeetingLink:
    members = [users[key] for key in page.members]
    is_shared = page.kind is MeetingLinkKind.ROUND_ROBIN
    link = await MeetingLink.create(
        account_id=account_id,
        owner_id=users[page.owner].id,
        kind=page.kind,
        rotation_id=await _make_rotation(account_id, members) if is_shared else None,
        slug=page.slug,
        name=page.name,
        title=page.title,
        **page.more,
    )
    await LinkSlug.create(link_id=link.id, slug=page.slug)
    if page.kind is MeetingLinkKind.GROUP:
        for position, member in enumerate(members):
            await LinkMember.create(link_id=link.id, user_id=member.id, position=position)
    return link


async def _make_rotation(account_id: int, members: list[User]) -> int:
    rotation = await Rotation.create(account_id=account_id, name=ROTATION)
    for position, member in enumerate(members):
        await RotationMember.create(rotation_id=rotation.id, user_id=member.id, position=position)
    return rotation.id
