# shellcheck shell=bash disable=SC2034 # lib.sh reads LAST
# A browser for the tests of pages: Chromium, driven by chromedriver over plain HTTP. Sourced after lib.sh.

# browser_or_skip: ends the test as skipped where there is none.
browser_or_skip() {
    local tool

    for tool in chromium chromedriver curl jq; do
        command -v "$tool" >/dev/null || { echo "skipped: no $tool" && exit 77; }
    done
}

# start_browser WIDTH HEIGHT [JSON]: a browser of its own, with further options of Chrome's driver ("prefs") as members of an object.
start_browser() {
    local options

    [ -n "${DRIVER:-}" ] || start_driver
    options=$(jq -n --arg data "$(mktemp -d "$WORK/chromium.XXXXXX")" --arg size "$1,$2" --argjson more "${3:-{\}}" \
        '{capabilities: {alwaysMatch: {browserName: "chrome", "goog:loggingPrefs": {browser: "ALL"}, "goog:chromeOptions": ({
            args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--disable-dev-shm-usage",
                "--user-data-dir=\($data)", "--window-size=\($size)"]} + $more)}}}')
    SESSION=$(curl -s -d "$options" "$DRIVER/session" | jq -r '.value.sessionId // .value.message')
    [ ${#SESSION} -eq 32 ] || fail "no browser: $SESSION"
}

start_driver() {
    local port

    chromedriver --port=0 >"$WORK/.driver" 2>&1 &
    DRIVER_PID=$!
    trap 'stop_browser; kill "$DRIVER_PID" 2>/dev/null; wait 2>/dev/null; rm -rf "$WORK"' EXIT
    for _ in $(seq 100); do
        port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$WORK/.driver")
        [ -z "$port" ] || break
        sleep 0.1
    done
    [ -n "$port" ] || fail "chromedriver does not start: $(cat "$WORK/.driver")"
    DRIVER=http://127.0.0.1:$port
}

stop_browser() {
    [ -z "${SESSION:-}" ] || curl -s -X DELETE "$DRIVER/session/$SESSION" >/dev/null
    SESSION=
}

# command PATH [JSON]: what the driver answers, as JSON.
browser() {
    LAST="browser $*"
    curl -s ${2:+-d "$2"} "$DRIVER/session/$SESSION/$1" | jq '.value'
}

go_to() { browser url "$(jq -n --arg url "$1" '{url: $url}')" >/dev/null; }

# quoted TEXT: as a string of JSON.
quoted() {
    local text=${1//\\/\\\\}

    text=${text//\"/\\\"}
    printf '"%s"' "${text//$'\n'/\\n}"
}

# js SCRIPT: what it returns, texts without quotes.
js() {
    local answer

    LAST="js $1"
    answer=$(curl -s -d "{\"script\": $(quoted "$1"), \"args\": []}" "$DRIVER/session/$SESSION/execute/sync")
    [[ $answer != '{"value":{"error"'* ]] || fail "$1: $answer"
    jq -r '.value' <<<"$answer"
}

# sees EXPRESSION WANTED …: all of them hold; waits a little for what moves.
sees() {
    local list='' wanted='' number seen

    for ((number = 1; number < $#; number += 2)); do
        list+="${list:+, }String(${!number})"
    done
    for ((number = 2; number <= $#; number += 2)); do
        wanted+="${wanted:+ | }${!number}"
    done
    for _ in $(seq 30); do
        seen=$(js "return [$list].join(' | ')")
        [ "$seen" != "$wanted" ] || return 0
        sleep 0.1
    done
    fail "seen: $seen; expected: $wanted; of: $list"
}

# What the driver calls the element.
element() {
    local answer

    answer=$(curl -s -d "{\"using\": \"css selector\", \"value\": $(quoted "$1")}" "$DRIVER/session/$SESSION/element")
    answer=${answer##*:\"}
    printf '%s' "${answer%%\"*}"
}

# click SELECTOR, as a person does: what is covered or hidden cannot be clicked.
click() {
    local answer

    LAST="click $1"
    answer=$(curl -s -d '{}' "$DRIVER/session/$SESSION/element/$(element "$1")/click")
    [ "$answer" = '{"value":null}' ] || fail "cannot click $1: $answer"
}

# type_into SELECTOR TEXT; keys TEXT goes to what has the focus. Keys without letters are WebDriver's: \ue007 is Enter.
type_into() { curl -s -d "{\"text\": \"$2\"}" "$DRIVER/session/$SESSION/element/$(element "$1")/value" >/dev/null; }
keys() { type_into ':focus' "$1"; }

# screenshot FILE
screenshot() { browser screenshot | jq -r . | base64 -d >"$1"; }

# The console must be clean.
no_errors() {
    local entries

    entries=$(browser se/log '{"type": "browser"}' | jq -r '.[] | select(.level != "INFO" and .level != "DEBUG") | .message')
    [ -z "$entries" ] || fail "the console says: $entries"
}
