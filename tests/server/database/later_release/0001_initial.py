"""As released."""

from importlib import import_module

Migration = import_module("server.migrations.0001_initial").Migration
