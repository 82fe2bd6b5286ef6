#!/usr/bin/env bash
# The page of a review in a browser: what is clicked, what is seen, and nothing in the console. Arguments: the program, and the maker of
# pages (tests/support/page.c).
PAGE=$(realpath "$2")
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=/dev/null
. "$SOURCE/tests/e2e/page_lib.sh"
browser_or_skip

IMPORTS='import ballerina/persist as _;
import persist/db;
'

cat >before.bal <<MODEL
$IMPORTS
public type Customer record {|
    readonly int id;
    string name;
    Invoice[] invoices;
|};

public type Invoice record {|
    readonly int id;
    string number;
    string? note;
    string? old;
    Customer customer;
    Item[] items;
|};

public type Item record {|
    readonly int id;
    decimal price;
    Invoice invoice;
|};

public type Obsolete record {|
    readonly int id;
|};
MODEL
cat >after.bal <<MODEL
$IMPORTS
public type Customer record {|
    readonly int id;
    string name;
    Invoice[] invoices;
|};

public type Invoice record {|
    readonly int id;
    @db:Default {literal: "</script><script>window.broken = 1</script><img src=x onerror='window.broken = 1'>"}
    string extra;
    string? number;
    @db:Was {name: "note"}
    string? remark;
    Customer customer;
    Item[] items;
|};

public type Item record {|
    readonly int id;
    decimal price;
    Invoice invoice;
    Product product;
|};

public type Product record {|
    readonly string sku;
    Item[] items;
|};
MODEL

# made BEFORE AFTER PAGE
made() { "$PAGE" "$1" "$2" >"$3" 2>"$ERR" || fail "no page: $(cat "$ERR")"; }

# The file: nothing outside is asked for, every place that a link names is there, and the same input gives the same page.
made before.bal after.bal small.html
made before.bal after.bal again.html
cmp -s small.html again.html || fail "the same models give another page"
! grep -oE '(src|href)="[^#"][^"]*"|@import|url\([^)]*\)' small.html || fail "the page refers to something outside"
grep -q "default-src 'none'" small.html || fail "no policy"
while read -r id; do
    grep -q "id=\"$id\"" small.html || fail "the link to #$id leads nowhere"
done < <(grep -oE 'href="#[^"]+"' small.html | sed 's/.*#//; s/"//' | sort -u)

start_browser 1280 1000
go_to "file://$WORK/small.html"
visible() { echo "getComputedStyle(document.querySelector('$1')).display !== 'none'"; }
place='document.querySelector(".frame:not([hidden]) .view").style.transform'

# The difference, before, after.
sees 'document.title' 'billing: main..orders' \
    'document.querySelectorAll(".entity").length' 5
sees "$(visible .entity.added)" true \
    "$(visible .entity.removed)" true \
    "$(visible '.field[data-name=old]')" true \
    "$(visible '.field[data-name=extra]')" true \
    "$(visible .relation.added)" true
click 'input[value=before]'
sees "$(visible .entity.added)" false \
    "$(visible .entity.removed)" true \
    "$(visible '.field[data-name=extra]')" false \
    "$(visible '.field[data-name=remark] .in-before')" true \
    'document.querySelector(".field[data-name=remark] .in-before").textContent' note \
    'document.querySelector(".field[data-name=number]").getAttribute("transform")' 'translate(0 50)'
click 'input[value=after]'
sees "$(visible .entity.removed)" false \
    "$(visible .relation.added)" true \
    "$(visible '.field[data-name=old]')" false \
    'document.querySelector(".field[data-name=remark] .in-after").textContent' remark
click 'input[value=diff]'
sees "$(visible .entity.removed)" true \
    'document.querySelector(".field[data-name=number]").getAttribute("transform")' 'translate(0 70)'

# What the way back risks stands there, and is not counted with what the change risks.
sees 'document.querySelectorAll(".migration table").length' 2 \
    '[...document.querySelectorAll(".migration table")].map(table => table.textContent.includes("down.sql:")).join()' false,true \
    'document.querySelectorAll(".migration table")[1].previousElementSibling.previousElementSibling.className' wayback \
    'document.querySelectorAll(".summary dd")[1].textContent' '✕ fails × 3! warns × 2· note × 2✓ accepted × 1'

