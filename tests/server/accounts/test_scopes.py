import pytest

from server.accounts.scopes import READ_SCOPES, Scope, scopes_of, valid_scopes
from server.errors import ErrorCode, Refused
from server.models.enums import Role


def test_an_admin_may_use_every_scope() -> None:
    assert scopes_of(Role.ADMIN) == frozenset(Scope)


def test_a_member_may_neither_manage_the_account_nor_read_the_schema() -> None:
    assert frozenset(Scope) - scopes_of(Role.MEMBER) == {Scope.ACCOUNT_ADMIN, Scope.SCHEMA_INTROSPECT}


def test_read_scopes_are_those_that_say_read() -> None:
    assert frozenset(scope for scope in Scope if scope.endswith(":read")) == READ_SCOPES


def test_known_scopes_are_taken_as_they_are() -> None:
    assert valid_scopes(["meetings:read", "links:write"]) == {Scope.MEETINGS_READ, Scope.LINKS_WRITE}


@pytest.mark.parametrize("names", [[], ["meetings"], ["meetings:read", "MEETINGS:READ"]])
def test_no_scope_or_an_unknown_one_is_refused_with_those_there_are(names: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        valid_scopes(names, "scopes")
    (complaint,) = caught.value.complaints
    assert (complaint.code, complaint.path) == (ErrorCode.FORBIDDEN, ("scopes",))
    assert "Choose among account:admin, account:read" in complaint.message
