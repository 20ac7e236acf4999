// The control: a good document passes, and for each rule there are broken documents that this very rule must flag.

import { breaches, rules } from "./rules.mjs";
import { sample } from "./sample.mjs";
import { standard } from "./standard.mjs";

const schemas = (document) => document.components.schemas;
const operation = (document, path, method) => document.paths[path][method];
const list = (document) => operation(document, "/v1/cases", "get");
const create = (document) => operation(document, "/v1/cases", "post");
const one = (document) => operation(document, "/v1/cases/{case_id}", "get");
const patch = (document) => operation(document, "/v1/cases/{case_id}", "patch");
const invoice = (document) => operation(document, "/v1/cases/{case_id}/invoices", "post");
const shown = (document) => schemas(document).OpinionCase.properties;
const without = (found, name) => (found.parameters = found.parameters.filter((parameter) => parameter.name !== name));
const move = (document, from, to) => {
  document.paths[to] = document.paths[from];
  delete document.paths[from];
};
const rename = (document, from, to) => {
  schemas(document)[to] = schemas(document)[from];
};

/** For each rule: ways to break it. */
const broken = {
  "not-empty": [(d) => (d.paths = {})],
  "version-3-1-0": [(d) => (d.openapi = "3.0.3"), (d) => (d.openapi = "3.2.0")],
  "one-tag": [(d) => (list(d).tags = []), (d) => list(d).tags.push("cases"), (d) => (list(d).tags = ["strangers"]), (d) => delete d.tags[0].description],
  "summary-and-description": [
    (d) => delete list(d).summary,
    (d) => (list(d).description = " "),
    (d) => delete list(d).parameters[0].description,
    (d) => delete list(d).responses["200"].headers["Request-Id"].description,
  ],
  "property-description": [(d) => delete shown(d).id.description, (d) => delete schemas(d).CallStep.properties.type.description],
  "schema-description": [(d) => delete schemas(d).Money.description],
  "examples-present": [
    (d) => delete create(d).requestBody.content["application/json"].example,
    (d) => delete list(d).responses["200"].content["application/json"].example,
    (d) => delete list(d).responses["503"].content["application/problem+json"].example,
  ],
  "examples-validate": [
    (d) => (create(d).requestBody.content["application/json"].example = { kind: "visit" }),
    (d) => (create(d).requestBody.content["application/json"].example.colour = "red"),
    (d) => (list(d).responses["200"].content["application/json"].example.data[0].opened_at = "yesterday"),
    (d) => delete list(d).responses["200"].content["application/json"].example.data[0].fee,
    (d) => (list(d).parameters[0].schema.example = 0),
    (d) => (schemas(d).CaseKey.example = "user_01jz0000000000000000000000"),
  ],
  "security-stated": [
    (d) => delete list(d).security,
    (d) => (list(d).security = [{ basic: ["cases:read"] }]),
    (d) => (list(d).security = [{ access_token: [] }]),
    (d) => (list(d).security = [{ access_token: ["everything"] }]),
  ],
  "open-lists": [(d) => (schemas(d).Problem.properties.code.enum = ["not_found"]), (d) => (schemas(d).Problem.properties.code.description = "A name.")],
  "path-style": [
    (d) => move(d, "/v1/cases", "/cases"),
    (d) => move(d, "/v1/cases", "/v1/opinionCases"),
    (d) => move(d, "/v1/cases/{case_id}", "/v1/case/{case_id}"),
    (d) => move(d, "/v1/cases/{case_id}", "/v1/cases/{caseId}"),
    (d) => move(d, "/v1/cases", "/v1/wards/{ward_id}/beds/{bed_id}/cases/{case_id}"),
    (d) => move(d, "/healthz", "/v2/healthz"),
  ],
  "operation-id": [
    (d) => (list(d).operationId = "list_cases"),
    (d) => (list(d).operationId = "list"),
    (d) => (list(d).operationId = "casesList"),
    (d) => delete list(d).operationId,
  ],
  "operation-id-unique": [(d) => (list(d).operationId = "getCase")],
  "schema-name": [(d) => rename(d, "Money", "money"), (d) => rename(d, "Money", "Opinion_Case"), (d) => rename(d, "OpinionCase", "Case"), (d) => rename(d, "Money", "Error")],
  "no-generic-schema": [(d) => rename(d, "OpinionCaseList", "PageOfCases"), (d) => rename(d, "OpinionCaseList", "Page_OpinionCase"), (d) => rename(d, "OpinionCaseList", "CasePage")],
  "snake-case-names": [
    (d) => (shown(d).openedBy = { type: "string", description: "Who." }),
    (d) => schemas(d).CaseState.enum.push("inTriage"),
    (d) => (list(d).parameters[0].name = "pageSize"),
    (d) => (create(d).parameters[0].name = "idempotency_key"),
  ],
  "time-names": [
    (d) => (shown(d).opened = { type: "string", format: "date-time", description: "When." }),
    (d) => (shown(d).birth_date = { type: ["string", "null"], format: "date", description: "When." }),
    (d) => (list(d).parameters[0].schema = { type: "string", format: "date-time" }),
  ],
  "bodies-named": [
    (d) => (create(d).requestBody.content["application/json"].schema = schemas(d).CreateOpinionCase),
    (d) => (list(d).responses["200"].content["application/json"].schema = { type: "array", items: { $ref: "#/components/schemas/OpinionCase" } }),
    (d) => (schemas(d).OpinionCaseList = { type: "array", description: "Cases.", items: { $ref: "#/components/schemas/OpinionCase" } }),
  ],
  "request-closed": [
    (d) => delete schemas(d).CreateOpinionCase.additionalProperties,
    (d) => (schemas(d).CreateOpinionCase.additionalProperties = true),
    (d) => (schemas(d).CreateOpinionCase.properties.contact = { type: "object", description: "Who.", properties: { name: { type: "string", description: "N." } } }),
  ],
  "response-required": [(d) => schemas(d).OpinionCase.required.pop(), (d) => delete schemas(d).Money.required],
  "nullable-enum-wrapped": [
    (d) => (shown(d).held_state = { type: ["string", "null"], enum: ["draft", null], description: "State." }),
    (d) => (shown(d).held_state = { type: ["string", "null"], enum: ["draft"], description: "State." }),
    (d) => (shown(d).held_state = { oneOf: [{ type: "null" }, { type: "string", enum: ["draft"] }], description: "State." }),
  ],
  "lists-never-null": [
    (d) => (shown(d).notes.type = ["array", "null"]),
    (d) => (shown(d).notes = { oneOf: [{ type: "null" }, { type: "array", items: { type: "string" } }], description: "Notes." }),
  ],
  "union-discriminated": [
    (d) => delete schemas(d).NextStep.discriminator,
    (d) => (schemas(d).NextStep.discriminator.propertyName = "kind"),
    (d) => delete schemas(d).NextStep.discriminator.mapping.write,
    (d) => (schemas(d).NextStep.discriminator.mapping.fly = "#/components/schemas/Money"),
    (d) => (schemas(d).NextStep.oneOf[0] = schemas(d).CallStep),
    (d) => (schemas(d).CallStep.properties.type.const = "phone"),
    (d) => (schemas(d).CallStep.required = ["phone"]),
    (d) => {
      schemas(d).NextStep.anyOf = schemas(d).NextStep.oneOf;
      delete schemas(d).NextStep.oneOf;
    },
  ],
  "id-pattern": [(d) => delete schemas(d).CaseKey.pattern, (d) => (schemas(d).CaseKey.pattern = "^[a-z0-9]+$"), (d) => (shown(d).user_id = { type: "string", description: "Who." })],
  "list-shape": [
    (d) => delete schemas(d).OpinionCaseList.properties.has_more,
    (d) => (schemas(d).OpinionCaseList.properties.total = { type: "integer", description: "How many." }),
    (d) => (schemas(d).OpinionCaseList.properties.next_cursor.type = "string"),
    (d) => without(list(d), "cursor"),
    (d) => list(d).parameters.push({ in: "query", name: "offset", description: "Offset.", schema: { type: "integer" } }),
    (d) => (list(d).operationId = "getCases"),
    (d) => (schemas(d).OpinionCaseList.properties.data.items = { type: "object" }),
  ],
  "formats-known": [(d) => (shown(d).opened_at.format = "datetime")],
  "money-whole": [(d) => (schemas(d).Money.properties.amount.type = "number"), (d) => delete schemas(d).Money.properties.currency, (d) => (shown(d).share = { type: ["number", "null"], description: "Share." })],
  "problem-responses": [
    (d) => (list(d).responses["503"].content = { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } }),
    (d) => (list(d).responses["503"].content["application/problem+json"].schema = { $ref: "#/components/schemas/Money" }),
    (d) => delete list(d).responses["503"].content,
  ],
  "statuses-complete": [
    (d) => delete list(d).responses["401"],
    (d) => delete one(d).responses["404"],
    (d) => delete create(d).responses["422"],
    (d) => delete patch(d).responses["428"],
    (d) => delete list(d).responses["200"],
    (d) => (list(d).responses.default = list(d).responses["503"]),
  ],
  "retry-after": [
    (d) => delete list(d).responses["503"].headers["Retry-After"],
    (d) => delete create(d).responses["201"].headers.Location,
    (d) => delete list(d).responses["200"].headers["Request-Id"],
  ],
  etag: [(d) => delete one(d).responses["200"].headers.ETag, (d) => without(one(d), "If-None-Match")],
  "idempotency-key": [
    (d) => without(create(d), "Idempotency-Key"),
    (d) => without(patch(d), "Idempotency-Key"),
    (d) => (invoice(d).parameters.find((parameter) => parameter.name === "Idempotency-Key").required = false),
    (d) => list(d).parameters.push(create(d).parameters[0]),
  ],
  "if-match": [(d) => without(patch(d), "If-Match"), (d) => (patch(d).parameters.find((parameter) => parameter.name === "If-Match").required = false)],
  "merge-patch": [(d) => (schemas(d).OpinionCasePatch.required = ["kind"]), (d) => delete patch(d).requestBody],
  "nothing-missing": [(d) => (d["x-missing-operations"] = ["closeCase"])],
};

