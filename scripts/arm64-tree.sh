# Sourced by build-arm64, never run: makes the cross compiler, once, in the cache. have_tree is what it is for.
# From there come step, attended, cannot, and the folders $work and $making, which are deleted however it ends.
# shellcheck shell=bash disable=SC2154

# The compiler and the arm64 libraries, pinned: both come from one source package, and only alike do they fit together.
swift_version=6.2.3-1+b1
pins="swiftlang amd64 7a02c790f6d74b0ea59ed315bed674165d9ca5703bb8c85f4aff38611d1b32fd
swiftlang arm64 bda5df23d26eec0cc7058924611b42bb27667252a0280fb490e4969dbbd975df
libswiftlang arm64 44b83bfd7165e47d65843799a033a428f440e62482443114042c3cd96b306c24"
compiler_packages=swiftlang=$swift_version,libc6-dev,g++,git,ca-certificates,pkgconf,coreutils,bash,dash,base-files,libc-bin
sysroot_packages=libc6-dev,libgcc-14-dev,libstdc++-14-dev,libgpiod-dev,libiio-dev,libyaml-dev,libzip-dev,base-files
gateway_suite=trixie
recipe=1 # one more whenever make_tree's result changes
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# quiet NAME COMMAND...: its output is shown only when it fails.
quiet() {
    local name=$1
    shift
    if ! attended "$@" >"$work/log" 2>&1; then
        tail -n 20 "$work/log" >&2
        cannot "$name failed, see above (is the Debian mirror reachable, and sid not in the middle of a transition?); $way_out"
    fi
}

# A private apt that knows sid for both architectures. Apt on the host is left as it is; its proxy settings are taken over.
private_apt() {
    mkdir -p "$work"/apt/{etc/apt.conf.d,etc/preferences.d,state/lists/partial,cache/archives/partial}
    : >"$work/apt/status"
    { apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv)' || true; echo 'Acquire::Check-Valid-Until "false";'; } >"$work/fetch.conf"
    cat - "$work/fetch.conf" >"$work/apt.conf" <<CONF
Dir "$work/apt"; Dir::Etc "$work/apt/etc"; Dir::State "$work/apt/state"; Dir::Cache "$work/apt/cache";
Dir::State::status "$work/apt/status";
APT::Architecture "amd64"; APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
    echo "deb [arch=amd64,arm64 signed-by=$keyring] $1 sid main" >"$work/apt/etc/sources.list"
    quiet "reading sid's package lists" env APT_CONFIG="$work/apt.conf" apt-get update --error-on=any
}

# The mirror's signed lists must still offer exactly the pinned files; apt then checks what it downloads against those lists.
check_pins() {
    local name arch sha offered
    while read -r name arch sha; do
        offered=$(APT_CONFIG=$work/apt.conf apt-get download --print-uris "$name:$arch=$swift_version" 2>/dev/null | grep -o 'SHA256:[0-9a-f]*' || true)
        [ "$offered" = "SHA256:$sha" ] ||
            cannot "the pinned $name $swift_version ($arch) is no longer on the Debian mirror; $way_out"
    done <<<"$pins"
}

check_file() { # check_file FILE NAME ARCH
    local sha
    sha=$(awk -v n="$2" -v a="$3" '$1 == n && $2 == a { print $3 }' <<<"$pins")
    echo "$sha  $1" | sha256sum --check --quiet >/dev/null 2>&1 || cannot "$2 ($3), as downloaded, has not the pinned SHA-256; $way_out"
}

compiler_tree() {
    quiet "making the compiler tree" mmdebstrap --aptopt="$work/fetch.conf" --variant=extract --architectures=amd64 --skip=cleanup/apt \
        --include="$compiler_packages" sid "$making" "deb [signed-by=$keyring] $1 sid main"
    check_file "$(echo "$making"/var/cache/apt/archives/swiftlang_*_amd64.deb)" swiftlang amd64
    rm -rf "$making"/var/cache/apt "$making"/var/lib/apt "$making"/usr/share/{doc,man,locale,info}
    # A third of it serves debuggers, editors and microcontrollers.
    (cd "$making/usr/libexec/swift" && rm -rf lib/swift/embedded lib/liblldb* lib/libsourcekitd* bin/lldb* bin/clangd bin/sourcekit-lsp)
    # What maintainer scripts would have made, and the places that in_tree mounts on.
    mkdir -p "$making"/{proc,dev,tmp,root,src,scratch,mirrors,sysroot,etc/ssl/certs}
    echo 'root:x:0:0:root:/root:/bin/bash' >"$making/etc/passwd"
    find "$making/usr/share/ca-certificates" -name '*.crt' -exec cat {} + >"$making/etc/ssl/certs/ca-certificates.crt"
    touch "$making"/etc/{resolv.conf,hosts}
}

