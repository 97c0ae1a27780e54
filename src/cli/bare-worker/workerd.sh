#!/bin/sh
# Starts workerd in place of itself, for src/cli/bare-worker/start.ts: with as many open files as it may have (each Durable Object
# holds three) and its log dropped. Ctrl-C is for the command that started it, which may still need its worker.
trap '' INT HUP
ulimit -n "$(ulimit -Hn)"
echo $$ >"$EDGEGYM_FOLDER/pid"

# A command that was killed cannot tidy up: when it is gone, so is its worker, and what that stored.
parent=$PPID
(
  # A signal to all of them is not for the one who tidies up. It may reach the worker before the command: look again.
  trap '' TERM
  while kill -0 "$parent" && kill -0 $$; do sleep 1; done
  sleep 1
  kill -0 "$parent" || { kill -9 $$; rm -rf "$EDGEGYM_FOLDER"; }
) <&- >/dev/null 2>&1 3>&- &

exec "$EDGEGYM_WORKERD" "$@" >/dev/null
