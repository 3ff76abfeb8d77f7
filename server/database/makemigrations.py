"""Migrations are written from the models: `python -m server.database.makemigrations`.

Until the first release there is one initial migration, and `--initial` writes it anew after a change of the models.
After it a released migration is never edited, and without the option the next numbered one is written."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from typing import Any

from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.operation_generator import OperationGenerator
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.migrations.writer import ImportManager, MigrationWriter

from server.database.connection import APP, configuration


async def new_migrations(*, initial: bool) -> list[MigrationWriter]:
    """What the models need beyond the migrations there are; with `initial`, all that they need from nothing on."""
    config = configuration("sqlite:///", pool_size=1)
    context = await Tortoise.init(config=config, init_connections=False)
    if context.apps is None:
        raise RuntimeError("Tortoise has loaded no models")
    detector = _Detector(context.apps, config["apps"])
    found = [detector.first()] if initial else await detector.changes()
    return [
        _Writer(
            one.name,
            one.app_label,
            one.operations,
            dependencies=one.dependencies,
            initial=one.initial,
            migrations_module=one.migrations_module,
        )
        for one in found
    ]


class _Detector(MigrationAutodetector):
    def first(self) -> MigrationWriter:
        nothing = State(models={}, apps=StateApps())
        operations = OperationGenerator(nothing, self._current_state()).generate(app_labels=[APP])
        module = self.apps_config[APP]["migrations"]
        return MigrationWriter("0001_initial", APP, operations, initial=True, migrations_module=module)

    def _current_state(self) -> State:
        state = super()._current_state()
        for model in state.models.values():
            # The docstring of a model is for readers of the model; a better sentence must not be a migration.
            model.options.pop("table_description", None)
        return state


class _Writer(MigrationWriter):
    def _render_field(self, field: Any, imports: ImportManager) -> str:
        if hasattr(field, "enum_type"):
            # Tortoise describes a choice by its members, and would do so again by itself.
            field.description = None
        return super()._render_field(field, imports)


def main() -> None:
    """The migrations are written and formatted; their paths are told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--initial", action="store_true", help="write the initial migration anew")
    asked = parser.parse_args()
    paths = [str(one.write()) for one in asyncio.run(new_migrations(initial=asked.initial))]
    if not paths:
        # Without a path ruff would take the whole tree.
        sys.stdout.write("The models have not changed.\n")
        return
    for command in (["check", "--quiet", "--fix", "--select", "I"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *command, "--", *paths], check=True)
    sys.stdout.write("".join(f"{path}\n" for path in paths))


if __name__ == "__main__":
    main()
