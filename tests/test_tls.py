"""The court's own authority: a real TLS handshake by it, refusals without it, and who may listen where."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from casefile.errors import BadCertificate, BadSetting, NoAdministrator, NotLoopback, PlainServer
from casefile.people.people import People
from casefile.store import Store
from tests.courthouse import quick
from tingji.__main__ import main
from tingji.api import Api, machine_key
from tingji.enrolling import enrol
from tingji.recording import key_of, recorder_settings
from tingji.server import listener_of, opened
from tingji.settings import Settings, read_settings
from tingji.tls import make
from tingji.trust import refuse_unusable, trust
from web import gate

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


@dataclass
class Served:
    """The real program, listening by TLS with its own authority."""

    settings: Settings
    people: People
    url: str
    authority: Path


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Served]:
    made = make(tmp_path / "server" / "tls", ["court.example"])
    settings = read_settings(tmp_path / "server", {"asr": False}, NOTHING)
    with opened(settings) as app, socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(listener_of(app, settings))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        with Store(settings.data / "tingji.db") as store:
            url = f"https://localhost:{listener.getsockname()[1]}"
            yield Served(settings, People(store.engine, passwords=quick()), url, made.authority)
        server.should_exit = True
        thread.join(20)


def test_a_client_needs_the_authority(there: Served) -> None:
    assert Api(there.url, trust=trust(None, there.authority)).alive()
    assert Api(there.url, trust=trust(there.settings.certificate)).alive()
    for stranger in (ssl.create_default_context(), None):
        assert not Api(there.url, trust=stranger).alive()
    assert not Api(there.url.replace("https", "http")).alive()
    key = machine_key(there.settings.data)
    assert Api(there.url, key, trust(None, there.authority)).get("/api/hearings") == []


def test_nobody_chooses_the_address_by_which_their_tries_are_counted(there: Served) -> None:
    context = trust(None, there.authority)
    for n in range(3):
        connection = http.client.HTTPSConnection(there.url.partition("//")[2], context=context)
        headers = {"X-Tingji": "page", "Content-Type": "application/json", "X-Forwarded-For": f"10.0.0.{n}"}
        connection.request("POST", "/api/login", b'{"name": "x", "password": "y"}', headers)
        answer = connection.getresponse()
        assert json.loads(answer.read())["code"] == "wrong_password"
        connection.close()
    assert {line.about for line in there.people.audit.of(None)} == {"127.0.0.1"}


def test_a_recorder_elsewhere_enrols_by_its_code_and_sends_by_its_own_key(
    there: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "AGAIN_S", 0.05)
    given = {"server": there.url, "authority": there.authority}
    here = read_settings(tmp_path / "recorder", given, NOTHING)
    assert enrol(here, there.people.recorders.code("一号法庭")) == "一号法庭"
    kept = here.data / "recorder.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not (here.data / "machine.key").exists()
    told = recorder_settings(read_settings(here.data, {}, NOTHING), None, 1.0)
    assert told.name == "一号法庭"
    assert told.server == there.url.replace("https", "wss") + "/ws/recorder"
    hello = {"type": "hello", "protocol": 1, "name": "一号法庭", "device": "desk", "devices": ["desk"],
             "rate": 8000, "channels": 1, "holding": []}  # fmt: skip
    with connect(
        told.server, ssl=told.trust, proxy=None, additional_headers={"Authorization": f"Bearer {told.key}"}
    ) as line:
        line.send(json.dumps(hello))
        assert json.loads(line.recv())["type"] == "welcome"
        there.people.recorders.withdraw("一号法庭")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                line.recv()
    assert closed.value.rcvd and closed.value.rcvd.code == gate.FORBIDDEN, "withdrawn while it says nothing"


def test_no_key_goes_to_another_machine_in_the_open(tmp_path: Path) -> None:
    def settings(server: str | None) -> Settings:
        return read_settings(tmp_path, {"server": server}, NOTHING)

    assert recorder_settings(settings("court.example:8420"), None, 1.0).server.startswith(
        "wss://court.example"
    )
    assert key_of(settings("court.example:8420")) == ""
    assert key_of(settings(None)) == key_of(settings("127.0.0.1:9000")) == machine_key(tmp_path)
    for server in ("http://court.example:8420", "ws://10.0.0.5/ws/recorder"):
        with pytest.raises(PlainServer):
            recorder_settings(settings(server), None, 1.0)
