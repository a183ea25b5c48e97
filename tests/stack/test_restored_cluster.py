"""A database folder that was copied about by root starts again (`cp -r` forgets whose it is)."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from stack import servers
from stack.probes import libpq
from stack.temporary import PASSWORD, free_port, running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand files over")
@pytest.mark.parametrize("owner", [0, 54_321], ids=["root's", "nobody's on this machine"])
def test_a_cluster_that_changed_hands_starts(servers_folder: Path, owner: int) -> None:
    folder = servers_folder / f"moved-{owner}"
    with running(servers.database(folder, free_port(), PASSWORD, folder), folder):
        pass
    for path in (folder / "cluster", *(folder / "cluster").rglob("*")):
        os.lchown(path, owner, owner)
    (folder / "cluster").chmod(0o755)
    server = servers.database(folder, free_port(), PASSWORD, folder)
    with running(server, folder), psycopg.connect(libpq(server.address)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    shutil.rmtree(folder)
