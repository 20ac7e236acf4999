// Not to be compiled: each line marked so must be refused by tsc.

import { signIn } from "./client.js";

const client = await signIn("applicant");
await client.POST("/v1/cases", { body: { kind: "visit" } }); // wrong: no such kind
await client.POST("/v1/cases", {}); // wrong: no body
await client.GET("/v1/case"); // wrong: no such path
