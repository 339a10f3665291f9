#!/bin/sh
# Makes a Chromium available for the browser tests, where that is possible.
set -u

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        echo "browser tests: using $(command -v "$name")"
        exit 0
    fi
done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium
    if command -v chromium >/dev/null 2>&1; then
        exit 0
    fi
fi

cat >&2 <<'NOTICE'
*** NO BROWSER *** None of chromium, chromium-browser and google-chrome is on PATH, and Debian's chromium could not be
installed here (that needs root, apt-get and a package mirror). THE BROWSER TESTS WILL BE SKIPPED: nothing will check
that the chat page shows its disclaimers, its citations and its urgent notices. Install a Chromium and run them again.
NOTICE
[ -z "${CI:-}" ]
