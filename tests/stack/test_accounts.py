"""Accounts of the auth emulator outlive the emulator."""

from pathlib import Path

import httpx

from stack import accounts, servers
from stack.accounts import Keeper
from stack.temporary import free_port, running

PROJECT = "demo-tonearm"


def test_accounts_outlive_the_emulator(tmp_path: Path) -> None:
    kept = tmp_path / "accounts"
    port = free_port()
    with running(servers.auth(tmp_path, port, PROJECT, tmp_path), tmp_path):
        address = f"http://127.0.0.1:{port}"
        keeper = Keeper(address, PROJECT, kept)
        signed_up = httpx.post(
            f"{address}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=demo-key",
            json={"email": "ada@example.com", "password": "a long password", "returnSecureToken": True},
        )
        assert signed_up.status_code == 200
        assert keeper.keep(process=1) is True
        assert keeper.keep(process=1) is False, "nothing has changed"

    port = free_port()
    with running(servers.auth(tmp_path, port, PROJECT, tmp_path), tmp_path):
        address = f"http://127.0.0.1:{port}"
        assert [account["email"] for account in accounts.fetch(address, PROJECT)] == ["ada@example.com"]
        signed_in = httpx.post(
            f"{address}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=demo-key",
            json={"email": "ada@example.com", "password": "a long password", "returnSecureToken": True},
        )
        assert signed_in.status_code == 200

        accounts.save(kept, [*accounts.saved(kept), {"localId": "2", "email": "not-yet-read@example.com"}])
        early = Keeper(address, PROJECT, kept)
        assert early.keep(process=2) is False, "an emulator that has not read everything back overwrites nothing"
        assert len(accounts.saved(kept)) == 2