# Zoom by button, key and wheel; the wheel without Ctrl scrolls the page until the diagram is in use.
changes() {
    local before

    before=$(js "return $place")
    "$@"
    for _ in $(seq 20); do
        [ "$(js "return $place")" = "$before" ] || return 0
        sleep 0.05
    done
    fail "$* moves nothing: $before"
}
wheel() {
    browser actions "$(jq -n --argjson y "$1" '{actions: [{type: "wheel", id: "w", actions: [
        {type: "scroll", x: 640, y: 700, deltaX: 0, deltaY: $y, duration: 50}]}]}')" >/dev/null
}
changes click '[data-action=in]'
changes click '[data-action=out]'
changes click '[data-action=in]'
changes click '[data-action=fit]'
js 'document.activeElement.blur(); window.scrollTo(0, 0)' >/dev/null
still=$(js "return $place")
wheel 100
sees 'window.scrollY > 0' true \
    "$place" "$still"
js 'window.scrollTo(0, 0); document.querySelector(".frame:not([hidden]) svg").focus()' >/dev/null
changes wheel -100
changes keys '+'
changes keys '\ue014'
changes keys '0'

# Search by typing, then the keyboard.
type_into '#search' rem
sees 'document.querySelector("#results [role=option]").textContent' 'Invoice.remark was note' \
    'document.querySelectorAll("#results [role=option]").length' 1
type_into '#search' '\ue007'
sees 'document.querySelector(".entity.selected").dataset.name' Invoice \
    'document.querySelector(".field.found").dataset.name' remark \
    "$(visible '#results')" false \
    '[...document.querySelectorAll(".entity.near")].map(entity => entity.dataset.name).sort().join()' Customer,Invoice,Item
js 'document.querySelector("#search").value = ""' >/dev/null
type_into '#search' nowhere
sees 'document.querySelector("#results").textContent' 'nothing is called so' \
    'document.querySelector("#" + document.querySelector("#search").getAttribute("aria-activedescendant")).ariaDisabled' true
type_into '#search' '\ue00c'

# Relations: by the field, by the line, by the list.
click '.field.reference[data-name=customerId] .name'
sees 'document.querySelector(".entity.selected").dataset.name' Customer
js 'document.querySelector(".relation[data-field=customerId] .hit").dispatchEvent(new MouseEvent("click", {bubbles: true}))' >/dev/null
sees 'document.querySelector(".entity.selected").dataset.name' Invoice \
    'document.querySelector(".card h3").textContent' Invoice \
    '[...document.querySelectorAll(".card .follow")].map(button => button.textContent).join()' Customer,Item
sleep 0.4
click '.card li:last-of-type .follow'
sees 'document.querySelector(".card h3").textContent' Customer

# The keyboard goes where the relation leads, and out of the card into the diagram.
sees 'document.activeElement.textContent' Customer
keys '\ue004\ue004\ue007'
sees 'document.activeElement.textContent' Invoice
keys '\ue00c'
sees "$(visible .card)" false \
    'document.activeElement.classList.contains("erd")' true
click '.field.reference[data-name=customerId] .name'
click '.card .shut'
sees "$(visible .card)" false
changes click '[data-action=next]'
sees 'document.querySelectorAll(".entity.selected").length' 1

# Two fingers zoom, about what is between them; one scrolls the page.
touch_at() {
    browser goog/cdp/execute "$(jq -n --arg type "$1" --argjson points "$2" '{cmd: "Input.dispatchTouchEvent", params: {type: $type,
        touchPoints: [$points | to_entries[] | {id: .key, x: .value[0], y: .value[1]}]}}')" >/dev/null
}
zoom='Number(/scale\(([0-9.]+)\)/.exec(document.querySelector(".frame:not([hidden]) .view").style.transform)[1])'
middle='(() => { const box = document.querySelector(".frame:not([hidden]) svg").getBoundingClientRect(); return Math.round(box.y + box.height / 2); })()'
click '[data-action=fit]'
sleep 0.4
y=$(js "return $middle")
before=$(js "return $zoom")
touch_at touchStart "[[600, $y], [680, $y]]"
for step in 10 20 30 40; do
    touch_at touchMove "[[$((600 - step)), $y], [$((680 + step)), $y]]"
done
touch_at touchEnd '[]'
sees "Math.abs($zoom / $before - 2) < 0.05" true
still=$(js "return $place")
touch_at touchStart "[[600, $y]]"
for step in 20 40 60 80 100; do
    touch_at touchMove "[[600, $((y - step))]]"
done
touch_at touchEnd '[]'
sees "$place" "$still" \
    'window.scrollY > 0' true
js 'window.scrollTo(0, 0)' >/dev/null

# From the text to the diagram.
click '.deltas [data-goto="Item.product"]'
sees 'document.querySelector(".entity.selected").dataset.name' Item \
    'document.querySelector(".field.found").dataset.name' productSku

# Light and dark.
sees 'getComputedStyle(document.body).backgroundColor' 'rgb(255, 255, 255)'
click '#theme'
click '#theme'
sees 'document.documentElement.dataset.theme' dark \
    'getComputedStyle(document.body).backgroundColor' 'rgb(20, 23, 28)'
