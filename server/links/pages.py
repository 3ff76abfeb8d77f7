"""What the public page of a meeting link is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server import ids
from server.models import Account, LinkMember, LinkSlug, MeetingLink, Rotation, RotationMember, User
from server.models.enums import MeetingLinkKind


@dataclass(frozen=True, slots=True)
class SchedulingPage:
    """One meeting link with all that its page needs. `slug` is the current one, whichever was asked for; `tz` the zone
    of grid, window and daily limit; `hosts` stand in the order shown. `places` are the members of a ROUND_ROBIN link's
    rotation, inactive ones too, in the order of `hosts` and then the inactive."""

    link: MeetingLink
    account: Account
    owner: User
    hosts: tuple[User, ...]
    slug: str
    tz: str
    is_open: bool
    places: tuple[RotationMember, ...] = ()

    @property
    def title(self) -> str:
        """What the page is called before anybody has booked: the link's title, or its name where the title waits for
        the contact's, or, where turns are taken, for the host's."""
        template = self.link.title
        if "{contact}" in template or ("{host}" in template and self.link.kind is MeetingLinkKind.ROUND_ROBIN):
            return self.link.name
        return template.replace("{host}", self.hosts[0].name if self.hosts else self.owner.name)


async def scheduling_page_of(slug: str) -> SchedulingPage | None:
    """The page of the link that has or once had this slug; None if no link ever had it, or if it was retired."""
    link = await link_of(slug)
    return await _page(link, link.account, link.owner) if link is not None else None


async def link_of(slug: str, *, even_retired: bool = False) -> MeetingLink | None:
    """The link that has or once had this slug, with its account and owner; None if there is none, or it was retired,
    unless that is no matter to whoever asks."""
    wanted = slug.strip().lower()
    if not ids.is_slug(wanted):
        return None
    named = await LinkSlug.get_or_none(slug=wanted).select_related("link__account", "link__owner")
    return named.link if named is not None and (even_retired or named.link.retired_at is None) else None


async def page_of(link: MeetingLink) -> SchedulingPage:
    """The page of a link that is there already."""
    return await _page(link, await Account.get(id=link.account_id), await User.get(id=link.owner_id))


async def with_turns_anew(page: SchedulingPage) -> SchedulingPage:
    """The page with its rotation as it stands now: for whoever has locked its hosts after reading it, and waited for
    somebody else to be counted. A member who left meanwhile is no host any more."""
    if page.link.kind is not MeetingLinkKind.ROUND_ROBIN:
        return page
    places = await _places(page.link)
    there = {place.user_id for place in places}
    return replace(page, places=places, hosts=tuple(host for host in page.hosts if host.id in there))


async def _page(link: MeetingLink, account: Account, owner: User) -> SchedulingPage:
    places = await _places(link)
    hosts = await _hosts(link, owner, places)
    return SchedulingPage(
        link=link,
        account=account,
        owner=owner,
        hosts=hosts,
        slug=link.slug,
        tz=link.time_zone or owner.time_zone,
        is_open=link.is_active and link.retired_at is None and bool(hosts),
        places=places,
    )


async def _places(link: MeetingLink) -> tuple[RotationMember, ...]:
    if link.kind is not MeetingLinkKind.ROUND_ROBIN or link.rotation_id is None:
        return ()
    if not await Rotation.exists(id=link.rotation_id, deleted_at__isnull=True):
        return ()
    places = await RotationMember.filter(rotation_id=link.rotation_id, left_at__isnull=True).order_by("position", "id")
    return tuple(sorted(places, key=lambda place: not place.is_active))


async def _hosts(link: MeetingLink, owner: User, places: tuple[RotationMember, ...]) -> tuple[User, ...]:
    if link.kind is MeetingLinkKind.PERSONAL:
        return (owner,) if owner.is_active else ()
    if link.kind is MeetingLinkKind.ROUND_ROBIN:
        wanted = [place.user_id for place in places]
    else:
        wanted = [one.user_id for one in await LinkMember.filter(link_id=link.id).order_by("position", "id")]
    users = {user.id: user for user in await User.filter(id__in=wanted, account_id=link.account_id, is_active=True)}
    if link.kind is MeetingLinkKind.GROUP and len(users) < len(wanted):
        return ()
    return tuple(users[one] for one in wanted if one in users)
