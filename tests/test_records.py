"""Reading what is on record: sound by range, exports."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from fastapi.testclient import TestClient

from casefile.model import AudioChunk, AudioFormat, Gap, GapReason
from tests.courthouse import FORMAT, Courthouse, tone
from web.late import LATE
from web.playback import HEADER_BYTES, Passage, byte_range, mix, mono

HOUR_MS = 3_600_000


@pytest.fixture
def client(court: Courthouse) -> TestClient:
    return court.client()


@pytest.fixture
def sound(court: Courthouse) -> str:
    """5 s of tone on channel 1, an hour of pause, 3 s of tone on channel 2."""
    hearing_id = court.hearing()
    pause = Gap(5_000, HOUR_MS, GapReason.PAUSE)
    blocks = [(at, tone(440, 100, only=1)) for at in range(0, 5_000, 100)]
    later = [(HOUR_MS + at, tone(660, 100, only=2)) for at in range(0, 3_000, 100)]
    court.record(hearing_id, [*blocks, pause, *later])
    court.conduct.at_ms = HOUR_MS + 3_000
    return hearing_id


def samples(content: bytes) -> np.ndarray:
    """The samples of a WAV, after checking its header."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert len(content) == HEADER_BYTES + 2 * file.getnframes()
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_one_channel_is_what_was_recorded(client: TestClient, sound: str) -> None:
    answer = client.get(f"/api/hearings/{sound}/audio?from_ms=1000&to_ms=2500&channel=1")
    assert answer.headers["Content-Type"] == "audio/wav"
    heard = samples(answer.content)
    block = tone(440, 100, only=1)[:, 1]
    assert len(heard) == 1500 * 16
    assert np.array_equal(heard, np.tile(block, 15))


def test_what_came_late_is_listed_and_can_be_exported_and_changes_nothing(
    client: TestClient, court: Courthouse, sound: str
) -> None:
    (row,) = client.get("/api/hearings").json()
    assert row["late_ms"] == 0
    assert client.get(f"/api/hearings/{sound}/late").status_code == 404
    before = client.get(f"/api/hearings/{sound}/ranges").json()
    late = [(10_000 + at, tone(880, 100)) for at in range(0, 1_000, 100)]
    court.record(sound + LATE, [*late, (60_000, tone(880, 500))])
    (row,) = client.get("/api/hearings").json()
    assert row["late_ms"] == 1_500
    answer = client.get(f"/api/hearings/{sound}/late")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{sound}.late.wav"'
    heard = samples(answer.content)
    assert len(heard) == 50_500 * 16
    assert heard[: 1_000 * 16].any()
    assert not heard[1_000 * 16 : 50_000 * 16].any()
    assert client.get(f"/api/hearings/{sound}/ranges").json() == before


def test_another_channel_is_silent_and_the_mix_is_not(client: TestClient, sound: str) -> None:
    url = f"/api/hearings/{sound}/audio?from_ms=0&to_ms=1000"
    assert not samples(client.get(f"{url}&channel=0").content).any()
    assert np.abs(samples(client.get(url).content)).max() > 8000


def test_a_pause_inside_the_range_is_silence(client: TestClient, sound: str) -> None:
    url = f"/api/hearings/{sound}/audio?from_ms=4500&to_ms=5500&channel=1"
    heard = samples(client.get(url).content)
    assert heard[: 500 * 16].any()
    assert not heard[500 * 16 :].any()
    after = samples(
        client.get(f"/api/hearings/{sound}/audio?from_ms={HOUR_MS - 500}&to_ms={HOUR_MS + 500}").content
    )
    assert not after[: 500 * 16].any()
    assert after[500 * 16 :].any()


def test_ranges_leave_out_the_pause(client: TestClient, sound: str) -> None:
    assert client.get(f"/api/hearings/{sound}/ranges").json() == [
        {"start_ms": 0, "end_ms": 5_000},
        {"start_ms": HOUR_MS, "end_ms": HOUR_MS + 3_000},
    ]


def test_left_out_ends_mean_all_there_is(client: TestClient, sound: str) -> None:
    answer = client.get(f"/api/hearings/{sound}/audio?from_ms={HOUR_MS}")
    assert len(samples(answer.content)) == 3_000 * 16


