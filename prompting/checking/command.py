"""The command line of the check, for `scripts/check_schedule.py`.

Exit status: 0 no error (warnings allowed, unless --strict), 1 something to mend, 2 a file that cannot be read.
"""
