"""bagit-python, also where setuptools is not installed.

It asks ``pkg_resources`` of setuptools for its own version, and for nothing else. Since 3.12 Python installs no
setuptools by itself, and newer ones have no ``pkg_resources``: without this no bundle could be written there.
Where setuptools is installed, not loading it saves a fifth of a second.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from types import ModuleType

_ASKED = "pkg_resources"


def _stand_in() -> ModuleType:
    module = ModuleType(_ASKED)
    module.DistributionNotFound = PackageNotFoundError  # type: ignore[attr-defined] # a module made here
    module.get_distribution = distribution  # type: ignore[attr-defined] # the same
    return module


_own = None if _ASKED in sys.modules else _stand_in()
if _own is not None:
    sys.modules[_ASKED] = _own
try:
    import bagit
finally:
    if _own is not None:
        del sys.modules[_ASKED]

__all__ = ["bagit"]
