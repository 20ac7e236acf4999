// Portals of other origins in a real browser: one of the API's own site keeps its session in cookies over a reload and in three tabs;
// one of another site cannot, and keeps its tokens itself; a page that the settings do not name gets nothing.
//
// An address is a site of its own: 127.0.0.1 with any port is one, localhost is another.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { must, withChromium } from "./chromium.mjs";

const api = process.env.BASE_URL;
const people = JSON.parse(readFileSync(process.env.CREDENTIALS_FILE, "utf8"));
const { email, password } = people.find((one) => one.role === "applicant");
const origins = { portal: `http://127.0.0.1:${process.env.PORTAL_PORT}`, elsewhere: `http://localhost:${process.env.ELSEWHERE_PORT}` };

/** Serves an empty page on a port of 127.0.0.1; 0 takes a free one. */
function page(port) {
  const server = createServer((_, response) => response.end("<!doctype html><title>Portal</title>")).listen(port, "127.0.0.1");
  return new Promise((resolve, reject) => server.once("listening", () => resolve(server)).once("error", reject));
}

/** What a page's script gets for a request: the status, the body and the headers that it may read, or why it gets nothing. */
function ask(tab, method, path, body, options = {}) {
  return tab.evaluate(
    async ([url, method, body, { token, ...options }]) => {
      const headers = { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
      try {
        const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), ...options });
        const text = await answer.text();
        return { status: answer.status, body: text === "" ? null : JSON.parse(text), headers: Object.fromEntries(answer.headers) };
      } catch (error) {
        return { blocked: String(error) };
      }
    },
    [api + path, method, body, options],
  );
}

const withCookies = { credentials: "include" };
const servers = await Promise.all([page(Number(process.env.PORTAL_PORT)), page(Number(process.env.ELSEWHERE_PORT)), page(0)]);
const unlisted = `http://127.0.0.1:${servers[2].address().port}`;

try {
  await withChromium(async (browser) => {
    const tab = await browser.newPage();
    await tab.goto(origins.portal);
    const refused = await ask(tab, "GET", "/v1/me");
    must(refused.status === 401 && refused.body.code === "not_signed_in", `a refusal is not readable: ${JSON.stringify(refused)}`);
    must(refused.headers["request-id"] === refused.body.request_id, "the page may not read Request-Id");
    const opened = await ask(tab, "POST", "/v1/sessions", { email, password, session_mode: "cookie" }, withCookies);
    must(opened.status === 201 && opened.body.refresh_token === null && opened.body.device_token === null, JSON.stringify(opened));
    must((await tab.evaluate(() => document.cookie)) === "", "a script sees a cookie");

    await tab.reload();
    const renewed = await ask(tab, "POST", "/v1/sessions/refresh", {}, withCookies);
    must(renewed.status === 200, `after a reload: ${JSON.stringify(renewed)}`);
    const me = await ask(tab, "GET", "/v1/me", undefined, { token: renewed.body.access_token });
    must(me.status === 200 && me.body.email === email && me.headers.etag !== undefined, `who I am: ${JSON.stringify(me)}`);

    const tabs = [tab, await browser.newPage(), await browser.newPage()];
    await Promise.all(tabs.slice(1).map((one) => one.goto(origins.portal)));
    const all = await Promise.all(tabs.map((one) => ask(one, "POST", "/v1/sessions/refresh", {}, withCookies)));
    must(all.every((one) => one.status === 200), `three tabs at once: ${all.map((one) => one.status)}`);
    const each = await Promise.all(tabs.map((one, number) => ask(one, "GET", "/v1/me", undefined, { token: all[number].body.access_token })));
    must(each.every((one) => one.status === 200), `three tabs, signed in: ${each.map((one) => one.status)}`);
    must((await ask(tab, "POST", "/v1/sessions/refresh", {}, withCookies)).status === 200, "the session went on after the three tabs");

    const other = await browser.newPage();
    const sent = [];
    other.on("request", async (request) => sent.push(await request.allHeaders()));
    await other.goto(origins.elsewhere);
    const blocked = await ask(other, "POST", "/v1/sessions/refresh", {}, withCookies);
    must(blocked.blocked !== undefined, `another site used cookies: ${JSON.stringify(blocked)}`);
    await other.evaluate((url) => fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).catch(() => {}), `${api}/v1/sessions/refresh`);
    must(sent.every((headers) => headers.cookie === undefined), "a cookie was sent from another site");
    const without = await ask(other, "POST", "/v1/sessions/refresh", {});
    must(without.status === 401 && without.body.code === "refresh_refused", `without a cookie: ${JSON.stringify(without)}`);
    const own = await ask(other, "POST", "/v1/sessions", { email, password });
    must(own.status === 201 && typeof own.body.refresh_token === "string", `the token mode: ${JSON.stringify(own)}`);
    const next = await ask(other, "POST", "/v1/sessions/refresh", { refresh_token: own.body.refresh_token });
    must(next.status === 200 && next.body.refresh_token !== own.body.refresh_token, `a refresh in the token mode: ${JSON.stringify(next)}`);
    const cookies = await ask(other, "POST", "/v1/sessions", { email, password, session_mode: "cookie" });
    must(cookies.status === 403 && cookies.body.code === "origin_refused", `cookies for another site: ${JSON.stringify(cookies)}`);

    const stranger = await browser.newPage();
    await stranger.goto(unlisted);
    for (const path of ["/v1/catalogue", "/v1/me"]) {
      const got = await ask(stranger, "GET", path);
      must(got.blocked !== undefined, `an unlisted page read ${path}: ${JSON.stringify(got)}`);
    }
    // It is of the API's own site, so the browser sends the cookie; the origin is what refuses it.
    const forced = await ask(stranger, "POST", "/v1/sessions/refresh", {}, withCookies);
    must(forced.blocked !== undefined, `an unlisted page refreshed: ${JSON.stringify(forced)}`);

    const out = await ask(tab, "POST", "/v1/sessions/sign-out", {}, withCookies);
    must(out.status === 204, `signing out: ${JSON.stringify(out)}`);
    const after = await ask(tab, "POST", "/v1/sessions/refresh", {}, withCookies);
    must(after.status === 401, `after signing out: ${JSON.stringify(after)}`);
  });
  console.log("  · browser: a portal of the API's site keeps its session in cookies (reload, three tabs); another site keeps its tokens; others get nothing");
} finally {
  for (const server of servers) server.close();
}
