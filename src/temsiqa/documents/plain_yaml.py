"""YAML as data and nothing else: no objects, no aliases, one kind of error."""

from __future__ import annotations

import yaml

# Beside its own errors PyYAML lets these through, for instance for ``!!int ""`` or ``!!timestamp x``.
_TROUBLE = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)


class _Loader(yaml.SafeLoader):
    """Refuses aliases: nothing here needs them, and a few lines of them can grow into gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node. Raises ``ComposerError`` for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases are not read")
        return super().compose_node(parent, index)


def plain_yaml(text: str) -> object:
    """What ``text`` holds. Raises ``ValueError`` with a short reason when it is no plain YAML."""
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except _TROUBLE as error:
        raise ValueError(getattr(error, "problem", None) or type(error).__name__) from error
