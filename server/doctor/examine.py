"""The whole examination."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from server.doctor.environment import address_and_key, disk, read_settings
from server.doctor.files import files
from server.doctor.finding import Finding
from server.doctor.mail import mail
from server.doctor.mail_templates import mail_templates
from server.doctor.payments import payments
from server.doctor.push import push
from server.doctor.tables import tables
from server.doctor.zones import zone_data


async def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Everything that was looked at, in the order in which it is best mended. Nothing is changed by looking.

    A setting that cannot be used is reported, and the rest is examined as if it had not been made."""
    settings, found = read_settings(environment)
    found += address_and_key(settings)
    found += await asyncio.to_thread(disk, settings)
    found += await files(settings)
    found += await asyncio.to_thread(zone_data)
    found += await tables(settings)
    found += await mail(settings)
    found += await asyncio.to_thread(mail_templates, settings)
    found += await asyncio.to_thread(push, settings)
    found += payments(settings)
    return found
