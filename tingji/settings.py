"""All settings, read once: `DIR/tingji.toml`, then `TINGJI_*` of the environment, then the command line.

The later one wins. A key that is not known is refused with the nearest known one, so that a typing error
never silently leaves a courtroom on a default.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from casefile.errors import BadSetting, NotLoopback, UnreadableFile
from casefile.keys import refuse_unknown
from casefile.loopback import is_loopback

FILE = "tingji.toml"
ENROLLED = "enrolled.toml"
"""What an enrolment has settled: the recorder's name, and its server."""
PREFIX = "TINGJI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation of Tingji. Paths are absolute.

    `port` 0: any free one. `cpu_threads` 0: one per core. `channels` 0: all that the device has. `journal` is
    the recorder's own copy of the sound (put it on another disk). `device` None: the one chosen before, or the
    system's default. `server`: the server's address as the recorder sees it, None: this machine.
    `certificate` and `private_key`: PEM files, None: no TLS. `authority`: who signed the certificate of a server
    elsewhere, as the recorder believes it. `language`: zh or en. `court`: its full name, as documents say it.
    `templates`: the court's own templates of documents (docs/templates.md), None: the built-in ones alone.
    `court_key`: the court's private key that signs archives, outside `data`.
    """

    data: Path
    host: str
    port: int
    model: str
    models: Path
    cpu_threads: int
    asr: bool
    journal: Path
    recorder: str
    device: str | None
    channels: int
    server: str | None
    certificate: Path | None
    private_key: Path | None
    authority: Path | None
    court_key: Path | None
    language: str
    court: str
    templates: Path | None

    @property
    def url(self) -> str:
        """Where the pages are served, as this machine sees it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - not listened on here
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"

    @property
    def records(self) -> Path:
        """Folder of the sealed records."""
        return self.data / "records"


Value = str | int | bool | Path | None
KEYS = tuple(field.name for field in fields(Settings))
NUMBERS = {"port": (0, 65535), "cpu_threads": (0, 1024), "channels": (0, 32)}
PATHS = ("data", "models", "journal", "certificate", "private_key", "authority", "templates", "court_key")
SWITCHES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_settings(
    data: Path | None = None,
    given: Mapping[str, Value] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of the data folder. `given` is the command line; entries that are None count as left out.

    Raises UnknownKey, BadSetting, UnreadableFile, or NotLoopback for a host beyond this machine without TLS.
    """
    environ = os.environ if environ is None else environ
    surroundings = _from_environment(environ)
    folder = Path(data or str(surroundings.get("data", "data"))).expanduser().absolute()
    spoken = {key: value for key, value in (given or {}).items() if value is not None}
    refuse_unknown("command line", spoken, KEYS)
    files = _from_file(folder, ENROLLED) | _from_file(folder, FILE)
    chosen = {**_defaults(folder, environ), **files, **surroundings, **spoken, "data": folder}
    settings = Settings(**chosen)  # type: ignore[arg-type]
    if (settings.certificate is None) != (settings.private_key is None):
        zh, en = "须与 private_key 同时设置。", "it needs private_key, and private_key needs it."
        raise BadSetting(file=FILE, key="certificate", zh_why=zh, en_why=en)
    if settings.certificate is None and not is_loopback(settings.host):
        raise NotLoopback(host=settings.host)
    return settings


def preferred_language(environ: Mapping[str, str] | None = None) -> str:
    """`zh` or `en`: TINGJI_LANGUAGE, else the locale."""
    environ = os.environ if environ is None else environ
    names = ("TINGJI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    named = next((environ[name] for name in names if environ.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def _defaults(folder: Path, environ: Mapping[str, str]) -> dict[str, Value]:
    return {
        "host": "127.0.0.1",
        "port": 8420,
        "model": "whisper-base",
        "models": Path(sys.prefix) / "share" / "tingji" / "models",
        "cpu_threads": 0,
        "asr": True,
        "journal": folder / "journal",
        "recorder": "courtroom",
        "device": None,
        "channels": 0,
        "server": None,
        "certificate": _own(folder / "tls" / "server.pem"),
        "private_key": _own(folder / "tls" / "server.key"),
        "authority": _own(folder / "authority.pem"),
        "court_key": None,
        "language": preferred_language(environ),
        "court": "",
        "templates": None,
    }


def _own(file: Path) -> Path | None:
    """What `tingji tls make` or an enrolment has left there."""
    return file if file.exists() else None


def _from_file(folder: Path, name: str) -> dict[str, Value]:
    path = folder / name
    if not path.exists():
        return {}
    table = read_toml(path)
    refuse_unknown(name, table, [key for key in KEYS if key != "data"])
    return {key: _value(name, key, value, folder) for key, value in table.items()}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Value]:
    ours = {name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX)}
    refuse_unknown("TINGJI_*", ours, KEYS)
    return {key: _value("TINGJI_*", key, value, Path.cwd()) for key, value in ours.items() if value != ""}


def read_toml(path: Path) -> dict[str, object]:
    """The file's table. Raises UnreadableFile when it is not there, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UnreadableFile(file=path.name, zh_why="文件不存在", en_why="there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        why = type(error).__name__
        raise UnreadableFile(
            file=path.name, zh_why=f"{why}，请保存为 UTF-8 文本", en_why=f"{why}, save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(
            file=path.name, zh_why=f"格式有误（{error}）", en_why=f"not TOML ({error})"
        ) from error


def _value(file: str, key: str, value: object, base: Path) -> Value:
    """One setting in its own type. Raises BadSetting."""
    if key in NUMBERS:
        return _number(file, key, value)
    if key == "asr":
        return _switch(file, key, value)
    if not isinstance(value, str) or not value:
        raise BadSetting(file=file, key=key, zh_why="应为文字。", en_why="it must be text.")
    if key == "language" and value not in ("zh", "en"):
        raise BadSetting(file=file, key=key, zh_why="应为 zh 或 en。", en_why="it must be zh or en.")
    return base / Path(value).expanduser() if key in PATHS else value


def _number(file: str, key: str, value: object) -> int:
    low, high = NUMBERS[key]
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        raise BadSetting(
            file=file,
            key=key,
            zh_why=f"应为 {low} 到 {high} 的整数。",
            en_why=f"it must be a whole number, {low} to {high}.",
        )
    return number


def _switch(file: str, key: str, value: object) -> bool:
    switch = value if isinstance(value, bool) else SWITCHES.get(str(value).lower())
    if switch is None:
        raise BadSetting(
            file=file, key=key, zh_why="应为 true 或 false。", en_why="it must be true or false."
        )
    return switch
