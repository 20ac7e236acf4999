// A day in an applicant's portal: open a case, fill it in, submit it, look at the checklist, find it in the list.

import { expect, signIn, tag } from "./client.js";

const client = await signIn("applicant");

const created = await client.POST("/v1/cases", { body: { kind: "written_opinion" } });
const draft = expect("createCase", created);
const params = { path: { case_id: draft.id } };

const updated = expect("updateCase", await client.PATCH("/v1/cases/{case_id}", { params: { ...params, header: { "If-Match": tag(created) } }, body: { kind: "patient_consultation" } }));
const kind: "draft" | "submitted" = updated.state;

const submitted = expect("submitCase", await client.POST("/v1/cases/{case_id}/submit" as never, { params } as never)) as { id: string };
const list = expect("listCases", await client.GET("/v1/cases", { params: { query: { limit: 5 } } }));
if (!list.data.some((one) => one.id === submitted.id)) throw new Error("the case is not in the list");
console.log(`  · ${draft.id} ${kind}`);
