"""The small synthetic core of the marts, for what every mart is written with."""

from tests.marts.conftest import core

__all__ = ["core"]
