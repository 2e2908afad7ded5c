"""`tingji record`: the settings of the capture daemon, and the list of devices."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from casefile.errors import PlainServer
from casefile.loopback import is_loopback
from casefile.people.tokens import key_in
from recorder.daemon import RecorderSettings, run
from recorder.microphone import MOST_CHANNELS, devices
from tingji.api import machine_key
from tingji.console import Voice
from tingji.settings import Settings
from tingji.trust import trust
from tingji.under_way import refuse_remembered

UPLINK = "/ws/recorder"
RECORDER_KEY = "recorder.key"


def print_devices(voice: Voice) -> None:
    """Names of the input devices, one a line. Raises NoPortAudio."""
    names = devices()
    for name in names:
        voice.fact(name)
    if not names:
        voice.warn("没有找到录音设备。", "There is no input device.")


def recorder_settings(settings: Settings, replay: Path | None, speed: float) -> RecorderSettings:
    """The daemon's own settings: its journal, its memory, and where the server listens."""
    return RecorderSettings(
        name=settings.recorder,
        server=uplink_of(settings.server or settings.url),
        journal=settings.journal,
        state=settings.data / "recorder.json",
        device=settings.device,
        replay=replay,
        speed=speed,
        most_channels=settings.channels or MOST_CHANNELS,
        key=key_of(settings),
        trust=trust(settings.certificate, settings.authority),
    )


def key_of(settings: Settings) -> str:
    """The recorder's own key where it was enrolled; beside the server, the key of their common folder.

    That one, which may do everything, never leaves this machine.
    """
    if (own := settings.data / RECORDER_KEY).exists():
        return key_in(own)
    here = settings.server is None or is_loopback(urlsplit(server_address(settings.server)).hostname)
    return machine_key(settings.data) if here else ""


def uplink_of(server: str) -> str:
    """The websocket's address of a server given as https://HOST:PORT, HOST:PORT or the address itself."""
    parts = urlsplit(server_address(server))
    scheme = {"http": "ws", "https": "wss"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}{parts.path if parts.path not in ('', '/') else UPLINK}"


def server_address(server: str) -> str:
    """The address with its scheme: by TLS, but on this machine. Raises PlainServer for an open one elsewhere."""
    here = is_loopback(urlsplit(server if "://" in server else f"//{server}").hostname)
    address = server if "://" in server else f"{'http' if here else 'https'}://{server}"
    if urlsplit(address).scheme in ("http", "ws") and not here:
        raise PlainServer
    return address


def record_forever(settings: Settings, replay: Path | None, speed: float) -> None:
    """The capture daemon, until SIGTERM or SIGINT.

    Raises NoPortAudio, NoDevice, UnreadableSound, or RealHearing: a file never goes on with a real hearing.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    if replay:
        refuse_remembered(settings)
    run(recorder_settings(settings, replay, speed))
