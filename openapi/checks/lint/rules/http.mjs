// What of HTTP the document promises: statuses, headers, problems.

import { header, isJson, pointer, productOperations, resolve, responses } from "../document.mjs";

/** Anonymous posts, sessions, passwords and addresses are exempt from Idempotency-Key. */
const isSignIn = (path) => /^\/v1\/(sessions|password-resets|registrations)(\/|$)|^\/v1\/me\/(password|email-change)(\/|$)/.test(path);

const movesMoney = (path) => /\/(invoices|payments|refunds)$/.test(path);

const isPublic = (operation) => Array.isArray(operation.security) && operation.security.length === 0;

const headerOf = (response, name) => Object.keys(response.headers ?? {}).some((one) => one.toLowerCase() === name);

export default [
  {
    name: "problem-responses",
    says: "Every refusal is application/problem+json with the schema Problem.",
    check(document, fault) {
      for (const found of productOperations(document)) {
        for (const { status, response, at } of responses(document, found)) {
          if (!/^([45]|default)/.test(status)) {
            if (response.content?.["application/problem+json"]) fault(at, "is a success that is a problem");
            continue;
          }
          const media = Object.keys(response.content ?? {});
          if (media.join() !== "application/problem+json") fault(at, `has ${media.join(", ") || "no body"}`);
          else if (response.content[media[0]].schema?.$ref !== "#/components/schemas/Problem") fault(at, "is not the schema Problem");
        }
      }
    },
  },
  {
    name: "statuses-complete",
    says: "Every operation names what it can answer: a success, and the refusals that its shape brings with it.",
    check(document, fault) {
      for (const { operation, parameters, path, method, at } of productOperations(document)) {
        const named = Object.keys(operation.responses ?? {});
        const wanted = new Set(["400", "503"]);
        if (!isPublic(operation)) wanted.add("401");
        if (path.includes("{")) wanted.add("404");
        if (operation.requestBody) ["413", "415", "422"].forEach((one) => wanted.add(one));
        if (header(parameters, "If-Match")) wanted.add("412");
        if (header(parameters, "If-Match")?.required) wanted.add("428");
        if (method === "get" && header(parameters, "If-None-Match")) wanted.add("304");
        for (const status of wanted) if (!named.includes(status)) fault(at, `does not name ${status}`);
        if (!named.some((one) => one.startsWith("2"))) fault(at, "names no success");
        for (const one of named) if (!/^[1-5]\d\d$/.test(one)) fault(at, `names “${one}” instead of a status`);
      }
    },
  },
  {
    name: "retry-after",
    says: "429 and 503 come with Retry-After, 201 with Location, every response with Request-Id.",
    check(document, fault) {
      for (const found of productOperations(document)) {
        for (const { status, response, at } of responses(document, found)) {
          if (["429", "503"].includes(status) && !headerOf(response, "retry-after")) fault(at, "has no Retry-After");
          if (status === "201" && !headerOf(response, "location")) fault(at, "has no Location");
          if (!headerOf(response, "request-id")) fault(at, "has no Request-Id");
        }
      }
    },
  },
  {
    name: "etag",
    says: "A read of one resource gives an ETag and takes If-None-Match.",
    check(document, fault) {
      for (const found of productOperations(document)) {
        if (found.method !== "get" || !found.path.endsWith("_id}")) continue;
        for (const { status, response, at } of responses(document, found)) {
          if (status === "200" && !headerOf(response, "etag")) fault(at, "has no ETag");
        }
        if (!header(found.parameters, "If-None-Match")) fault(found.at, "takes no If-None-Match");
      }
    },
  },
  {
    name: "idempotency-key",
    says: "Every signed-in request that changes anything takes Idempotency-Key (not sign-in itself); where money moves it is required.",
    check(document, fault) {
      for (const { operation, parameters, path, method, at } of productOperations(document)) {
        const key = header(parameters, "Idempotency-Key");
        if (method === "get") {
          if (key) fault(at, "takes an Idempotency-Key although it only reads");
        } else if (!isPublic(operation) && !isSignIn(path)) {
          if (!key) fault(at, "takes no Idempotency-Key");
          else if (movesMoney(path) && !key.required) fault(at, "moves money without requiring an Idempotency-Key");
        }
      }
    },
  },
  {
    name: "if-match",
    says: "PATCH and DELETE of a resource require If-Match.",
    check(document, fault) {
      for (const { parameters, path, method, at } of productOperations(document)) {
        if (!["patch", "delete"].includes(method) || isSignIn(path)) continue;
        if (!header(parameters, "If-Match")?.required) fault(at, "does not require If-Match");
      }
    },
  },
  {
    name: "merge-patch",
    says: "PATCH is JSON merge patch or plain JSON, and its schema requires nothing.",
    check(document, fault) {
      for (const { operation, method, at } of productOperations(document)) {
        if (method !== "patch") continue;
        const request = resolve(document, operation.requestBody);
        const media = Object.entries(request?.content ?? {}).filter(([mediaType]) => isJson(mediaType));
        if (media.length === 0) fault(at, "has no JSON body");
        for (const [mediaType, { schema }] of media) {
          const required = resolve(document, schema)?.required ?? [];
          if (required.length > 0) fault(at + pointer("requestBody", "content", mediaType), `requires ${required.join(", ")}`);
        }
      }
    },
  },
  {
    name: "nothing-missing",
    says: "Every operation that the domain knows is in the document.",
    check(document, fault) {
      for (const name of document["x-missing-operations"] ?? []) fault("/x-missing-operations", `${name} is not served`);
    },
  },
];
