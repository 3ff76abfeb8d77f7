"""The image and the compose file, checked without an engine: by a linter, and against the program's own words."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from server.settings import Settings

ROOT = Path(__file__).parents[2]


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def test_the_dockerfile_passes_its_linter() -> None:
    command = str(Path(sys.executable).with_name("hadolint"))
    result = subprocess.run([command, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_the_image_runs_without_root_and_says_when_it_is_ready() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001"]
    assert "/health/ready" in text
    assert 'ENTRYPOINT ["parley"]' in text


def test_compose_pins_every_image() -> None:
    images = [service["image"] for service in compose()["services"].values()]
    assert all(re.fullmatch(r"[a-z0-9/.-]+:v?\d+\.\d+[\w.-]*", image) for image in images), images


def test_compose_runs_two_servers_a_worker_a_database_and_a_mail_catcher() -> None:
    services = compose()["services"]
    assert sorted(services) == ["api-1", "api-2", "database", "mail", "worker"]
    assert services["worker"]["command"] == ["worker"]


def test_every_setting_in_the_containers_is_one_the_program_reads() -> None:
    known = {f"PARLEY_{name.upper()}" for name in Settings.model_fields}
    in_compose = set(compose()["x-parley"]["environment"])
    in_image = set(re.findall(r"(PARLEY_[A-Z_]+)=", (ROOT / "Dockerfile").read_text()))
    assert in_compose | in_image <= known


def test_the_image_holds_every_package_of_the_wheel() -> None:
    text = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    for folder in ("server", "schema", "resolvers", "mobile_contract"):
        assert f"COPY {folder} " in text
        assert f"!{folder}" in ignored
