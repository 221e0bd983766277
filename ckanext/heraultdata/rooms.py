"""What CKAN's blankets need of the rooms: their public functions, gathered by module."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType


def public_functions(*modules: ModuleType, prefix: str = "") -> dict[str, Callable[..., object]]:
    """The functions that the modules define under a name without a leading underscore.

    Args:
        modules: modules of one kind, such as the `actions` of each room.
        prefix: only names that start with it.

    Returns:
        The functions by name.

    Raises:
        ValueError: two modules define the same name.
    """
    functions: dict[str, Callable[..., object]] = {}
    for module in modules:
        for name, member in vars(module).items():
            if name.startswith("_") or not name.startswith(prefix):
                continue
            if getattr(member, "__module__", None) != module.__name__:
                continue
            if isinstance(member, type) or not callable(member):
                continue
            if name in functions:
                raise ValueError(f"Two rooms define {name}")
            functions[name] = member
    return functions
