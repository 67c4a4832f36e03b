// Bundles the extension into one file. VS Code itself provides `vscode`.
import { build } from "esbuild";

const minify = process.argv.includes("--minify");
await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  mainFields: ["module", "main"],
  conditions: ["node"],
  sourcemap: !minify,
  minify,
  logLevel: "warning",
});
