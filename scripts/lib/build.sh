# shellcheck shell=bash disable=SC2034 # variables are shared between the files that are sourced together
# Configuring and building. Sourced after common.sh and install.sh.

# The outside conformance cases and the corpus lie beside a checkout, where they are at all. An empty value clears a remembered one.
shared_dir() {
    local dir="$ROOT/../shared"

    if [ -d "$dir/conformance" ]; then
        (cd "$dir" && pwd)
    fi
}

# build_preset PRESET: configures and builds into build/PRESET.
build_preset() {
    local preset=$1

    (cd "$ROOT" && cmake --preset "$preset" "-DPERSIST_SHARED_DIR=$(shared_dir)" >&2 &&
        cmake --build "$ROOT/build/$preset" -j "$(nproc)" >&2)
}

# Makes the release program, whatever that takes, and prints its path.
build_release() {
    install_packages "${BUILD_PACKAGES[@]}" || return 1
    quietly build_preset release || return 1
    printf '%s\n' "$ROOT/build/release/src/cli/persist"
}
