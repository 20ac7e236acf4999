// Headless Chromium with a profile of its own, for as long as `work` runs.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export function must(condition, message) {
  if (!condition) throw new Error(message);
}

export async function withChromium(work) {
  const program = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  const profile = mkdtempSync(join(tmpdir(), "second-opinion-chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    viewport: { width: 1280, height: 1600 },
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
