// The explorer at /docs as a coordinator meets it: sign in with it, authorise, take a submitted demo case one step further.
// A picture of the end goes to target/swagger-ui.png.

import { mkdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { must, withChromium } from "./chromium.mjs";

const base = process.env.BASE_URL;
const people = JSON.parse(readFileSync(process.env.CREDENTIALS_FILE, "utf8"));
const coordinator = people.find((one) => one.role === "coordinator");
const picture = resolve(dirname(fileURLToPath(import.meta.url)), "../../../target/swagger-ui.png");

async function call(method, path, token, body) {
  const headers = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { "Content-Type": "application/json" } : {}) };
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  must(response.ok, `${method} ${path} answered ${response.status}: ${await response.clone().text()}`);
  return response.json();
}

/** Opens the block of one operation in the page. */
async function open(page, operationId) {
  const block = page.locator(`.opblock[id$="-${operationId}"]`);
  await block.waitFor();
  if (!(await block.evaluate((one) => one.classList.contains("is-open")))) await block.locator(".opblock-summary").click();
  await block.locator(".opblock-body").waitFor();
  const tryIt = block.locator("button.try-out__btn:not(.cancel):not(.reset)");
  if ((await tryIt.count()) > 0 && (await block.locator("button.execute").count()) === 0) await tryIt.first().click();
  await block.locator("button.execute").waitFor();
  return block;
}

/** Executes it and returns what the page shows of the answer. */
async function execute(block, body) {
  if (body !== undefined) {
    const area = block.locator("textarea.body-param__text");
    await area.waitFor();
    await area.fill(JSON.stringify(body));
  }
  await block.locator("button.execute").click();
  const answer = block.locator(".live-responses-table .response");
  await answer.first().waitFor({ timeout: 15_000 });
  const status = (await answer.first().locator(".response-col_status").innerText()).trim().split(/\s/)[0];
  const text = await answer.first().locator(".response-col_description .highlight-code, .response-col_description pre").first().innerText();
  return { status, text };
}

const parameter = (block, name) => block.locator(`tr[data-param-name="${name}"] input, tr[data-param-name="${name}"] textarea`).first();

await withChromium(async (browser) => {
  const page = await browser.newPage();
  const foreign = [];
  const errors = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob|about):/.test(request.url())) foreign.push(request.url());
  });
  page.on("pageerror", (error) => errors.push(error.message));

  await page.goto(`${base}/docs`);
  const signIn = await open(page, "createSession");
  const session = await execute(signIn, { email: coordinator.email, password: coordinator.password });
  must(session.status === "201", `createSession shows ${session.status}: ${session.text}`);
  const token = JSON.parse(session.text.slice(session.text.indexOf("{"))).access_token;
  must(typeof token === "string" && token !== "", "createSession shows no access token");
  await signIn.locator(".opblock-summary").click();

  await page.locator(".auth-wrapper button.authorize").first().click();
  const dialog = page.locator(".dialog-ux .modal-ux");
  await dialog.locator("input").first().fill(token);
  await dialog.locator("button.authorize").first().click();
  await dialog.locator("button.btn-done").click();

  const submitted = await pick(token);
  const triage = await open(page, "startTriage");
  await parameter(triage, "case_id").fill(submitted.id);
  const taken = await execute(triage, submitted.body);
  must(taken.status === "200", `startTriage shows ${taken.status}: ${taken.text}`);
  must(taken.text.includes(submitted.id), `startTriage does not show the case: ${taken.text}`);
  await submitted.after(taken.text);
  await triage.scrollIntoViewIfNeeded();
  mkdirSync(dirname(picture), { recursive: true });
  await page.screenshot({ path: picture });
  must(foreign.length === 0, `the page asked other hosts: ${foreign.join(", ")}`);
  must(errors.length === 0, `the page had errors: ${errors.join("; ")}`);
  console.log(`  · browser: signed in, authorised and took ${submitted.id} to triage in Swagger UI; picture in target/swagger-ui.png`);
});

/** A submitted case of the demo, what to send to start its triage, and what must be true after it. */
async function pick(token) {
  const { data } = await call("GET", "/v1/cases?stage=submitted&kind=written_opinion&limit=1", token);
  must(data.length === 1, "the demo has no submitted written opinion");
  const [{ id }] = data;
  await call("POST", `/v1/cases/${id}/checklist/application_form/verify`, token);
  const departments = await call("GET", "/v1/departments");
  const after = async (shown) => {
    must(shown.includes("in_triage"), `startTriage shows another stage: ${shown}`);
    const { stage } = await call("GET", `/v1/cases/${id}`, token);
    must(stage === "in_triage", `the case is ${stage} after startTriage`);
  };
  return { id, body: { department_id: departments.data[0].id }, after };
}
