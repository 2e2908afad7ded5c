"""Every error of Tingji: a code, and a sentence in both languages that says what to do next.

No transcript text, name, case number or key may go into a message.
"""

from __future__ import annotations

from casefile.errors.base import BadRequest, NotFound, OwnFault, TingjiError, WrongState
from casefile.errors.case_file import (
    BadTemplate,
    BrokenPart,
    CaseFileDiskFull,
    ClosingFailed,
    ForgedEvent,
    HearingExists,
    NoChineseFont,
    NothingToExport,
    NothingToVerify,
    NotTypeset,
    RecordBroken,
    SealedAlready,
    SlowViewer,
    StoreClosed,
    StoreFailed,
    UnknownFormat,
)
from casefile.errors.editing import CellChanged, NotSideBySide, ProtectedWords, TextChanged, UnfitText
from casefile.errors.people import (
    AdministratorThere,
    BadCertificate,
    LastPerson,
    LastTechnician,
    NameTaken,
    NoAdministrator,
    NoLinksHere,
    NoRight,
    NoSuchAccount,
    NoSuchLink,
    NoSuchRecorder,
    NotSignedIn,
    PlainServer,
    ServerAway,
    TicketGone,
    TooManyNotes,
    TooManyTries,
    UnfitName,
    UnfitPassword,
    WrongPassword,
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
    "AdministratorThere", "AlreadyRunning", "BadCertificate", "BadRequest", "BadSetting", "BadTemplate", "BrokenPart",
    "CaseFileDiskFull", "CellChanged", "ClosingFailed", "CompressionFailed", "DamagedRecording", "DecisionsOpen",
    "DiskFailed", "DiskFull", "DocumentTooBig", "DocumentTooSlow", "DocumentWithoutText", "FolderInUse",
    "ForgedEvent", "HearingExists", "HubUnreachable", "JournalUnreadable", "LastPerson", "LastTechnician",
    "ModelDamaged", "ModelMissing", "NameTaken", "NoAdministrator", "NoChineseFont", "NoClip", "NoCutHere", "NoDevice",
    "NoLinksHere", "NoPortAudio", "NoPyannote", "NoRecorder", "NoRight", "NoSuchAccount", "NoSuchLink",
    "NoSuchRecorder", "NoSuchSpeaker", "NoSuchWord", "NoWeightsPackage", "NotAModel", "NotAPipeline",
    "NotFound", "NotLoopback", "NotSideBySide", "NotSignedIn", "NotTypeset", "NothingToDiarize", "NothingToExport",
    "NothingToVerify", "OfferGone", "OnDisk", "OrderLapsed", "OwnFault", "PlainServer", "PortTaken",
    "ProtectedWords", "RealHearing", "RecognitionFailed", "RecognitionOff", "RecordBroken", "RunFailed",
    "SealedAlready", "ServerAway", "SeveralVoices", "SlowViewer", "StoreClosed", "StoreFailed",
    "TextChanged", "TicketGone", "TingjiError", "TooLittleSpeech", "TooManyNotes", "TooManyTries",
    "TooManyWords", "UnfitName", "UnfitPassword", "UnfitText", "UnknownDocument", "UnknownFormat",
    "UnknownKey", "UnknownModel", "UnreadableDocument", "UnreadableFile", "UnreadableSound", "VoiceTaken",
    "VoicesNotWritten", "VoicesOff", "WhichHearing", "WrongPassword", "WrongState",
]  # fmt: skip