@pytest.mark.parametrize(
    ("first", "last"), [(0, 43), (0, 44), (10, 4000), (44, 47), (45, 9_999), (31_999, 32_010)]
)
def test_byte_ranges_are_pieces_of_the_whole(client: TestClient, sound: str, first: int, last: int) -> None:
    url = f"/api/hearings/{sound}/audio?from_ms=250&to_ms=1750"
    whole = client.get(url).content
    part = client.get(url, headers={"Range": f"bytes={first}-{last}"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(whole)}"
    assert part.content == whole[first : last + 1]


def test_open_and_suffix_ranges(client: TestClient, sound: str) -> None:
    url = f"/api/hearings/{sound}/audio?from_ms=0&to_ms=1000"
    whole = client.get(url).content
    assert client.get(url, headers={"Range": "bytes=30000-"}).content == whole[30_000:]
    assert client.get(url, headers={"Range": "bytes=-100"}).content == whole[-100:]
    assert client.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get(url, headers={"Range": "lines=1-2"}).content == whole


@pytest.mark.parametrize(
    "query",
    [
        "from_ms=-1",
        "from_ms=9&to_ms=9",
        "from_ms=0&to_ms=90000000",
        "from_ms=x",
        "from_ms=0&to_ms=9&channel=32",
        "from_ms=0&to_ms=9&channel=-1",
    ],
)
def test_a_range_that_does_not_fit_is_refused(client: TestClient, sound: str, query: str) -> None:
    answer = client.get(f"/api/hearings/{sound}/audio?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


def test_a_hearing_without_sound_says_so(client: TestClient, court: Courthouse) -> None:
    waiting = court.hearing(started=False)
    assert client.get(f"/api/hearings/{waiting}/ranges").json() == []
    assert client.get(f"/api/hearings/{waiting}/audio?from_ms=0&to_ms=9").json()["code"] == "wrong_state"


@pytest.mark.parametrize(
    ("format", "kind"),
    [
        ("json", "/json"),
        ("txt", "text/plain"),
        ("srt", "subrip"),
        ("vtt", "text/vtt"),
        ("rttm", "text/plain"),
    ],
)
def test_exports(client: TestClient, court: Courthouse, format: str, kind: str) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 1000)
    answer = client.get(f"/api/hearings/{hearing_id}/export/{format}")
    assert kind in answer.headers["Content-Type"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{hearing_id}.{format}"'
    assert ("SPEAKER" if format == "rttm" else "现在开庭。") in answer.text


def test_an_export_is_verbatim_unless_it_is_asked_for_otherwise(
    client: TestClient, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "呃，三万五千元整。", 1000)
    url = f"/api/hearings/{hearing_id}/export/txt"
    assert "呃，三万五千元整。" in client.get(url).text
    assert "：35,000元。" in client.get(f"{url}?numbers=written&fillers=hidden").text
    assert client.get(f"{url}?numbers=roman").status_code == 400
    assert "只含精简笔录" in client.get(f"{url}?layer=condensed").text


def test_d1_the_text_export_carries_the_mark(client: TestClient, court: Courthouse) -> None:
    text = client.get(f"/api/hearings/{court.hearing()}/export/txt").text
    assert "语音识别自动生成，未经核对签字，不作为法庭笔录" in text


def test_the_mix_never_clips_and_keeps_one_voice_as_it_is() -> None:
    loud = np.full((100, 8), 32_767, np.int16)
    assert mix(loud).max() <= 32_767
    assert mix(-loud).min() >= -32_768
    alone = tone(440, 100, channels=8, only=3)
    assert np.abs(mix(alone).astype(int) - alone[:, 3]).max() <= 1


def test_blocks_on_whole_milliseconds_join_without_clicks() -> None:
    form = AudioFormat(44_100, 1)
    ramp = (np.arange(44_100) % 20_000).astype(np.int16)[:, None]
    chunks = [AudioChunk(form, at * 1000 // 44_100, ramp[at : at + 1024]) for at in range(0, 44_100, 1024)]
    passage = Passage(44_100, 0, 1_000, 0)
    content = b"".join(passage.stream(chunks, 0, passage.total_bytes))
    assert np.array_equal(np.frombuffer(content[HEADER_BYTES:], "<i2"), ramp[:, 0])


def test_another_rate_is_brought_to_the_first_one() -> None:
    chunk = AudioChunk(AudioFormat(48_000, 1), 0, tone(440, 1000, channels=1, rate=48_000))
    assert abs(len(mono(chunk, FORMAT.rate, 0)) - FORMAT.rate) <= 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=5-9", (5, 10)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-7", (93, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes=1-2,5-6", None),
        ("bytes=", None),
        ("bytes=a-b", None),
        ("bytes=-", None),
    ],
)
def test_byte_range(header: str | None, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-3", "bytes=500-600"])
def test_a_byte_range_outside_is_an_error(header: str) -> None:
    with pytest.raises(ValueError):
        byte_range(header, 100)
