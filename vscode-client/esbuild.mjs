// Bundles the extension. VS Code itself provides `vscode`. The LSP library, most of the code, is a file of its own: it is
// read when a server is started, so that VS Code does not wait for it.
import { build } from "esbuild";

const minify = process.argv.includes("--minify");
await build({
  entryPoints: { extension: "src/extension.ts", client: "src/server/client.ts" },
  outdir: "dist",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode", "./client.js"],
  supported: { "dynamic-import": false },
  mainFields: ["module", "main"],
  conditions: ["node"],
  sourcemap: !minify,
  minify,
  logLevel: "warning",
});
