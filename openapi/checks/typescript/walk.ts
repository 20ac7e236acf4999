// A day in an applicant's portal: open a case, fill it in, submit it, look at the checklist, find it in the list.

import { expect, person, signIn, tag, type Schemas } from "./client.js";

const mergePatch = { "Content-Type": "application/merge-patch+json" };

const client = await signIn("applicant");

const created = await client.POST("/v1/cases", {
  params: { header: { "Idempotency-Key": `walk-${Date.now()}` } },
  body: { kind: "written_opinion", application: { questions: ["Is surgery still an option?"], has_family_or_friend_in_japan: false, language: "en" } },
});
const draft = expect("createCase", created);
const params = { path: { case_id: draft.id } };
if (draft.stage !== "draft") throw new Error(`a new case is ${draft.stage}`);

// An unfinished form is refused, and every field at fault is named.
const early = await client.POST("/v1/cases/{case_id}/submit", { params });
if (early.error === undefined || early.error.errors.length < 2) throw new Error("an empty form could be submitted");

const address: Schemas["PostalAddressPatch"] = { lines: ["12 Orchard Road"], city: "Singapore", postal_code: "238801", country: "SG" };
const updated = await client.PATCH("/v1/cases/{case_id}", {
  params: { ...params, header: { "If-Match": tag(created) } },
  headers: mergePatch,
  body: {
    application: {
      patient: { name: { alphabetic: "Lim Wei Ling" }, birth_on: "1961-04-12", address, phone: "+6562357222", email: "wei.ling@example.org", language: "en" },
      contact_person: { name: { alphabetic: "Lim Jun" }, relation: "child", address, phone: "+6562357223", email: person("applicant").email },
      wishes_treatment_here: true,
    },
  },
});
const filled = expect("updateCase", updated);
if (filled.application?.patient.name?.alphabetic !== "Lim Wei Ling") throw new Error("the name did not come back");

// The version before the change is stale now.
const late = await client.PATCH("/v1/cases/{case_id}", { params: { ...params, header: { "If-Match": tag(created) } }, headers: mergePatch, body: { application: {} } });
if (late.error?.status !== 412) throw new Error(`a stale version answers ${late.response.status}`);

const submitted = expect("submitCase", await client.POST("/v1/cases/{case_id}/submit", { params }));
if (submitted.stage !== "submitted") throw new Error(`the case is ${submitted.stage}`);

const checklist = expect("getChecklist", await client.GET("/v1/cases/{case_id}/checklist", { params }));
if (!JSON.stringify(checklist).includes("application_form")) throw new Error("the checklist has no application form");

// The case is somewhere in the pages of the list.
let cursor: string | null = null;
let found = false;
do {
  const query: { limit: number; cursor?: string } = cursor === null ? { limit: 2 } : { limit: 2, cursor };
  const page: Schemas["OpinionCaseSummaryList"] = expect("listCases", await client.GET("/v1/cases", { params: { query } }));
  found ||= page.data.some((one) => one.id === draft.id);
  cursor = page.next_cursor;
} while (!found && cursor !== null);
if (!found) throw new Error("the case is not in the list");
