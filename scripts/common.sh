# Sourced by the other scripts, never run: messages, the cache folder, packages by name.
set -euo pipefail

tap_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything that is slow to make and not specific to this checkout: the test kernel, the arm64 sysroot.
tap_cache=${TAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tap}

say() { printf 'tap: %s\n' "$*" >&2; }
fail() { printf 'tap: error: %s\n' "$*" >&2; exit 1; }

# SwiftPM hands over the package's traits in the order of a set, which is another in half of all runs; where it is, all is built
# anew. The seed of such orders is fixed for builds alone: what is tested has its own.
swift() {
    if [ "${1:-}" = build ]; then SWIFT_DETERMINISTIC_HASHING=1 command swift "$@"; else command swift "$@"; fi
}
export -f swift

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else
        command -v sudo >/dev/null || fail "'$*' needs root: run it as root, or install sudo"
        sudo "$@"
    fi
}

apt_install() {
    command -v apt-get >/dev/null || fail "this is no Debian: install by hand: $*"
    if [ -z "${tap_apt_fresh:-}" ]; then
        as_root apt-get update -qq || say "apt-get update failed: trying with the old lists"
        tap_apt_fresh=1
    fi
    say "installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -o DPkg::Lock::Timeout=300 -y -qq --no-install-recommends "$@" >/dev/null
}

# need_packages NAME...: installs those of Debian's packages that are not there.
need_packages() {
    local missing=() name
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

# unpack_package NAME: a package of Debian in the cache, in a folder of its name; not installed, so that nothing of it is started.
unpack_package() {
    local folder=$tap_cache/$1
    [ ! -d "$folder/usr" ] || return 0
    rm -rf "$folder" && mkdir -p "$folder"
    (cd "$folder" && apt-get download -qq "$1" && dpkg -x ./*.deb . && rm ./*.deb) 2>/dev/null ||
        fail "Debian's package $1 could not be had: is there a network, and did 'apt-get update' run?"
}

# The address of the Debian mirror that apt is configured with, for the suite given.
debian_mirror() {
    apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $1" 'Component: main' | grep -v security | head -n 1
}

# Debian 12 has libgpiod 1.6, whose kernel interface has no sequence numbers: 2.x comes from bookworm-backports.
need_libgpiod2() {
    local have
    have=$(dpkg-query -W -f '${Version}' libgpiod-dev 2>/dev/null || true)
    case $have in 2.*) return ;; esac
    if grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; then
        if ! apt-cache policy libgpiod-dev | grep -q bookworm-backports; then
            local mirror
            mirror=$(debian_mirror bookworm)
            [ -n "$mirror" ] || fail "no Debian mirror for bookworm in apt's sources: add bookworm-backports by hand"
            say "adding bookworm-backports to apt's sources, for libgpiod 2.x"
            printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
                "$mirror" | as_root tee /etc/apt/sources.list.d/tap-bookworm-backports.sources >/dev/null
            tap_apt_fresh=
        fi
        apt_install -t bookworm-backports libgpiod-dev gpiod
    else
        need_packages libgpiod-dev
    fi
}

# What building tap needs, beyond git and a Swift toolchain.
need_build_packages() {
    need_packages pkg-config libyaml-dev libiio-dev libzip-dev
    need_libgpiod2
}
