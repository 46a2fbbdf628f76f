// Builds web/static/css/said.css, copies htmx, and writes down what was built from what.
// Run it with `npm run assets`. The result is committed, so running the service needs no Node.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { transformSync } from "esbuild";
import { compile } from "sass";

import { logical } from "./logical.mjs";

// Ours, after GOV.UK's, in the order of the cascade.
const LAYERS = [
  "tokens", "ground", "masthead", "type", "grid", "buttons", "voices", "figures", "charts",
  "notices", "threads", "forms", "code", "inbox", "staff", "settings", "search", "posters", "imports", "modes",
];
const NOTICE = "/*! With parts of GOV.UK Frontend, Copyright (c) 2017 Crown Copyright (Government Digital Service), MIT licence */\n";

process.chdir(fileURLToPath(new URL("../../", import.meta.url)));

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const results = {};

function write(path, content) {
  mkdirSync(path.replace(/[^/]+$/, ""), { recursive: true });
  writeFileSync(path, content);
  results[path] = sha256(content);
}

function sha256(content) {
  return createHash("sha256").update(content).digest("hex");
}

function sources() {
  const styles = readdirSync("web/styles").sort().map((name) => `web/styles/${name}`);
  return Object.fromEntries([...styles, "package.json"].map((path) => [path, sha256(readFileSync(path))]));
}

const core = compile("web/styles/core.scss", { loadPaths: ["node_modules/govuk-frontend/dist"], quietDeps: true });
const ours = LAYERS.map((name) => readFileSync(`web/styles/${name}.css`, "utf8"));
const sheet = [logical(core.css), ...ours].join("\n");
const { code } = transformSync(sheet, { loader: "css", minify: true, legalComments: "none" });
write("web/static/css/said.css", NOTICE + code);

const htmx = manifest.devDependencies["htmx.org"];
write(`web/static/js/htmx-${htmx}.min.js`, readFileSync("node_modules/htmx.org/dist/htmx.min.js"));

const packages = Object.fromEntries(
  Object.keys(manifest.devDependencies).map((name) => [name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version]),
);
writeFileSync("web/static/assets.json", JSON.stringify({ sources: sources(), packages, results }, null, 2) + "\n");
