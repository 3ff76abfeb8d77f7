"""The files of GraphiQL beside its page are those that npm publishes."""

from __future__ import annotations

import re

from tests.house.graphiql import FOLDER, kept, packed


def test_what_lies_beside_the_page_is_what_was_published(graphiql_files: None) -> None:
    assert packed() == kept()


def test_the_packed_files_name_no_font_and_no_source_map(graphiql_files: None) -> None:
    for name, content in kept().items():
        assert b"@font-face" not in content, name
        assert b"sourceMappingURL" not in content, name
        assert re.findall(rb"url\(\s*[\"']?https?:", content) == [], name


def test_all_together_are_small(graphiql_files: None) -> None:
    assert sum(one.stat().st_size for one in FOLDER.glob("*.gz")) < 450_000
