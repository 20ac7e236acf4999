// A small document that keeps every rule: the ground on which the self-test breaks them one by one.

const text = (description, example) => ({ type: "string", description, ...(example === undefined ? {} : { example }) });
const ref = (name, description) => ({ $ref: `#/components/schemas/${name}`, ...(description ? { description } : {}) });
const body = (name, example) => ({ "application/json": { schema: ref(name), example } });
const requestId = { "Request-Id": { description: "The id of the request.", schema: { type: "string" } } };
const id = "case_01jz0000000000000000000000";

const problem = (status) => ({
  description: "A refusal.",
  headers: { ...requestId, ...(["429", "503"].includes(status) ? { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } : {}) },
  content: {
    "application/problem+json": {
      schema: ref("Problem"),
      example: { type: "/v1/problems/not_found", title: "Not found", status: Number(status), code: "not_found", errors: [] },
    },
  },
});
const success = (status, name, example, more = {}) => ({
  [status]: {
    description: "Done.",
    headers: { ...requestId, ...(status === "201" ? { Location: { description: "Where it is.", schema: { type: "string" } } } : {}), ...more },
    ...(name ? { content: body(name, example) } : {}),
  },
});
const refusals = (...statuses) => Object.fromEntries(["400", "503", ...statuses].map((status) => [status, problem(status)]));

const parameter = (place, name, required, schema) => ({ in: place, name, required, description: `The ${name}.`, schema });
const caseId = parameter("path", "case_id", true, ref("CaseKey"));
const key = (required) => parameter("header", "Idempotency-Key", required, { type: "string" });
const ifMatch = parameter("header", "If-Match", true, { type: "string" });
const ifNoneMatch = parameter("header", "If-None-Match", false, { type: "string" });
const etag = { ETag: { description: "The version.", schema: { type: "string" } } };
const signedIn = (scope) => [{ access_token: [scope] }];

const money = { amount: 33000, currency: "JPY" };
const shown = { id, state: "draft", held_state: null, fee: money, next: { type: "call", phone: "+81312345678" }, opened_at: "2026-11-23T10:00:00Z", due_on: null, notes: [] };

