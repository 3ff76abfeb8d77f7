"""Everything that is wrong is told at once."""

from __future__ import annotations

import pytest

from server.checks import valid_email
from server.complaints import Complaints
from server.errors import Complaint, ErrorCode, Refused


def test_complaints_keep_what_checks_refuse_and_hand_on_what_they_find() -> None:
    found = Complaints()
    assert found.ask(valid_email, "Ola@Client.example", "email") == "ola@client.example"
    found.refuse_if_any()
    assert found.ask(valid_email, "nobody", "email") is None
    found.add(ErrorCode.NAME_REQUIRED, "Please write your name.", "firstName")
    with pytest.raises(Refused) as caught:
        found.refuse_if_any()
    assert caught.value.complaints[0].code is ErrorCode.EMAIL_INVALID
    assert caught.value.complaints[1] == Complaint(ErrorCode.NAME_REQUIRED, "Please write your name.", ("firstName",))
