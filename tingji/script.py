"""What `tingji run` hears: the microphone, a file, or, in a new folder without either, a demonstration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from casefile.errors import NoPortAudio
from casefile.model import Hearing
from recorder.replay import Replay
from tingji.console import Voice
from tingji.demo import demo_hearing, demo_sound
from tingji.handing_in import paper_files
from tingji.hearing_file import default_hearing, papers_named, read_hearing
from tingji.settings import Settings
from tingji.under_way import is_new, is_played, real_hearings, refuse_real


@dataclass(frozen=True, slots=True)
class Script:
    """`replay`: a file as the microphone. `hearing` None: the clerk sets it up on the page.

    `real`: hearings on file that came from microphones and that a file must leave alone. `papers`: of the case,
    for its words.
    """

    replay: Path | None = None
    speed: float = 1.0
    hearing: Hearing | None = None
    exit_when_done: bool = False
    browser: bool = True
    real: frozenset[str] = frozenset()
    papers: tuple[Path, ...] = ()

    @property
    def starts(self) -> bool:
        """A file is played at once; with a microphone it is the clerk who starts the recording."""
        return self.replay is not None


def choose_sound(settings: Settings, script: Script, hearing_file: Path | None, voice: Voice) -> Script:
    """The script with its hearing and, in a new folder with neither file nor microphone, the demonstration.

    Raises UnreadableSound, RealHearing, and what `read_hearing` and `paper_files` raise.
    """
    hearing = read_hearing(hearing_file) if hearing_file else None
    named = papers_named(hearing_file) if hearing_file else ()
    script = replace(script, papers=paper_files((*named, *script.papers)))
    if script.replay:
        Replay(script.replay)  # opened once, to tell a file that is no sound before anything is started
        refuse_real(settings)
        return replace(script, hearing=hearing or default_hearing(), real=real_hearings(settings))
    script = replace(script, hearing=hearing)
    if is_played(settings):
        voice.warn(
            "上次播放声音文件（或演示）的庭审还开着，现在改用话筒，先把它结束并封存；请另建庭审。",
            "A hearing that was played from a file (or the demonstration) was still open. Now that the microphone "
            "is used it is closed and sealed; make a new one.",
        )
    if settings.device or microphones():
        return script
    if hearing is None and is_new(settings):
        return _demonstration(settings, script, voice)
    voice.warn(
        "没有找到话筒。录音机会一直等待，话筒接好后自动开始使用；请检查声卡和接线。",
        "No microphone was found. The recorder waits for it and uses it as soon as it is there: "
        "check the sound card and its cable.",
    )
    return script


def _demonstration(settings: Settings, script: Script, voice: Voice) -> Script:
    sound = demo_sound(settings.data / "demo.wav")
    voice.warn(
        "没有找到麦克风。接好后重新启动；也可以用 tingji record --list 查看设备，"
        "用 --device 指定名称，或用 --replay 播放声音文件。",
        "No microphone was found. Plug one in and start again; or see tingji record --list, "
        "choose one with --device, or play a sound file with --replay.",
    )
    if sound is None:
        return script
    voice.say(
        "现在播放一分钟的演示声音（pytest-audioeval 附带的普通话片段，MIT 许可），并非真实庭审。",
        "Playing a minute of demonstration sound (Mandarin clips of pytest-audioeval, MIT), "
        "not a real hearing.",
    )
    return replace(script, replay=sound, hearing=demo_hearing())


def microphones() -> list[str]:
    """Names of the input devices; none where PortAudio is missing."""
    from recorder.microphone import devices  # noqa: PLC0415 - loads PortAudio

    try:
        return devices()
    except NoPortAudio:
        return []
