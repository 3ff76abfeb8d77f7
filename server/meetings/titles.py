"""What a meeting is called that was booked through a link."""

LONGEST = 300


def meeting_title(template: str, *, contact: str, host: str) -> str:
    """The link's title, with `{contact}` and `{host}` in it replaced by names; cut to what a title may have."""
    return template.replace("{contact}", contact).replace("{host}", host)[:LONGEST]
