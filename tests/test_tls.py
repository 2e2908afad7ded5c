"""The court's own authority: a real TLS handshake by it, refusals without it, and who may listen where."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from casefile.errors import BadCertificate, BadSetting, NoAdministrator, NotLoopback
from casefile.people.people import People
from casefile.store import Store
from tests.courthouse import quick
from tingji.__main__ import main
from tingji.server import opened
from tingji.settings import read_settings
from tingji.tls import make
from tingji.trust import refuse_unusable, trust

NOTHING: dict[str, str] = {}


def handshake(folder: Path, context: ssl.SSLContext, name: str) -> None:
    """Client and server in one process; raises what the client raises."""
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(folder / "server.pem", folder / "server.key")
    here, there = socket.socketpair()

    def serve() -> None:
        try:
            ours.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        context.wrap_socket(here, server_hostname=name).close()
    finally:
        here.close()
        thread.join()


def test_a_client_believes_the_authority_by_name_and_this_machine_the_certificate(tmp_path: Path) -> None:
    made = make(tmp_path / "tls", ["court.example", "10.0.0.5"])
    folder = made.authority.parent
    refuse_unusable(folder / "server.pem", folder / "server.key")
    by_authority, own = trust(None, made.authority), trust(folder / "server.pem")
    assert by_authority and own
    for name in ("court.example", "10.0.0.5", "localhost"):
        handshake(folder, by_authority, name)
    handshake(folder, own, "any.name")
    for stranger in (by_authority, ssl.create_default_context()):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(folder, stranger, "other.example")
    make(tmp_path / "other", ["court.example"])
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path / "other", own, "any.name")
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600
    assert len(made.fingerprint) == 95
    with pytest.raises(BadCertificate):
        refuse_unusable(folder / "server.pem", tmp_path / "other" / "server.key")


def test_beyond_this_machine_only_with_a_certificate_and_an_administrator(tmp_path: Path) -> None:
    with pytest.raises(NotLoopback):
        read_settings(tmp_path, {"host": "0.0.0.0"}, NOTHING)
    make(tmp_path / "tls", ["court.example"])
    settings = read_settings(tmp_path, {"host": "0.0.0.0", "asr": False}, NOTHING)
    assert settings.url == "https://127.0.0.1:8420"
    with pytest.raises(NoAdministrator), opened(settings):
        pass
    with Store(tmp_path / "tingji.db") as store:
        accounts = People(store.engine, passwords=quick()).accounts
        accounts.make_first(accounts.first_link(), "王技术", "correct horse battery")
    with opened(settings):
        pass


def test_a_certificate_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(BadSetting):
        read_settings(tmp_path, {"certificate": tmp_path / "a.pem"}, NOTHING)


def test_the_console_makes_accounts_links_and_certificates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]

    def said(*words: str) -> str:
        try:
            main([*words, *data])
        except SystemExit as end:
            assert not end.code, capsys.readouterr()
        return capsys.readouterr().out

    assert "/first#first=" in said("accounts", "first-link")
    assert "/first#choose=" in said("accounts", "add", "法官乙", "--role", "judge")
    assert "法官乙" in said("accounts", "list")
    assert "/first#choose=" in said("accounts", "reset", "法官乙")
    said("accounts", "disable", "法官乙")
    assert "tingji recorder enrol" in said("recorder", "code", "一号法庭")
    assert "SHA-256" in said("tls", "make", "--name", "court.example")
