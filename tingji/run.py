"""`tingji run`: server and recorder on one machine, watched; with a sound file, a whole hearing by itself."""

from __future__ import annotations

import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from threading import Event
from types import FrameType
from urllib.parse import quote

from casefile.errors import DecisionsOpen, PortTaken, RunFailed, TingjiError
from casefile.model import Hearing
from tingji.api import api_of
from tingji.children import Child
from tingji.console import Voice
from tingji.first_link import first_link
from tingji.folder_lock import FolderLock, lock_folder
from tingji.handing_in import hand_in
from tingji.models import model_path
from tingji.rehearsal import Rehearsal, Step
from tingji.script import Script
from tingji.settings import PREFIX, Settings

LOOK_S = 0.25
"""Between two looks at children and server."""
PATIENCE_S = 20.0
"""A child that was asked to stop may take this long: the recorder flushes, the server drains its queues."""
HOPELESS = 8
TINGJI = (sys.executable, "-m", "tingji")
NAMES = {"serve": ("服务程序", "server"), "record": ("录音程序", "recorder")}
USAGE = 2


def run(settings: Settings, script: Script, voice: Voice) -> None:
    """Runs until SIGINT or SIGTERM, or until the scripted hearing is sealed. Blocking.

    Raises AlreadyRunning, PortTaken, RunFailed, DecisionsOpen, or Refused when the server does not take the hearing.
    """
    settings = replace(settings, port=free_port(settings.host, settings.port))
    lock = lock_folder(settings.data)
    run = _Run(settings, script, voice, lock)
    try:
        with _stopped_by_signals(run.stopping):
            run.watch()
    finally:
        run.stop()
        lock.release()


def free_port(host: str, port: int) -> int:
    """`port`, or a free one for 0. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port=port) from None
        return int(probe.getsockname()[1])


def as_environment(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with every setting as TINGJI_*, so that a child sees exactly the same ones."""
    ours = {field.name: getattr(settings, field.name) for field in fields(settings)}
    texts = {PREFIX + key.upper(): "" if value is None else str(value) for key, value in ours.items()}
    return {**environ, **texts}


class _Run:
    """The two children and the script, looked after in one thread."""

    def __init__(self, settings: Settings, script: Script, voice: Voice, lock: FolderLock) -> None:
        self.settings, self.script, self.voice, self.lock = settings, script, voice, lock
        self.api = api_of(settings)
        self.stopping = Event()
        environ = as_environment(settings, os.environ)
        self.first: str | None = None
        self.server = Child("serve", [*TINGJI, "serve", "--no-link"], environ, lock.handle, self._died)
        command = [*TINGJI, "record", *self._replay()]
        self.recorder = Child("record", command, environ, lock.handle, self._died)

    def _replay(self) -> list[str]:
        if self.script.replay is None:
            return []
        return ["--replay", str(self.script.replay.absolute()), "--speed", str(self.script.speed)]

    def watch(self) -> None:
        """Until told to stop or the script is done."""
        self._greet()
        steps = self._steps()
        shown = Step("")
        while not self.stopping.is_set():
            self._tend()
            step = next(steps, None)
            if step is None:
                return
            shown = self._show(step, shown)
            self.stopping.wait(LOOK_S)
        self.voice.say("正在停止，录音已写入磁盘。", "Stopping; the sound is on disk.")
        if self.script.exit_when_done:
            raise RunFailed(zh_why="被中断", en_why="interrupted")

    def _greet(self) -> None:
        try:
            if self.settings.asr:
                model_path(self.settings.model, self.settings)
        except TingjiError as error:  # recording does not need it
            self.voice.complain(error)
        self.voice.say(
            f"庭记正在启动，数据目录：{self.settings.data}", f"Tingji is starting on {self.settings.data}"
        )

    def _tend(self) -> None:
        if self.server.tend() | self.recorder.tend():
            pids = [child.pid for child in (self.server, self.recorder) if child.pid]
            self.lock.note(self.settings.url, pids)
        if self.script.exit_when_done and max(self.server.failures, self.recorder.failures) > HOPELESS:
            raise RunFailed(zh_why="程序反复退出", en_why="a program keeps dying")

    def _steps(self) -> Iterator[Step]:
        """Waits for the server, then opens the page or lets the script run."""
        while not self.api.alive():
            yield Step("waiting")
        self.voice.say(f"请在浏览器中打开：{self.settings.url}", f"Open in a browser: {self.settings.url}")
        self.first = first_link(self.settings, self.voice)
        if self.script.hearing is None:
            self._open("/")
            while True:
                yield Step("ready")
        yield from self._rehearse(self.script.hearing)

    def _rehearse(self, hearing: Hearing) -> Iterator[Step]:
        recorder = self.settings.recorder if self.script.starts else None
        rehearsal = Rehearsal(
            self.api, hearing, recorder, self.script.exit_when_done, self.script.real, self._hand_in
        )
        opened = False
        for step in rehearsal.steps():
            if step.hearing_id and not opened:
                opened = True
                self._open(f"/hearings/{step.hearing_id}")
            yield step
            if self.script.exit_when_done and step.undecided:
                raise DecisionsOpen(count=step.undecided, data=self.settings.data)
        record = self.settings.records / str(step.hearing_id)
        if not record.is_dir():
            raise RunFailed(zh_why="找不到案卷目录", en_why="the record folder is not there")
        self.voice.fact(record)

    def _hand_in(self, hearing_id: str) -> None:
        hand_in(self.api, hearing_id, self.script.papers, self.voice)

    def _show(self, step: Step, shown: Step) -> Step:
        if step.state != shown.state and step.state in STATES:
            self.voice.say(*STATES[step.state])
        if step.undecided and not shown.undecided:
            self.voice.warn(
                f"封存前有 {step.undecided} 处发言人建议待决定：请在庭审页“发言人”中逐条接受或拒绝。",
                f"{step.undecided} proposals on who spoke wait before the seal: accept or refuse them on the page, under Who spoke.",
            )
        if step.trouble and (shown.trouble is None or step.trouble.code != shown.trouble.code):
            self.voice.complain(step.trouble)
        return step

    def _open(self, path: str) -> None:
        """In the person's browser, where there is a screen."""
        screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
        if self.script.browser and screen:
            webbrowser.open(f"{self.first}&next={quote(path)}" if self.first else self.settings.url + path)

    def _died(self, name: str, code: int, pause_s: float) -> None:
        if code == USAGE:
            zh, en = NAMES[name]
            raise RunFailed(zh_why=f"{zh}无法启动（见上一行）", en_why=f"the {en} cannot start (see above)")
        zh, en = NAMES[name]
        self.voice.warn(
            f"{zh}退出（{code}），{pause_s:.1f} 秒后重新启动。",
            f"The {en} ended ({code}); starting it again in {pause_s:.1f} s.",
        )

    def stop(self) -> None:
        """The recorder first: its last blocks are flushed while the server still listens."""
        self.recorder.stop(PATIENCE_S)
        self.server.stop(PATIENCE_S)


STATES = {
    "waiting": ("等待服务程序……", "Waiting for the server ..."),
    "draft": ("等待录音程序……", "Waiting for the recorder ..."),
    "recording": ("录音中。", "Recording."),
    "paused": ("已暂停。", "Paused."),
    "closing": (
        "正在结束：识别剩余声音、核对两份录音、封存。",
        "Closing: finishing the text, comparing both copies, sealing.",
    ),
    "sealed": ("案卷已封存。", "The record is sealed."),
}


@contextmanager
def _stopped_by_signals(stopping: Event) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