sysroot() {
    rmdir "$making/sysroot"
    quiet "making the sysroot" mmdebstrap --aptopt="$work/fetch.conf" --variant=extract --architectures=arm64 \
        --include="$sysroot_packages" "$gateway_suite" "$making/sysroot" "deb [signed-by=$keyring] $1 $gateway_suite main"
}

arm64_libraries() {
    local name arch deb
    mkdir "$work/debs" "$work/libraries"
    while read -r name arch _; do
        [ "$arch" = arm64 ] || continue
        quiet "downloading $name ($arch)" env -C "$work/debs" APT_CONFIG="$work/apt.conf" apt-get download "$name:$arch=$swift_version"
        deb=$(echo "$work/debs/${name}"_*_arm64.deb)
        check_file "$deb" "$name" "$arch"
        # 'embedded', 'host' and 'migrator' are two thirds of it and of no use to a gateway.
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/libraries" --wildcards \
            --exclude='*/embedded' --exclude='*/host' --exclude='*/migrator' './usr/libexec/swift/lib/*'
        rm "$deb"
    done <<<"$pins"
    cp -a "$work"/libraries/usr/libexec/swift/lib/{swift,swift_static,clang} "$making/sysroot/usr/lib/"
    rm -rf "$work/libraries"
}

swift_sdk() {
    local bundle=$making/sdks/tap-arm64.artifactbundle
    mkdir -p "$bundle/tap-arm64"
    cat >"$bundle/info.json" <<'JSON'
{"schemaVersion": "1.0",
 "artifacts": {"tap-arm64": {"type": "swiftSDK", "version": "1.0", "variants": [{"path": "tap-arm64"}]}}}
JSON
    cat >"$bundle/tap-arm64/swift-sdk.json" <<JSON
{"schemaVersion": "4.0",
 "targetTriples": {"$triple": {
    "sdkRootPath": "/sysroot",
    "swiftResourcesPath": "/sysroot/usr/lib/swift",
    "swiftStaticResourcesPath": "/sysroot/usr/lib/swift_static",
    "toolsetPaths": ["toolset.json"]}}}
JSON
    cat >"$bundle/tap-arm64/toolset.json" <<'JSON'
{"schemaVersion": "1.0", "rootPath": "/usr/libexec/swift/bin",
 "swiftCompiler": {"extraCLIOptions": ["-use-ld=lld"]}, "linker": {"path": "ld.lld"}}
JSON
}

make_tree() {
    local codename mirror=
    for codename in $(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release) sid; do
        [ -n "$mirror" ] || mirror=$(debian_mirror "$codename" || true)
    done
    [ -n "$mirror" ] || cannot "apt's sources name no Debian mirror for this release's main; $way_out"
    [ -f "$keyring" ] || need_packages debian-archive-keyring
    need_packages mmdebstrap
    step "package lists" private_apt "$mirror"
    check_pins
    making=$(mktemp -d "$tap_cache/arm64/making.XXXXXX")
    chmod 755 "$making"
    step "compiler tree" compiler_tree "$mirror"
    step "sysroot" sysroot "$mirror"
    step "arm64 Swift libraries" arm64_libraries
    swift_sdk
    mv -T "$making" "$tree"
    making=
}

key=$(printf '%s\n' "$recipe" "$pins" "$compiler_packages" "$sysroot_packages" "$gateway_suite" | sha256sum | cut -c 1-16)
tree=$tap_cache/arm64/$key

have_tree() {
    [ -d "$tree" ] && return
    mkdir -p "$tap_cache/arm64"
    exec 9>"$tap_cache/arm64/lock"
    flock -n 9 || { say "another run is making the cross compiler: waiting for it"; flock 9; }
    [ -d "$tree" ] || {
        # Under the lock nobody else is making one: these were left by a run that was killed.
        rm -rf --one-file-system "$tap_cache"/arm64/making.*
        make_tree
    }
    exec 9>&-
}