export const sample = () =>
  structuredClone({
    openapi: "3.1.0",
    info: { title: "Sample", version: "1.0.0", description: "A sample." },
    servers: [{ url: "/" }],
    tags: [{ name: "cases", description: "Cases." }],
    paths: {
      "/healthz": {
        get: {
          operationId: "getHealth",
          summary: "Alive",
          description: "Says that it lives.",
          tags: ["cases"],
          security: [],
          responses: success("200", "Money", money),
        },
      },
      "/v1/sessions": {
        post: {
          operationId: "createSession",
          summary: "Sign in",
          description: "Signs in.",
          tags: ["cases"],
          security: [],
          requestBody: { required: true, content: body("CreateSession", { email: "a@example.org" }) },
          responses: { ...success("201", "SessionTokens", { access_token: "x" }), ...refusals("413", "415", "422", "429") },
        },
      },
      "/v1/cases": {
        get: {
          operationId: "listCases",
          summary: "Cases",
          description: "The caller's cases.",
          tags: ["cases"],
          security: signedIn("cases:read"),
          parameters: [parameter("query", "limit", false, { type: "integer", minimum: 1, example: 25 }), parameter("query", "cursor", false, { type: "string" })],
          responses: { ...success("200", "OpinionCaseList", { data: [shown], has_more: false, next_cursor: null }), ...refusals("401", "403") },
        },
        post: {
          operationId: "createCase",
          summary: "Open a case",
          description: "Opens a case.",
          tags: ["cases"],
          security: signedIn("cases:write"),
          parameters: [key(false)],
          requestBody: { required: true, content: body("CreateOpinionCase", { kind: "written_opinion" }) },
          responses: { ...success("201", "OpinionCase", shown), ...refusals("401", "403", "413", "415", "422") },
        },
      },
      "/v1/cases/{case_id}": {
        get: {
          operationId: "getCase",
          summary: "One case",
          description: "One case.",
          tags: ["cases"],
          security: signedIn("cases:read"),
          parameters: [caseId, ifNoneMatch],
          responses: { ...success("200", "OpinionCase", shown, etag), 304: { description: "Known.", headers: requestId }, ...refusals("401", "403", "404") },
        },
        patch: {
          operationId: "updateCase",
          summary: "Change a case",
          description: "Changes a case.",
          tags: ["cases"],
          security: signedIn("cases:write"),
          parameters: [caseId, ifMatch, key(false)],
          requestBody: { required: true, content: body("OpinionCasePatch", { kind: null }) },
          responses: { ...success("200", "OpinionCase", shown), ...refusals("401", "403", "404", "412", "413", "415", "422", "428") },
        },
      },
      "/v1/cases/{case_id}/invoices": {
        post: {
          operationId: "issueInvoice",
          summary: "Issue an invoice",
          description: "Issues an invoice.",
          tags: ["cases"],
          security: signedIn("invoices:write"),
          parameters: [caseId, key(true)],
          responses: { ...success("201", "OpinionCase", shown), ...refusals("401", "403", "404") },
        },
      },
    },
    components: {
      securitySchemes: { access_token: { type: "http", scheme: "bearer" } },
      schemas: {
        CaseKey: { type: "string", description: "A case's id.", pattern: "^case_[0-7][0-9a-hjkmnp-tv-z]{25}$", example: id },
        CaseKind: { type: "string", description: "The kind.", enum: ["written_opinion", "patient_consultation"] },
        CaseState: { type: "string", description: "The state.", enum: ["draft", "submitted"] },
        CreateSession: {
          type: "object",
          description: "Who.",
          additionalProperties: false,
          required: ["email"],
          properties: { email: { ...text("The address.", "a@example.org"), format: "email" } },
        },
        SessionTokens: { type: "object", description: "Tokens.", required: ["access_token"], properties: { access_token: text("The token.") } },
        CreateOpinionCase: {
          type: "object",
          description: "A new case.",
          additionalProperties: false,
          required: ["kind"],
          properties: { kind: ref("CaseKind", "The kind.") },
        },
        OpinionCasePatch: {
          type: "object",
          description: "Changes.",
          additionalProperties: false,
          properties: { kind: { oneOf: [{ type: "null" }, ref("CaseKind")], description: "The kind." } },
        },
        OpinionCase: {
          type: "object",
          description: "A case.",
          required: Object.keys(shown),
          properties: {
            id: ref("CaseKey", "The case."),
            state: ref("CaseState", "The state."),
            held_state: { oneOf: [{ type: "null" }, ref("CaseState")], description: "The state before the hold." },
            fee: ref("Money", "The fee."),
            next: ref("NextStep", "The next step."),
            opened_at: { ...text("When it was opened."), format: "date-time" },
            due_on: { type: ["string", "null"], format: "date", description: "Until when." },
            notes: { type: "array", description: "Notes.", items: { type: "string" } },
          },
        },
        OpinionCaseList: {
          type: "object",
          description: "A page of cases.",
          required: ["data", "has_more", "next_cursor"],
          properties: {
            data: { type: "array", description: "The cases.", items: ref("OpinionCase") },
            has_more: { type: "boolean", description: "Whether there are more." },
            next_cursor: { type: ["string", "null"], description: "For the next page." },
          },
        },
        Money: {
          type: "object",
          description: "Money.",
          required: ["amount", "currency"],
          properties: { amount: { type: "integer", description: "Yen." }, currency: { type: "string", description: "ISO 4217.", enum: ["JPY"] } },
        },
        NextStep: {
          description: "What to do.",
          oneOf: [ref("CallStep"), ref("WriteStep")],
          discriminator: { propertyName: "type", mapping: { call: "#/components/schemas/CallStep", write: "#/components/schemas/WriteStep" } },
        },
        CallStep: {
          type: "object",
          description: "Call.",
          required: ["type", "phone"],
          properties: { type: { type: "string", const: "call", description: "Which." }, phone: text("Whom.") },
        },
        WriteStep: {
          type: "object",
          description: "Write.",
          required: ["type"],
          properties: { type: { type: "string", enum: ["write"], description: "Which." } },
        },
        Problem: {
          type: "object",
          description: "A refusal.",
          required: ["type", "title", "status", "code", "errors"],
          properties: {
            type: { ...text("What kind."), format: "uri-reference" },
            title: text("In words."),
            status: { type: "integer", description: "The status." },
            code: text("A stable name. Open list."),
            errors: { type: "array", description: "Fields at fault.", items: { type: "string" } },
          },
        },
      },
    },
  });
