"""The commands of `edge-agent`, one file each."""