let failures = 0;
const fail = (message) => {
  failures += 1;
  console.log(`  ✗ ${message}`);
};

for (const { rule, at, what } of breaches(sample())) fail(`the good document is flagged by ${rule}: ${at} ${what}`);
for (const { rule, at, what } of await standard(JSON.stringify(sample()))) fail(`the good document is flagged by ${rule}: ${at} ${what}`);

let count = 0;
for (const rule of rules) {
  const ways = broken[rule.name] ?? [];
  if (ways.length === 0) fail(`no broken document shows that ${rule.name} works`);
  for (const [index, breakIt] of ways.entries()) {
    const document = sample();
    breakIt(document);
    count += 1;
    if (breaches(document, [rule]).length === 0) fail(`${rule.name} does not see its broken document number ${index + 1}`);
  }
}
for (const name of Object.keys(broken)) if (!rules.some((rule) => rule.name === name)) fail(`there is no rule named ${name}`);

const dangling = sample();
shown(dangling).fee.$ref = "#/components/schemas/Nothing";
const found = await standard(JSON.stringify(dangling));
if (!found.some(({ rule }) => rule === "standard/no-unresolved-refs")) fail("the standard's linter does not see a reference that leads nowhere");

if (failures > 0) process.exit(1);
console.log(`  · lint self-test: ${rules.length} rules, ${count + 1} broken documents, each flagged`);
