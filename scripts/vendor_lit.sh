#!/bin/sh
# Makes web/static/vendor/lit.js again: Lit from the npm registry, bundled by esbuild into one ES module.
# Needs node and npm, and a network; the result is in the repository, so running Tingji needs neither.
set -eu
LIT=3.3.3
ESBUILD=0.28.2
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent "lit@$LIT" "esbuild@$ESBUILD"
cat > entry.js <<'JS'
export { LitElement, html, svg, nothing, noChange, render } from "lit";
export { directive, Directive, PartType } from "lit/directive.js";
export { classMap } from "lit/directives/class-map.js";
export { guard } from "lit/directives/guard.js";
export { live } from "lit/directives/live.js";
export { ref, createRef } from "lit/directives/ref.js";
export { repeat } from "lit/directives/repeat.js";
JS
{
    echo "/*! Lit $LIT, https://lit.dev, bundled by esbuild $ESBUILD (scripts/vendor_lit.sh)"
    cat node_modules/lit/LICENSE
    echo "*/"
} > header.js
node_modules/.bin/esbuild entry.js --bundle --format=esm --minify --legal-comments=none \
    --conditions=production --target=es2021 --log-level=warning --outfile=body.js
cat header.js body.js > "$here/web/static/vendor/lit.js"
cd "$here/web/static/vendor"
sha256sum lit.js