go_to "file://$WORK/small.html"
sees 'document.documentElement.dataset.theme' dark
click '#theme'
sees 'getComputedStyle(document.body).backgroundColor' 'rgb(255, 255, 255)'

# The whole window.
js 'window.scrollTo(0, 0)' >/dev/null
click '[data-action=expand]'
sees 'document.querySelector(".viewer").getBoundingClientRect().height === window.innerHeight' true
keys '\ue00c'
sees 'document.querySelector(".viewer").classList.contains("expanded")' false

# Text stays text, the console is clean, and the policy holds against what would get in all the same.
sees 'window.broken === undefined' true \
    'document.body.textContent.includes("</script><img src=x")' true
no_errors
js 'const script = document.createElement("script"); script.textContent = "window.broken = 1"; document.body.append(script)' >/dev/null
sees 'window.broken === undefined' true

# A narrow window: nothing stands out sideways.
browser goog/cdp/execute '{"cmd": "Emulation.setDeviceMetricsOverride", "params": {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": false}}' >/dev/null
go_to "file://$WORK/small.html"
sees 'document.documentElement.scrollWidth' 400 \
    "$(visible '#search')" true
stop_browser

# Without scripts: the difference, all texts, and no control that does nothing.
start_browser 1280 1000
browser goog/cdp/execute '{"cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": true}}' >/dev/null
go_to "file://$WORK/small.html"
sees 'document.documentElement.classList.contains("scripted")' false \
    'document.querySelector(".entity.added .box").getBoundingClientRect().width > 90' true \
    "$(visible .entity.removed)" true \
    "$(visible '#theme')" false \
    "$(visible .search)" false \
    '[...document.querySelectorAll("details")].every(details => details.open)' true \
    'document.querySelectorAll("details").length' 2
click 'input[value=before]'
sees "$(visible .entity.added)" false
no_errors
stop_browser

# Some hundred entities: what changes first, then all of them; quick to open, to search and to move.
{
    printf '%s' "$IMPORTS"
    for number in $(seq 1 500); do
        printf 'public type T%d record {|\n    readonly int id;\n    string name;\n    int? size;\n    string? note%d;\n' "$number" "$number"
        [ "$number" -eq 1 ] || printf '    T%d up;\n' $((number / 3 + 1 < number ? number / 3 + 1 : 1))
        for down in $(seq $((number * 3 - 3)) $((number * 3 - 1))); do
            [ "$down" -le "$number" ] || [ "$down" -gt 500 ] || printf '    T%d[] down%d;\n' "$down" "$down"
        done
        printf '|};\n\n'
    done
} >many_before.bal
sed 's/string? note77;/string? note77;\n    int added77;/; s/string? note300;/string note300;/' many_before.bal >many_after.bal
begin=$SECONDS
made many_before.bal many_after.bal many.html
[ $((SECONDS - begin)) -lt 10 ] || fail "the page of 500 entities took $((SECONDS - begin)) s"
[ "$(stat -c %s many.html)" -lt 3000000 ] || fail "the page of 500 entities has $(stat -c %s many.html) bytes"
start_browser 1280 1000
go_to "file://$WORK/many.html"
sees 'document.querySelector(".frame:not([hidden])").dataset.scope' changes \
    'document.querySelectorAll(".frame:not([hidden]) .entity").length < 20' true
click 'input[value=whole]'
sees 'document.querySelectorAll(".frame:not([hidden]) .entity").length' 500
click '[data-action=fit]'
sees 'document.querySelector(".frame:not([hidden]) svg").classList.contains("far")' true
type_into '#search' note451
sees 'document.querySelector("#results [role=option]").textContent' T451.note451
type_into '#search' '\ue007'
sees 'document.querySelector(".frame:not([hidden]) .entity.selected").dataset.name' T451 \
    'document.querySelector(".frame:not([hidden]) svg").classList.contains("far")' false

# Ten steps of zoom, by the time of the processor, as others may be at work beside this test.
processor() {
    browser goog/cdp/execute '{"cmd": "Performance.getMetrics", "params": {}}' | jq '.metrics[] | select(.name == "TaskDuration") | .value * 1000 | floor'
}
browser goog/cdp/execute '{"cmd": "Performance.enable", "params": {"timeDomain": "threadTicks"}}' >/dev/null
begin=$(processor)
js 'return (async () => {
    for (let i = 0; i < 10; i++) {
        document.querySelector(i % 2 ? "[data-action=out]" : "[data-action=in]").click();
        await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
})()' >/dev/null
spent=$(($(processor) - begin))
[ "$spent" -lt 2000 ] || fail "ten steps of zoom took $spent ms of processor time"
no_errors
