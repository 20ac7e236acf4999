// node lint.mjs FILE : judges an OpenAPI document by the standard (Redocly's rules) and by the house's rules.

import { readFile } from "node:fs/promises";
import { breaches, rules } from "./rules.mjs";
import { standard } from "./standard.mjs";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("usage: node lint.mjs openapi.json");
  process.exit(2);
}
const text = await readFile(file, "utf8");
const found = [...(await standard(text)), ...breaches(JSON.parse(text))];
const counts = new Map();
for (const { rule, at, what } of found) {
  const count = (counts.get(rule) ?? 0) + 1;
  counts.set(rule, count);
  if (count <= 20) console.log(`${rule}: ${at} ${what}`);
}
for (const [rule, count] of counts) console.log(`  ${String(count).padStart(4)} × ${rule}: ${rules.find((one) => one.name === rule)?.says ?? "the standard"}`);
if (found.length > 0) process.exit(1);
console.log(`  · ${file}: no breach of ${rules.length} rules of the house, nor of the standard`);
