"""From a finding to a graph without it: commands that are tried before they are printed, and all of them in one."""
