import json
from pathlib import Path

import pytest

from server.settings import Settings
from server.web.graphql import documents
from server.web.graphql.asking import Asked
from server.web.graphql.documents import Documents, sha256_of
from server.web.graphql.refusals import RequestRefused
from tests.server.web.graphql.small_schema import schema

GREETING = "query Greeting { greeting }"


@pytest.fixture
def registry(chosen: Settings) -> Documents:
    return Documents(schema._schema, chosen)


def test_document_is_read_once(registry: Documents) -> None:
    first = registry.asked_for(Asked(GREETING))
    assert registry.asked_for(Asked(GREETING)) is first
    assert registry.asked_for(Asked(None, sha256_of(GREETING))) is first


def test_unknown_hash_is_told_in_the_words_apollo_looks_for(registry: Documents) -> None:
    with pytest.raises(RequestRefused) as refused:
        registry.asked_for(Asked(None, "00" * 32))
    assert (refused.value.message, refused.value.code) == ("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")


def test_text_and_hash_together_register_the_document(registry: Documents) -> None:
    registered = registry.asked_for(Asked(GREETING, sha256_of(GREETING)))
    assert registry.asked_for(Asked(None, sha256_of(GREETING))) is registered


def test_hash_of_another_text_is_refused(registry: Documents) -> None:
    with pytest.raises(RequestRefused, match="does not belong"):
        registry.asked_for(Asked(GREETING, "00" * 32))


def test_persisted_documents_come_from_the_manifest(registry: Documents, tmp_path: Path) -> None:
    manifest = tmp_path / "persisted.json"
    operation = {"id": sha256_of(GREETING), "name": "Greeting", "type": "query", "body": GREETING}
    manifest.write_text(
        json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]})
    )
    assert registry.preload(manifest) == 1
    assert registry.asked_for(Asked(None, sha256_of(GREETING))).text == GREETING


def test_no_manifest_is_no_documents(registry: Documents, tmp_path: Path) -> None:
    assert registry.preload(tmp_path / "none.json") == 0


def test_persisted_only_runs_nothing_else(chosen: Settings) -> None:
    registry = Documents(schema._schema, chosen.model_copy(update={"persisted_only": True}))
    registry.persist([GREETING])
    assert registry.asked_for(Asked(GREETING)).text == GREETING
    assert registry.asked_for(Asked(None, sha256_of(GREETING))).text == GREETING
    other = "{ greeting }"
    for asked in (Asked(other), Asked(other, sha256_of(other)), Asked(None, sha256_of(other))):
        with pytest.raises(RequestRefused) as refused:
            registry.asked_for(asked)
        assert refused.value.code == "PERSISTED_QUERY_NOT_SUPPORTED"


def test_oldest_documents_make_room(registry: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 3)
    registry.persist(["query Kept { greeting }"])
    texts = [f"query A{number} {{ greeting }}" for number in range(4)]
    first = registry.asked_for(Asked(texts[0]))
    for text in texts[1:3]:
        registry.asked_for(Asked(text))
    registry.asked_for(Asked(texts[0]))
    registry.asked_for(Asked(texts[3]))
    assert registry.asked_for(Asked(None, first.hash)) is first
    with pytest.raises(RequestRefused, match="PersistedQueryNotFound"):
        registry.asked_for(Asked(None, sha256_of(texts[1])))
    assert registry.asked_for(Asked(None, sha256_of("query Kept { greeting }")))


def test_documents_are_bounded_in_length(registry: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_KEPT", 100)
    small, large = "{ greeting }", "{ greeting #" + "x" * 95 + "\n}"
    registry.asked_for(Asked(small))
    registry.asked_for(Asked(large))
    with pytest.raises(RequestRefused, match="PersistedQueryNotFound"):
        registry.asked_for(Asked(None, sha256_of(small)))


def test_names_are_suggested_to_nobody_but_developers(registry: Documents) -> None:
    told = []
    for is_trusted in (False, True):
        with pytest.raises(RequestRefused) as refused:
            registry.asked_for(Asked("{ greetin }"), is_trusted=is_trusted)
        told.append(refused.value.message)
    assert told == [
        "Cannot query field 'greetin' on type 'Query'.",
        "Cannot query field 'greetin' on type 'Query'. Did you mean 'greeting'?",
    ]


def test_every_fault_of_a_document_is_told(registry: Documents) -> None:
    with pytest.raises(RequestRefused) as refused:
        registry.asked_for(Asked("{ one two }"))
    assert [error["message"] for error in refused.value.errors()] == [
        "Cannot query field 'one' on type 'Query'.",
        "Cannot query field 'two' on type 'Query'.",
    ]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { greeting } query B { greeting }", None, "has several operations"),
        ("query A { greeting } query B { greeting }", "C", "It defines: A, B"),
        ("{ greeting }", "A", "It defines: one without a name"),
    ],
)
def test_operation_that_is_not_there(registry: Documents, text: str, name: str | None, message: str) -> None:
    with pytest.raises(RequestRefused, match=message) as refused:
        registry.asked_for(Asked(text)).operation(name)
    assert refused.value.code == "BAD_USER_INPUT"
