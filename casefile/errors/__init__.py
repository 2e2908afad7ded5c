"""Every error of Tingji: a code, and a sentence in both languages that says what to do next.

No transcript text, name, case number or key may go into a message.
"""

from __future__ import annotations

from casefile.errors.base import BadRequest, NotFound, OwnFault, TingjiError, WrongState
from casefile.errors.case_file import (
    BrokenPart,
    CaseFileDiskFull,
    ClosingFailed,
    ForgedEvent,
    HearingExists,
    NothingToExport,
    NothingToVerify,
    RecordBroken,
    SealedAlready,
    SlowViewer,
    StoreClosed,
    StoreFailed,
    UnknownFormat,
)
from casefile.errors.program import (
    AlreadyRunning,
    BadSetting,
    DecisionsOpen,
    FolderInUse,
    NotLoopback,
    PortTaken,
    RealHearing,
    RunFailed,
    UnknownKey,
    UnreadableFile,
    WhichHearing,
)
from casefile.errors.sound import (
    CompressionFailed,
    DamagedRecording,
    DiskFailed,
    DiskFull,
    JournalUnreadable,
    NoClip,
    NoDevice,
    NoPortAudio,
    NoRecorder,
    OnDisk,
    OrderLapsed,
    UnreadableSound,
)
from casefile.errors.speakers import (
    NoCutHere,
    NoPyannote,
    NoSuchSpeaker,
    NotAPipeline,
    NothingToDiarize,
    SeveralVoices,
    TooLittleSpeech,
    VoicesNotWritten,
    VoicesOff,
    VoiceTaken,
)
from casefile.errors.words import (
    DocumentTooBig,
    DocumentTooSlow,
    DocumentWithoutText,
    HubUnreachable,
    ModelDamaged,
    ModelMissing,
    NoSuchWord,
    NotAModel,
    NoWeightsPackage,
    OfferGone,
    RecognitionFailed,
    RecognitionOff,
    TooManyWords,
    UnknownDocument,
    UnknownModel,
    UnreadableDocument,
)

__all__ = [
    "AlreadyRunning", "BadRequest", "BadSetting", "BrokenPart", "CaseFileDiskFull", "ClosingFailed",
    "CompressionFailed", "DamagedRecording", "DecisionsOpen", "DiskFailed", "DiskFull", "DocumentTooBig", "DocumentTooSlow",
    "DocumentWithoutText", "FolderInUse", "ForgedEvent", "HearingExists", "HubUnreachable",
    "JournalUnreadable", "ModelDamaged", "ModelMissing", "NoClip", "NoCutHere", "NoDevice", "NoPortAudio",
    "NoPyannote", "NoRecorder", "NoSuchSpeaker", "NoSuchWord", "NoWeightsPackage", "NotAModel",
    "NotAPipeline", "NotFound", "NotLoopback", "NothingToDiarize", "NothingToExport", "NothingToVerify",
    "OfferGone", "OnDisk", "OrderLapsed", "OwnFault", "PortTaken", "RealHearing", "RecognitionFailed",
    "RecognitionOff", "RecordBroken", "RunFailed", "SealedAlready", "SeveralVoices", "SlowViewer",
    "StoreClosed", "StoreFailed", "TingjiError", "TooLittleSpeech", "TooManyWords", "UnknownDocument",
    "UnknownFormat", "UnknownKey", "UnknownModel", "UnreadableDocument", "UnreadableFile",
    "UnreadableSound", "VoiceTaken", "VoicesNotWritten", "VoicesOff", "WhichHearing", "WrongState",
]  # fmt: skip
