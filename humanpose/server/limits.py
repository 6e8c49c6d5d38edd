"""What one analysis may use of the machine."""

import sys

from humanpose.server.serving import Serving

_BYTES_PER_GB = 1e9
_LARGEST_FILE_GB = 8.0
_MOST = 2.0**62


def limit_this_process(rules: Serving) -> None:
    """Let the system stop this process when it uses more than the rules allow.

    The limits are soft ones: a process that reaches that of time is told so, and ends.
    Memory counts what is private and writable (RLIMIT_DATA), so libraries that only reserve
    address space don't count. Windows has no such limits.
    """
    if sys.platform == "win32":
        return
    import resource

    limits = {
        resource.RLIMIT_DATA: rules.memory_gb * _BYTES_PER_GB,
        resource.RLIMIT_CPU: rules.cpu_hours * 3600,
        resource.RLIMIT_FSIZE: _LARGEST_FILE_GB * _BYTES_PER_GB,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        wanted = int(min(value, _MOST))
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (allowed, hard))
