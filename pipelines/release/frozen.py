"""Releases that cannot be changed on the disk: without write permission, which `remove` gives back before it deletes.

A reader that may open the file for writing still cannot write it; only its owner, on purpose, or the machine's
administrator can. Not here: when a release is published or pruned (publish.py, history.py).
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def freeze(folder: Path) -> None:
    """Take write permission from the folder and all below it (0444 and 0555 under the usual umask). Links stay."""
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~WRITE)


def remove(folder: Path) -> None:
    """Delete a folder, frozen or not; nothing where there is none. Raises OSError where it cannot be deleted.

    Deleting needs write permission on folders alone, not on what lies in them.
    """
    if not folder.exists():
        return
    for parent, folders, _ in os.walk(folder):
        for path in [Path(parent), *[Path(parent) / name for name in folders]]:
            if not path.is_symlink():
                path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IRWXU)
    shutil.rmtree(folder)
