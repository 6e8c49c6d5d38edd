"""Every error this package raises on purpose.

HumanPoseError         what a user can cause and fix; the message says what to do
├── SettingsError      an option is out of range or contradicts another      exit code 2
├── ClipError          the video cannot be read, or nobody is in it          exit code 3
├── AnalysisError      a saved analysis is missing or damaged                exit code 3
│   └── NewerAnalysisError   … or written by a newer version             exit code 3
├── CheckpointError    a model file is missing, or made for another model    exit code 4
│   └── DetectorError   … of those that look at pictures                     exit code 4
├── OutputError        the result cannot be written                          exit code 5
├── BusyError          the server has all the work that it takes             exit code 1
└── SystemLibraryError the machine lacks a library that pip does not bring   exit code 1

A programmer's mistake is a ``ValueError``.
"""

from typing import ClassVar


class HumanPoseError(Exception):
    """Base of the errors above; ``str(error)`` is one sentence for the user."""

    exit_code: ClassVar[int] = 1


class SettingsError(HumanPoseError):
    exit_code = 2


class ClipError(HumanPoseError):
    exit_code = 3


class AnalysisError(HumanPoseError):
    exit_code = 3


class NewerAnalysisError(AnalysisError):
    pass


class CheckpointError(HumanPoseError):
    exit_code = 4


class DetectorError(CheckpointError):
    pass


class OutputError(HumanPoseError):
    exit_code = 5


class BusyError(HumanPoseError):
    exit_code = 1


class SystemLibraryError(HumanPoseError):
    exit_code = 1
