// Writes l10n/bundle.l10n.json: every text that the extension shows, as translators get it. `--check` only compares.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const BUNDLE = new URL("l10n/bundle.l10n.json", import.meta.url);
const SOURCES = new URL("src/", import.meta.url);

/** The texts in a source: the first argument of each `l10n.t`, which has to be a plain string. */
export function textsIn(source) {
  return [...source.matchAll(/\bl10n\.t\(\s*/g)].map(({ index, 0: call }) => {
    const rest = source.slice(index + call.length);
    const literal = /^"(?:[^"\\\n]|\\.)*"/.exec(rest)?.[0];
    if (literal === undefined) {
      throw new Error(`A text is no plain string: ${rest.slice(0, 60)}`);
    }
    return JSON.parse(literal);
  });
}

/** The whole bundle as text. */
export function bundle() {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf-8" }).filter((path) => path.endsWith(".ts"));
  const texts = files.flatMap((path) => textsIn(readFileSync(new URL(path, SOURCES), "utf-8")));
  const sorted = [...new Set(texts)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2)}\n`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  mkdirSync(new URL("l10n/", import.meta.url), { recursive: true });
  writeFileSync(BUNDLE, bundle());
}
