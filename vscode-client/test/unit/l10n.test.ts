import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error a script without types
import { bundle, textsIn } from "../../l10n.mjs";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf-8");
const sources = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf-8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("generated"))
  .map((path) => ({ path, text: read(`src/${path}`) }));

/** Where VS Code shows a string to a person. */
const SHOWN =
  /\b(?:title|label|placeHolder|prompt|detail|description|tooltip|message|show\w+Message\()\s*[:=(]?\s*(["`])(.*?)\1/g;

/** A string without what is filled in and without icons. */
const words = (text: string): string => text.replace(/\$\{[^}]*\}|\$\([\w~-]+\)/g, "");

test("translators get every text that is shown, and no other", () => {
  expect(read("l10n/bundle.l10n.json")).toBe(bundle()); // node l10n.mjs writes it
  expect(JSON.parse(read("package.json")).l10n).toBe("./l10n");
});

const bareIn = (text: string): string[] =>
  [...text.matchAll(SHOWN)].filter(([, , shown]) => /[A-Za-z]{2}/.test(words(shown ?? ""))).map(([all]) => all);

test("no text is shown that could not be translated", () => {
  expect(bareIn('{ title: "Bare", label: l10n.t("Fine") }')).toEqual(['title: "Bare"']);
  expect(bareIn("showErrorMessage(`It failed`); label: `$(icon)`")).toEqual(["showErrorMessage(`It failed`"]);
  const bare = sources.flatMap(({ path, text }) => bareIn(text).map((found) => `${path}: ${found}`));
  expect(bare).toEqual([]);
});

test("a text that is put together where it is shown is no text for translators", () => {
  expect(textsIn('l10n.t("a {0}", 1) + l10n.t(\n  "b\\n")')).toEqual(["a {0}", "b\n"]);
  expect(() => textsIn("l10n.t(text)")).toThrow("no plain string");
});

test("every place in a text is filled in", () => {
  const texts: string[] = Object.keys(JSON.parse(read("l10n/bundle.l10n.json")));
  const gaps = texts.filter((text) => {
    const places = [...text.matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place));
    return places.length > 0 && Math.max(...places) !== new Set(places).size - 1;
  });
  expect(gaps).toEqual([]);
});
