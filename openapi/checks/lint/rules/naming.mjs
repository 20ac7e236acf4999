// How things are called: paths, operations, schemas, properties.

import { allSchemas, operations, pointer, productOperations, within } from "../document.mjs";

/** Paths outside /v1: for machines and people, not for the product. */
const OUTSIDE = ["/healthz", "/readyz", "/openapi.json", "/docs", "/.well-known/jwks.json"];

/** Collections whose name is no plural in -s. */
const COLLECTIONS = ["checklist"];

/** The verbs that an operationId may begin with. A new one is added here, knowingly. */
const VERBS = new Set(
  ("accept acknowledge add agree answer approve assign attest book cancel change claim close complete confirm correct count create decline delete deliver download draft " +
    "end extend find get hold invite issue list mark match offer open post print propose provide reassign record refresh refund register reissue reject release remove reopen request resend retry " +
    "reschedule reset restore resume return reverse revoke save search set sign start submit substitute switch transfer update upload verify waive withdraw write").split(" "),
);

/** Names that client generators must rename, because a language or its standard library has them. */
const TAKEN = new Set(
  ("Any Array Boolean Byte Case Char Class Date DateTime Dict Double Enum Error Exception Field File Float Function Generic Integer Iterable List Long Map " +
    "Model Module None Number Object Optional Package Promise Record Request Response Result Set String Symbol Type Union Unit Void").split(" "),
);

/** Values that standards write otherwise. */
const FOREIGN_VALUES = /^(JPY|[A-Z]{3}|EdDSA|Ed25519|OKP|Bearer|[a-z]{2,3}(-[A-Za-z]+)*)$/;

const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

export default [
  {
    name: "path-style",
    says: "Paths are /v1 and plural kebab-case nouns, at most two nesting levels, an action last; parameters are snake_case.",
    check(document, fault) {
      for (const path of Object.keys(document.paths ?? {})) {
        const at = pointer("paths", path);
        if (OUTSIDE.includes(path)) continue;
        if (!path.startsWith("/v1/")) {
          fault(at, `stands outside /v1 and is none of ${OUTSIDE.join(", ")}`);
          continue;
        }
        const segments = path.split("/").slice(2);
        segments.forEach((segment, index) => {
          const parameter = /^\{(.*)\}$/.exec(segment);
          if (parameter) {
            if (!SNAKE.test(parameter[1])) fault(at, `parameter ${segment} is not snake_case`);
            const owner = segments[index - 1] ?? "";
            if (!owner.endsWith("s") && !COLLECTIONS.includes(owner)) fault(at, `“${owner}” before ${segment} is no plural noun`);
          } else if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(segment)) {
            fault(at, `segment “${segment}” is not kebab-case`);
          }
        });
        const levels = segments.filter((segment) => segment.startsWith("{")).length;
        if (levels > 2) fault(at, `nests ${levels} levels`);
        if (segments.length > 5) fault(at, "is too long: two collections with their ids and an action are the most");
      }
    },
  },
  {
    name: "operation-id",
    says: "operationId is a lowerCamel verb-noun.",
    check(document, fault) {
      for (const { operation, at } of operations(document)) {
        const id = operation.operationId;
        if (typeof id !== "string") fault(at, "has no operationId");
        else if (!/^[a-z]+([A-Z][a-z0-9]*)+$/.test(id)) fault(at, `“${id}” is not lowerCamel of at least two words`);
        else if (!VERBS.has(/^[a-z]+/.exec(id)[0])) fault(at, `“${id}” does not begin with a known verb`);
      }
    },
  },
  {
    name: "operation-id-unique",
    says: "No two operations share an operationId.",
    check(document, fault) {
      const seen = new Map();
      for (const { operation, at } of operations(document)) {
        const id = operation.operationId;
        if (seen.has(id)) fault(at, `“${id}” is also at ${seen.get(id)}`);
        else seen.set(id, at);
      }
    },
  },
  {
    name: "schema-name",
    says: "Schema names are PascalCase without _, and none that a generator must rename.",
    check(document, fault) {
      for (const name of Object.keys(document.components?.schemas ?? {})) {
        const at = pointer("components", "schemas", name);
        if (!/^[A-Z][A-Za-z0-9]*$/.test(name) || /[A-Z]{4,}/.test(name)) fault(at, `“${name}” is not PascalCase`);
        if (TAKEN.has(name)) fault(at, `“${name}” is taken in a client's language`);
      }
    },
  },
  {
    name: "no-generic-schema",
    says: "No schema of a schema (Page of something): lists are concrete types.",
    check(document, fault) {
      for (const name of Object.keys(document.components?.schemas ?? {})) {
        if (/[<>\[\]]|^(Page|Paged|Paginated|Envelope|Wrapper|Generic)(Of)?([A-Z_]|$)|.(Page|Wrapper|Envelope|Dto)$|^(Data|Item|Items)$/.test(name)) {
          fault(pointer("components", "schemas", name), `“${name}” reads like a generic`);
        }
      }
    },
  },
  {
    name: "snake-case-names",
    says: "JSON and query names are snake_case, so are enum values.",
    check(document, fault) {
      for (const [schema, at] of allSchemas(document)) {
        for (const name of Object.keys(schema.properties ?? {})) {
          if (!SNAKE.test(name)) fault(at + pointer("properties", name), `property “${name}” is not snake_case`);
        }
        for (const value of schema.enum ?? []) {
          if (typeof value === "string" && !SNAKE.test(value) && !FOREIGN_VALUES.test(value)) fault(at + "/enum", `value “${value}” is not snake_case`);
        }
      }
      for (const { parameters, at } of operations(document)) {
        for (const { in: place, name } of parameters) {
          if (place === "header" ? !/^[A-Z][a-z]*(-[A-Z][a-z]*)*$/.test(name) : !SNAKE.test(name)) fault(at, `${place} parameter “${name}” is not in style`);
        }
      }
    },
  },
  {
    name: "time-names",
    says: "Times end in _at, dates in _on, and only they do.",
    check(document, fault) {
      const judge = (name, schema, at) => {
        const formats = [...within(schema, at)].map(([one]) => one.format);
        if (formats.includes("date-time") && !name.endsWith("_at")) fault(at, `time “${name}” does not end in _at`);
        if (formats.includes("date") && !name.endsWith("_on")) fault(at, `date “${name}” does not end in _on`);
      };
      for (const [schema, at] of allSchemas(document)) {
        for (const [name, one] of Object.entries(schema.properties ?? {})) {
          if (one.type !== "array" && one.type !== "object") judge(name, one, at + pointer("properties", name));
        }
      }
      for (const { parameters, at } of productOperations(document)) {
        for (const { name, schema } of parameters.filter((one) => one.in === "query")) judge(name, schema, at + pointer("parameters", name));
      }
    },
  },
];
