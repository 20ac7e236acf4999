// Not to be compiled: each line marked so must be refused by tsc.

import { signIn } from "./client.js";

const client = await signIn("applicant");
await client.POST("/v1/cases", { body: { kind: "visit" } }); // wrong: no such kind
await client.POST("/v1/cases", {}); // wrong: no body
await client.GET("/v1/case"); // wrong: no such path
await client.GET("/v1/cases/{case_id}", {}); // wrong: no id
const { data } = await client.GET("/v1/cases", {});
console.log(data?.data[0]?.number.toFixed()); // wrong: a number that people say is a text
