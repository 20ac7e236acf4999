// What a portal would write once: a client that signs in, and answers that are either data or a reason to stop.

import createClient, { type Client } from "openapi-fetch";
import { readFileSync } from "node:fs";
import type { components, paths } from "./generated/schema.js";

export type Schemas = components["schemas"];

interface Person {
  email: string;
  password: string;
  role: string;
  name: string;
}

const environment = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: run this by scripts/with-demo`);
  return value;
};

export function person(role: string): Person {
  const people = JSON.parse(readFileSync(environment("CREDENTIALS_FILE"), "utf8")) as Person[];
  const found = people.find((one) => one.role === role);
  if (found === undefined) throw new Error(`the demo has no ${role}`);
  return found;
}

/** The data of an answer; a problem ends the program with its code and the fields at fault. */
export function expect<T>(what: string, answer: { data?: T; error?: Schemas["Problem"]; response: Response }): T {
  if (answer.error !== undefined) {
    const { status, code, errors } = answer.error;
    throw new Error(`${what}: ${status} ${code} ${JSON.stringify(errors)}`);
  }
  if (answer.data === undefined) throw new Error(`${what}: ${answer.response.status} without a body`);
  return answer.data;
}

export async function signIn(role: string): Promise<Client<paths>> {
  const client = createClient<paths>({ baseUrl: environment("BASE_URL") });
  const { email, password } = person(role);
  const session = expect("createSession", await client.POST("/v1/sessions", { body: { email, password, client_id: "walk" } }));
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${session.access_token}`);
      return request;
    },
  });
  return client;
}

/** The version to change. */
export function tag(answer: { response: Response }): string {
  const etag = answer.response.headers.get("ETag");
  if (etag === null) throw new Error(`${answer.response.url}: no ETag`);
  return etag;
}
