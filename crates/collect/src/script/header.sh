#!/bin/sh
# Anji collection script. It reads, and writes nothing but its standard output.
# Run it as:  sh SCRIPT NONCE > BUNDLE
#
# All of it stands in one function that the last line calls, so a script that
# arrives in part does nothing. Each line of the output bears a prefix, so no
# data can look like a frame:
#
#   #anji 1 NONCE begin uid=... sudo=... time=... host=... shell=...
#   #anji NONCE B CAPTURE
#   |a line of data
#   !a line of standard error (its end)
#   #anji NONCE E CAPTURE exit=0 bytes=15 truncated=0 timeout=0 ms=4
#   #anji NONCE end captures=1
