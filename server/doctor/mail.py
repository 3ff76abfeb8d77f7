"""The mail server: does it answer, switch to TLS, and let us in?"""

from __future__ import annotations

import aiosmtplib

from server.doctor.finding import Finding, look, ok, wrong
from server.gateways.mail.smtp import mail_server
from server.settings import Settings

PATIENCE_SECONDS = 8.0


async def mail(settings: Settings) -> list[Finding]:
    """Whether mails can leave, as far as that can be said without sending one."""
    if not settings.smtp_url:
        mend = "Set PARLEY_SMTP_URL, such as smtp://user:password@mail.example.com:587?starttls=1."
        return [look("mail", "No mail server is set: bookings stand, but nobody is told.", mend)]
    found = [await _greeted(settings)]
    if settings.mail_from.endswith("@localhost"):
        mend = "Set PARLEY_MAIL_FROM to an address of a domain that this mail server may send for."
        found.append(look("mail", f"Mails come from {settings.mail_from}, which many servers refuse.", mend))
    return found


async def _greeted(settings: Settings) -> Finding:
    server = mail_server(settings.smtp_url)
    where = f"{server.host}:{server.port}"
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.speaks_tls,
        start_tls=server.switches_to_tls,
        timeout=PATIENCE_SECONDS,
    )
    try:
        async with client:
            await client.noop()
    except aiosmtplib.SMTPAuthenticationError as error:
        return wrong(
            "mail", f"{where} refuses the user: {error.message}", "Correct user and password in PARLEY_SMTP_URL."
        )
    except (aiosmtplib.SMTPException, OSError) as error:
        mend = "Check host, port and starttls in PARLEY_SMTP_URL, and that this machine may connect there."
        return wrong("mail", f"{where} does not take mail: {' '.join(str(error).split())}.", mend)
    is_private = server.speaks_tls or server.switches_to_tls or server.host in ("localhost", "127.0.0.1", "::1")
    if not is_private:
        return look("mail", f"{where} answers, without encryption.", "Add ?starttls=1, or write smtps://.")
    return ok("mail", f"{where} answers.")
