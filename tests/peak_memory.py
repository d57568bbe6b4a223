"""Peak memory of a test's own process, as code that the process runs."""

PEAK_MEGABYTES = '''
def peak_megabytes():
    """Since the program began: `ru_maxrss` begins with what the process had that started it. 0 on Windows, which tells none."""
    import sys
    from pathlib import Path

    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
'''
