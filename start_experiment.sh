#!/usr/bin/env sh
# Starts ComfyUI for experiments; all arguments are ComfyUI's own. See start_experiment.py.
exec "${PYTHON:-python3}" "$(dirname "$0")/start_experiment.py" "$@"
