#!/bin/bash
# Uses `taskwatch wait` as an operator's script does, once for each exit status.
# test_waitscript.sh TASKWATCH GUARDIAN-SIM
set -u
taskwatch=$1
simulator=$2
folder=$(mktemp -d)
failures=0
server=

end() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$folder"
}
trap end EXIT

mkfifo "$folder/line"
"$simulator" --time-scale 20 --print-token --for 100 >"$folder/line" &
server=$!
read -r line <"$folder/line"
url=$(sed 's/.*"url":"\([^"]*\)".*/\1/' <<<"$line")
port=${url##*:}
TASKWATCH_TOKEN=$(sed 's/.*"token":"\([^"]*\)".*/\1/' <<<"$line")
export TASKWATCH_TOKEN
unset DISPLAY WAYLAND_DISPLAY
export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus

# order PATH JSON: to the simulator's control endpoint.
order() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
    printf 'POST /sim/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "${#2}" "$2" >&3
    local answer
    read -r answer <&3
    exec 3>&-
    case $answer in *" 200 "* | *" 201 "* | *" 202 "*) ;; *) echo "the simulator said: $answer"; exit 1 ;; esac
}

# task SCRIPT ID
task() { order tasks "{\"script\":\"$1\",\"taskId\":\"$2\"}"; }

# expect STATUS COMMAND…
expect() {
    local wanted=$1
    shift
    timeout 60 "$@" >"$folder/out-$wanted" 2>"$folder/err-$wanted"
    local status=$?
    if [ "$status" != "$wanted" ]; then
        echo "FAIL: expected $wanted, got $status: ${*:2}"
        cat "$folder/out-$wanted" "$folder/err-$wanted"
        return 1
    fi
    echo "ok: $wanted: ${*:2}"
}

wait_for=("$taskwatch" wait --data-dir "$folder/data" --server "$url")

task normal good
task failing bad
task problems odd
task never-ending endless
task normal hidden
order faults '{"kind":"login-page","count":-1,"taskId":"hidden"}'

# Those that take their time, beside each other.
expect 12 "${wait_for[@]}" nobody & slow=($!)
expect 15 "${wait_for[@]}" hidden & slow+=($!)
expect 10 "${wait_for[@]}" good bad odd & slow+=($!)
expect 11 "${wait_for[@]}" --json good odd & slow+=($!)
expect 0 "${wait_for[@]}" good & slow+=($!)
for job in "${slow[@]}"; do wait "$job" || failures=1; done

expect 0 "${wait_for[@]}" --quiet --any endless good || failures=1
[ -s "$folder/out-0" ] && { echo "FAIL: --quiet printed"; failures=1; }
expect 20 "${wait_for[@]}" --timeout 1s endless || failures=1
grep -q endless "$folder/out-20" || { echo "FAIL: the last state is missing"; failures=1; }
expect 64 "${wait_for[@]}" --timeout soon endless || failures=1
mkdir -p "$folder/broken/config"
echo '{' >"$folder/broken/config/servers.json"
expect 70 "$taskwatch" wait --data-dir "$folder/broken" endless || failures=1

# interrupt SIGNAL STATUS
interrupt() {
    local out=$folder/out-$1
    "${wait_for[@]}" endless >"$out" 2>"$folder/err-$1" &
    local job=$!
    local tries=0
    until [ -s "$out" ] || [ $((tries += 1)) -gt 200 ]; do read -r -t 0.1 <>"$folder/line"; done
    kill "-$1" "$job"
    wait "$job"
    local status=$?
    if [ "$status" = "$2" ] && grep -q "Running.*endless" "$out"; then
        echo "ok: $2: $1"
    else
        echo "FAIL: $1 gave $status, and printed:"
        cat "$out"
        failures=1
    fi
}
interrupt INT 130
interrupt TERM 143

# An outage is waited out.
order faults '{"kind":"status","status":503,"count":3}'
expect 0 "${wait_for[@]}" good || failures=1
order revoke '{}'
expect 13 "${wait_for[@]}" endless || failures=1
unset TASKWATCH_TOKEN
expect 13 "${wait_for[@]}" endless || failures=1
exit "$failures"
