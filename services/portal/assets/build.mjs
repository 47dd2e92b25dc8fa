// Builds what a browser loads: one style sheet, one sprite of pictograms, the font, the script.
//
//   node build.mjs <folder that has node_modules> <folder to write>
//
// Every file is named by its content, so that it can be cached for a year; manifest.json maps the names we
// know to the names they have. A compressed copy (.br, .gz) stands beside each, so that nobody compresses at run time.
// Fails when a file has become heavier than a phone on a slow line should be asked to load.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SOURCE = dirname(fileURLToPath(import.meta.url));
const [packagesHome, target] = process.argv.slice(2);
if (!packagesHome || !target) throw new Error("usage: build.mjs <folder that has node_modules> <folder to write>");
const { transform } = createRequire(join(packagesHome, "package.json"))("lightningcss");

/** What each kind may weigh in kB of 1000 bytes, as transferred: with brotli, which every browser of
 * the last eight years takes over TLS and from this machine. */
const BUDGET = { "portal.css": 18, "source-sans-3-latin.woff2": 30, "icons.svg": 12, "portal.js": 20 };

/** The oldest browsers that get the page as designed; older ones still get readable text. */
const BROWSERS = { chrome: 105 << 16, firefox: 121 << 16, safari: (15 << 16) | (4 << 8), ios_saf: (15 << 16) | (4 << 8) };

/** Parts of the font by alphabet; a browser loads only those of which the page has letters. */
const FONT = "@fontsource-variable/source-sans-3";
const ALPHABETS = {
  latin:
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329," +
    "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
  cyrillic: "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
};

/**
 * Classes of the design system that no page of ours wears: states set by hand (pages have the real ones), controls that
 * are never disabled, sizes and layouts of forms we do not have. 2 kB of 14 kB. A class is dropped only by this list.
 */
const NEVER_WORN = [
  /--(hover|focus|focus-visible|read-only|pressed|disabled)$/,
  /(checkbox|radio-button)--active$/,
  /^utrecht-custom-checkbox/,
  /--sticky|--level-[5-8]$|--arrows$|row-focus-within$/,
  /--(iban|voorvoegsel|house-letter|house-addition)|placeholder-(ltr|rtl)$/,
  /^nl-button--positive$|^utrecht-link-button|__header-cell-button$/,
];

/** Files in this folder that are input of the build or belong to it; everything else is copied as it is. */
const INPUTS = new Set(["theme.css", "dbj.css", "icons.txt", "portal.js"]);
const COPIED = new Set([".svg", ".png", ".ico", ".js", ".webmanifest"]);

const manifest = {};
const weights = {};

const fromPackage = (...path) => join(packagesHome, "node_modules", ...path);
const ours = (name) => (existsSync(join(SOURCE, name)) ? readFileSync(join(SOURCE, name), "utf8") : missing(name));

function missing(name) {
  console.log(`    note: ${name} is not there yet, left out`);
  return "";
}

/** Writes `content` under a name that says its content, and compressed copies unless it is compressed by itself. */
function publish(name, content) {
  const bytes = Buffer.from(content);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const extension = extname(name);
  const published = `${name.slice(0, -extension.length)}.${digest}${extension}`;
  writeFileSync(join(target, published), bytes);
  weights[name] = bytes.length;
  if (![".woff2", ".png"].includes(extension)) {
    const gzip = gzipSync(bytes, { level: 9 });
    writeFileSync(join(target, `${published}.gz`), gzip);
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
    const brotli = brotliCompressSync(bytes, quality);
    writeFileSync(join(target, `${published}.br`), brotli);
    weights[name] = brotli.length;
  }
  manifest[name] = published;
  return published;
}

/** `@font-face` rules; italics are left to the browser, the pages hardly use them. */
function fontFaces() {
  return Object.entries(ALPHABETS).map(([alphabet, range]) => {
    const file = readFileSync(fromPackage(FONT, "files", `source-sans-3-${alphabet}-wght-normal.woff2`));
    const published = publish(`source-sans-3-${alphabet}.woff2`, file);
    return (
      `@font-face{font-family:"Source Sans 3";font-style:normal;font-display:swap;font-weight:200 900;` +
      `src:url("${published}") format("woff2");unicode-range:${range}}`
    );
  });
}

/** The design system's parts, in the order of package.json, in a layer of their own: what is unlayered wins from them. */
function library() {
  const { dependencies } = JSON.parse(readFileSync(join(SOURCE, "package.json"), "utf8"));
  const parts = Object.keys(dependencies).flatMap((name) => {
    const [scope, part] = name.split("/");
    if (scope === "@utrecht") return [fromPackage(name, "dist", "index.min.css")];
    if (scope === "@nl-design-system-candidate") return [fromPackage(name, "dist", `${part.replace(/-css$/, "")}.css`)];
    return [];
  });
  const text = parts.map((file) => readFileSync(file, "utf8").replace(/\/\*# sourceMappingURL=.*?\*\/|@charset "UTF-8";/g, ""));
  return `@layer lib {\n${text.join("\n")}\n}`;
}

function stylesheet() {
  const parts = library();
  const classes = new Set([...parts.matchAll(/\.((?:utrecht|nl)-[\w-]+)/g)].map((found) => found[1]));
  const css = [...fontFaces(), parts, ours("theme.css"), ours("dbj.css")].join("\n");
  const { code, warnings } = transform({
    filename: "portal.css",
    code: Buffer.from(css),
    minify: true,
    targets: BROWSERS,
    unusedSymbols: [...classes].filter((name) => NEVER_WORN.some((pattern) => pattern.test(name))),
  });
  for (const warning of warnings) console.log(`    style sheet, line ${warning.loc?.line}: ${warning.message}`);
  publish("portal.css", code);
}

/** icons.txt: `name` or `alias name` per line, names as in Tabler's outline set. In a page: `<use href="…#icon-alias">`. */
function sprite() {
  const symbols = new Map();
  for (const line of ours("icons.txt").split("\n")) {
    const words = line.replace(/#.*/, "").trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const [alias, name] = words.length === 1 ? [words[0], words[0]] : words;
    const file = fromPackage("@tabler/icons", "icons", "outline", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`icons.txt: there is no outline icon "${name}"`);
    if (symbols.has(alias)) throw new Error(`icons.txt: "${alias}" is there twice`);
    const shapes = readFileSync(file, "utf8")
      .replace(/<!--.*?-->/gs, "")
      .replace(/^.*?<svg[^>]*>/s, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s*\/>/g, "/>")
      .replace(/>\s+</g, "><")
      .trim();
    symbols.set(
      alias,
      `<symbol id="icon-${alias}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
        `stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`,
    );
  }
  publish("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${[...symbols.values()].join("")}</svg>`);
  return symbols.size;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
stylesheet();
const icons = sprite();
publish("portal.js", ours("portal.js"));
for (const name of readdirSync(SOURCE)) {
  if (COPIED.has(extname(name)) && !INPUTS.has(name)) publish(name, readFileSync(join(SOURCE, name)));
}
writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

let heavy = false;
for (const [name, bytes] of Object.entries(weights)) {
  const budget = BUDGET[name];
  const over = budget !== undefined && bytes > budget * 1000;
  heavy ||= over;
  const verdict = budget === undefined ? "" : `of ${budget} kB${over ? "  TOO HEAVY" : ""}`;
  console.log(`    ${name.padEnd(28)} ${(bytes / 1000).toFixed(1).padStart(6)} kB ${verdict}`);
}
console.log(`    ${icons} pictograms`);
if (heavy) {
  console.error("    A file is over its budget: make it lighter rather than the budget larger.");
  process.exit(1);
}
