"""Nothing is translated that nobody says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import server
from server.wording.catalogue import catalogue

SERVER = Path(server.__file__).parent
_COUNTED = re.compile(r"\.(zero|one|two|few|many|other)$")
_WHOLE = re.compile(r"""["']([a-z_]+(?:\.\w+)+)["']""")
_SAYS = re.compile(r"\bsay\w*\(")


def _texts(*kinds: str) -> list[str]:
    return [file.read_text(encoding="utf-8") for kind in kinds for file in SERVER.rglob(kind)]


def _put_together(code: str) -> set[str]:
    """What could be said of the keys that are put together for `say`, as patterns."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    said = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.startswith("say")]
    keys = [one.values for call in said for one in call.args if isinstance(one, ast.JoinedStr)]
    return {"".join(_pattern(part) for part in key) for key in keys}


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.]+"


def test_no_sentence_is_kept_that_nothing_says() -> None:
    code = _texts("*.py")
    whole = {key for text in (*code, *_texts("*.j2", "*.html")) for key in _WHOLE.findall(text)}
    put_together = {form for text in code if _SAYS.search(text) for form in _put_together(text)}
    keys = {_COUNTED.sub("", key) for key in catalogue("en")}
    assert {key for key in keys - whole if not re.fullmatch("|".join(put_together), key)} == set()
