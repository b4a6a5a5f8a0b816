// Bundles the page and the widget: node build.mjs <folder for the result>. Ends with an error where the bundle is too big.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";

const MAX_GZIP_BYTES = 45 * 1024;
const WEB = dirname(fileURLToPath(import.meta.url));
const read = (name) => readFile(join(WEB, name), "utf8");

const minifyCss = async (text) => (await transform(text, { loader: "css", minify: true })).code;

const styleSheetsAsText = {
  name: "style-sheets-as-text",
  setup: (builder) =>
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: await minifyCss(await readFile(path, "utf8")),
      loader: "text",
    })),
};

async function bundle() {
  const result = await build({
    entryPoints: [join(WEB, "src/main.ts")],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
    plugins: [styleSheetsAsText],
  });
  // A twenty-fifth smaller than what esbuild makes of it alone.
  const { code } = await minify(result.outputFiles[0].text, { ecma: 2020, compress: { passes: 2 } });
  return { script: code, inputs: Object.keys(result.metafile.inputs) };
}

// The licence of every package that a file of the bundle comes from.
async function licences(inputs) {
  const folders = inputs.map((input) => input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  const texts = [];
  for (const name of [...new Set(folders)].sort()) {
    const { version, license } = JSON.parse(await read(`node_modules/${name}/package.json`));
    const text = await firstOf(["license", "LICENSE", "LICENSE.md", "license.md"].map((file) => `node_modules/${name}/${file}`));
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

async function firstOf(names) {
  for (const name of names) {
    const text = await read(name).catch(() => null);
    if (text !== null) return text;
  }
  throw new Error(`No licence text found: ${names.join(", ")}`);
}

function hashedName(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  return name.replace(/(\.\w+)$/, `-${hash}$1`);
}

async function main(folder) {
  const { script, inputs } = await bundle();
  const size = gzipSync(script, { level: 9 }).length;
  if (size > MAX_GZIP_BYTES) throw new Error(`The bundle has ${size} bytes gzipped; at most ${MAX_GZIP_BYTES} are allowed.`);

  const assets = {
    "opi-advisor.js": script,
    "page.css": await minifyCss(await read("src/styles/page.css")),
    "favicon.svg": await read("favicon.svg"),
    "third-party-licences.txt": await licences(inputs),
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "assets"), { recursive: true });
  const values = {};
  for (const [name, text] of Object.entries(assets)) {
    values[name] = `assets/${hashedName(name, text)}`;
    await writeFile(join(folder, values[name]), text);
  }
  for (const language of ["da", "en"]) {
    for (const [key, text] of Object.entries(JSON.parse(await read(`strings/${language}.json`)))) values[`${language}.${key}`] = text;
  }
  const page = (await read("index.html")).replace(/\{\{([\w.-]+)\}\}/g, (_, name) => values[name]);
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "widget.js"), script);
  console.log(`Bundle: ${size} bytes gzipped.`);
}

await main(process.argv[2]);
