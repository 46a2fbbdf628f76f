"""Packages that are read when the first of them is used: whoever never signs in with a passkey does not wait for that library.

Beside `later("segno")` stands the import itself, under TYPE_CHECKING: so the types are known, and the house sees who imports what.
"""

from importlib import import_module
from typing import Any


class _Package:
    """Stands for a package until it is asked for something; then it has everything that the package has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found


def later(name: str) -> Any:
    """The package, or the module of one, with this name."""
    return _Package(name)
