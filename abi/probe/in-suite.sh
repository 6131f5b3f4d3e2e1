#!/bin/sh
# Runs inside a root file system of the suite, in a folder that has `source` (QEMU's, unpacked) and `probe.c`:
# configures the tree, makes the headers that it generates, and compiles the probe as one of its devices.
set -eu

configure() {
    mkdir -p build
    cd build
    help=$(../source/configure --help)
    # QEMU no longer supports 64-bit targets on 32-bit machines.
    target=aarch64
    [ -e ../stock/usr/bin/qemu-system-aarch64 ] || target=arm
    options=
    for option in --without-default-features --enable-tcg --enable-plugins --disable-download --disable-install-blobs; do
        # The help names a feature without the prefix.
        case "$help" in
            *"${option#--enable-}"* | *"${option#--disable-}"*) options="$options $option" ;;
        esac
    done
    # shellcheck disable=SC2086
    ../source/configure "--target-list=$target-softmmu" --enable-modules --enable-system --disable-docs --disable-tools \
        --disable-guest-agent $options
    cd ..
}

[ -f build/build.ninja ] || configure
cd build
python3 - >pl011 <<'END'
import json
print(*[(c["output"], c["command"]) for c in json.load(open("compile_commands.json"))
        if c["file"].endswith("hw/char/pl011.c")][0], sep="\n")
END
# The build needs all generated headers first.
ninja "$(sed -n 1p pl011)"
sed -n 2p pl011 | sed -e 's/ -MD//; s/ -M[QF] [^ ]*//g; s/ -o [^ ]*//; s/ -c [^ ]*$//' >flags
# Warnings enforce QEMU's own style, which the probe does not follow.
sh -c "$(cat flags) -w -O0 -fno-pie -D_FORTIFY_SOURCE=0 -gdwarf-4 -fno-eliminate-unused-debug-types -I.. -I../source \
    -c ../probe.c -o ../probe.o"
# It is never run: linking relocates the debug information.
ld -e 0 --unresolved-symbols=ignore-all -o ../probe ../probe.o
